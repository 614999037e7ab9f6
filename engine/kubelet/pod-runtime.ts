import type { ContainerView, SandboxView } from "../runtime/cri.ts";

/** The sandboxes and containers of one pod, the newest first. */
export interface PodRuntime {
  readonly sandboxes: readonly SandboxView[];
  readonly containers: readonly ContainerView[];
}

export const NOTHING_RUNS: PodRuntime = { sandboxes: [], containers: [] };

/** What is believed of a container by one of its probes. */
export type ProbeResult = "success" | "failure" | "unknown";

/** Why a container does not run. */
export interface Reason {
  readonly reason: string;
  readonly message: string;
}
