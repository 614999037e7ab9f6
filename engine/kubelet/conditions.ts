// After kubernetes v1.36 pkg/kubelet/status/generate.go.
import type { Container, ContainerStatus, Pod, PodCondition } from "../api/generated/types.ts";
import { initContainersOf, isSidecar, ruleOf, sidecarsOf } from "./pod-spec.ts";

/** A condition before it has its times. */
export type Verdict = Pick<PodCondition, "status" | "reason" | "message"> & { readonly type: string };

/** The conditions that are the kubelet's own. */
export const OWN_CONDITIONS: readonly string[] = [
  "PodResizePending",
  "PodResizeInProgress",
  "AllContainersRestarting",
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
];

export interface Situation {
  readonly pod: Pod;
  readonly statuses: readonly ContainerStatus[];
  readonly phase: string;
  readonly hasReadySandbox: boolean;
  /** Conditions of others, for readiness gates. */
  readonly others: readonly PodCondition[];
  readonly pendingResize?: string | undefined;
  readonly isResizing?: boolean;
}

export function conditionsOf(situation: Situation): readonly Verdict[] {
  const containersReady = containersReadyOf(situation);
  return [
    ...(situation.pendingResize === undefined
      ? []
      : [{ type: "PodResizePending", status: "True", reason: "Deferred", message: situation.pendingResize } as const]),
    ...(situation.isResizing === true ? [{ type: "PodResizeInProgress", status: "True" } as const] : []),
    ...restartingOf(situation),
    { type: "PodReadyToStartContainers", status: situation.hasReadySandbox ? "True" : "False" },
    initializedOf(situation),
    readyOf(situation, containersReady),
    containersReady,
    { type: "PodScheduled", status: "True" },
  ];
}

/** Shown by pods that have a rule to restart all containers. Source: golden/g-kubelet/31-container-restart-rules. */
function restartingOf(situation: Situation): readonly Verdict[] {
  const ruled = situation.pod.spec.containers.filter(
    (it) => it.restartPolicyRules?.some((rule) => rule.action === "RestartAllContainers") === true,
  );
  if (ruled.length === 0) return [];
  const isRestarting = ruled.some((container) => {
    const code = statusOf(situation, container)?.state?.terminated?.exitCode;
    return code !== undefined && ruleOf(container, code) === "RestartAllContainers";
  });
  if (!isRestarting) return [{ type: "AllContainersRestarting", status: "False" }];
  return [
    {
      type: "AllContainersRestarting",
      status: "True",
      reason: "RestartAllContainersStarted",
      message: "container exited with restart policy rule",
    },
  ];
}

function statusOf(situation: Situation, container: Container): ContainerStatus | undefined {
  return situation.statuses.find((status) => status.name === container.name);
}

function initializedOf(situation: Situation): Verdict {
  const { pod, phase } = situation;
  if (phase === "Succeeded") return { type: "Initialized", status: "True", reason: "PodCompleted" };
  const hasStarted = pod.spec.containers.some((container) => {
    const { state, lastState, started } = statusOf(situation, container) ?? {};
    return (
      started === true ||
      state?.terminated !== undefined ||
      state?.running !== undefined ||
      lastState?.terminated !== undefined
    );
  });
  if (hasStarted) return { type: "Initialized", status: "True" };
  const incomplete = initContainersOf(pod).filter((container) => {
    const status = statusOf(situation, container);
    return isSidecar(container) ? status?.started !== true : status?.ready !== true;
  });
  if (incomplete.length === 0) return { type: "Initialized", status: "True" };
  const message = `containers with incomplete status: [${incomplete.map((container) => container.name).join(" ")}]`;
  return { type: "Initialized", status: "False", reason: "ContainersNotInitialized", message };
}

function containersReadyOf(situation: Situation): Verdict {
  const { pod, phase } = situation;
  if (phase === "Succeeded") return { type: "ContainersReady", status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { type: "ContainersReady", status: "False", reason: "PodFailed" };
  const unready = [...sidecarsOf(pod), ...pod.spec.containers].filter(
    (container) => statusOf(situation, container)?.ready !== true,
  );
  if (unready.length === 0) return { type: "ContainersReady", status: "True" };
  const message = `containers with unready status: [${unready.map((container) => container.name).join(" ")}]`;
  return { type: "ContainersReady", status: "False", reason: "ContainersNotReady", message };
}

function readyOf(situation: Situation, containersReady: Verdict): Verdict {
  if (containersReady.status !== "True") return { ...containersReady, type: "Ready" };
  const problems: string[] = [];
  for (const gate of situation.pod.spec.readinessGates ?? []) {
    const condition = situation.others.find((it) => it.type === gate.conditionType);
    if (condition === undefined)
      problems.push(`corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`);
    else if (condition.status !== "True") {
      problems.push(`the status of pod readiness gate "${gate.conditionType}" is not "True", but ${condition.status}`);
    }
  }
  if (problems.length === 0) return { type: "Ready", status: "True" };
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: problems.join(", ") };
}

/** The conditions with their times: a status that stays keeps the time of its last change. */
export function timed(
  verdicts: readonly Verdict[],
  former: readonly PodCondition[],
  at: { readonly date: string; readonly generation: number | undefined },
): readonly PodCondition[] {
  return verdicts.map((verdict) => {
    const old = former.find((it) => it.type === verdict.type);
    const lastTransitionTime =
      old !== undefined && old.status === verdict.status ? (old.lastTransitionTime ?? at.date) : at.date;
    const next = {
      type: verdict.type,
      ...(at.generation === undefined ? {} : { observedGeneration: at.generation }),
      status: verdict.status,
      lastProbeTime: null,
      lastTransitionTime,
      ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
      ...(verdict.message === undefined ? {} : { message: verdict.message }),
    } as unknown as PodCondition;
    return old !== undefined && isSameCondition(old, next) ? old : next;
  });
}

export function isSameCondition(one: PodCondition, other: PodCondition): boolean {
  return (
    one.status === other.status &&
    one.reason === other.reason &&
    one.message === other.message &&
    one.observedGeneration === other.observedGeneration &&
    one.lastTransitionTime === other.lastTransitionTime
  );
}
