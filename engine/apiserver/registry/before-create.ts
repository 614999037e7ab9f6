// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/registry/rest/create.go and generic/registry/store.go Create.
import { pathSegmentProblems } from "../../api/names.ts";
import type { KubernetesObject, ObjectMeta } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import type { FieldError } from "./field-error.ts";
import { allowPrefix, validateMetadata } from "./metadata.ts";
import { invalidStatus, unexpectedStatus } from "./status-error.ts";
import type { Context, Strategy, Supply } from "./strategy.ts";

/** What the store gets, or why not. */
export type Prepared<Kind extends KubernetesObject = KubernetesObject> =
  | { readonly kind: "ready"; readonly object: Kind; readonly warnings: readonly string[] }
  | { readonly kind: "refused"; readonly status: Status };

/**
 * Makes a decoded, defaulted and admitted body into the object that is stored: name, uid, time, what the strategy sets, then all
 * rules. `supply` is needed by kinds that allocate.
 */
export function beforeCreate(strategy: Strategy, body: KubernetesObject, context: Context, supply?: Supply): Prepared {
  const named: KubernetesObject = { ...body, metadata: newMetadata(body.metadata, strategy, context) };
  const { resource } = strategy;
  const name = named.metadata.name ?? "";
  const allocated = allocate(strategy, named, supply);
  if (allocated.kind === "refused") return refused(strategy, name, allocated.errors);
  const object = strategy.prepareForCreate(allocated.object, context);
  const errors = [...validateMetadata(object, resource.namespaced, strategy.nameRule), ...strategy.validate(object)];
  if (errors.length > 0) return refused(strategy, name, errors);
  const common = validateMetadata(object, resource.namespaced, pathRule);
  if (common.length > 0) return refused(strategy, name, common);
  if ((body.metadata.resourceVersion ?? "") !== "") {
    return { kind: "refused", status: unexpectedStatus("resourceVersion should not be set on objects to be created") };
  }
  return { kind: "ready", object, warnings: strategy.warnings(object) };
}

function allocate(
  strategy: Strategy,
  object: KubernetesObject,
  supply: Supply | undefined,
): ReturnType<NonNullable<Strategy["allocate"]>> {
  if (strategy.allocate === undefined || supply === undefined) return { kind: "allocated", object };
  return strategy.allocate(object, undefined, supply);
}

/** Every name must fit in a path, whatever its kind allows. */
export const pathRule: (name: string, isPrefix: boolean) => readonly string[] = allowPrefix(pathSegmentProblems);

export function refused(strategy: Strategy, name: string, errors: readonly FieldError[]): Prepared {
  return { kind: "refused", status: invalidStatus(strategy.resource, name, errors) };
}

function newMetadata(metadata: ObjectMeta, strategy: Strategy, context: Context): ObjectMeta {
  const {
    resourceVersion: _,
    deletionTimestamp: _d,
    deletionGracePeriodSeconds: _g,
    selfLink: _s,
    ...rest
  } = metadata as ObjectMeta & {
    readonly selfLink?: string;
  };
  const name = nameOf(metadata, context);
  const namespace = strategy.resource.namespaced ? (metadata.namespace ?? context.namespace) : metadata.namespace;
  return {
    ...rest,
    ...(name === "" ? {} : { name }),
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    creationTimestamp: context.time,
    uid: context.uid,
  };
}

/** Source: apiserver/pkg/storage/names: at most 63 characters, five of them by chance. */
const GENERATED_BASE_MAX = 58;

function nameOf({ name = "", generateName = "" }: ObjectMeta, context: Context): string {
  if (name !== "" || generateName === "") return name;
  return generateName.slice(0, GENERATED_BASE_MAX) + context.suffix;
}
