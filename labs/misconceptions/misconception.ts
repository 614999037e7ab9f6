/**
 * A belief that leads to wrong answers. Its words stand apart; here is what it rests on: the claims of the notes it comes from, a pinned
 * source against it, a run of the engine that shows otherwise, and, where the belief yields numbers, the rule that yields them.
 */
export interface Misconception {
  /** `<chapter>/<belief>`: the name of its file. */
  readonly id: string;
  readonly claims: readonly string[];
  readonly source: string;
  /** The experiment that contradicts it: see `labs/probes/experiments.ts`. */
  readonly counterexample: string;
  /** What somebody who believes it would work out for a probe, in seconds from the fault to the reaction. */
  readonly model?: (setting: ProbeSetting) => number;
}

/** The timing fields of a probe, in seconds. */
export interface ProbeSetting {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export const LIFECYCLE = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/";
export const PROBE_TASK =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";
export const ENDPOINT_SLICES = "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/";
export const VIRTUAL_IPS = "https://kubernetes.io/docs/reference/networking/virtual-ips/";
