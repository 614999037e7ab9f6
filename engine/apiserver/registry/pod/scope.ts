import type * as api from "../../../api/generated/types.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import type { Errors } from "../rules.ts";

export type Pod = DecodedObject<api.Pod>;
export type PodSpec = Decoded<api.PodSpec>;
export type Container = Decoded<api.Container>;
export type EphemeralContainer = Decoded<api.EphemeralContainer>;
export type Volume = Decoded<api.Volume>;
export type Template = Decoded<api.PodTemplateSpec>;

/** What the parts of a pod spec's validation share. */
export interface Scope {
  readonly errors: Errors;
  /** Where the spec is: `spec` or `spec.template.spec`. */
  readonly path: string;
  readonly spec: PodSpec;
  /** The spec is a pod's own, not a template's. */
  readonly isPod: boolean;
  /** The name of the pod; empty in a template. */
  readonly podName: string;
  /** The right volumes, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claims: ReadonlySet<string>;
  readonly hostUsers: boolean;
}
