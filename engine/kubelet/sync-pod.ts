// After kubernetes v1.36 pkg/kubelet/kubelet.go SyncPod, pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod; not modelled: cgroups, mirror pods here.
import type { Container, Pod } from "../api/generated/types.ts";
import { milliValue, wholeValue } from "../api/quantity.ts";
import type { CriReply, SandboxView } from "../runtime/cri.ts";
import { type Actions, computeActions, type Kill } from "./actions.ts";
import { printDuration } from "./back-off.ts";
import { MOUNT_POLL_MILLIS } from "./constants.ts";
import type { Answer, Ask, JobInput, JobScript, KillOrder } from "./job.ts";
import { containerNamed, formatPod, hasVolumes } from "./pod-spec.ts";
import { sandboxConfigOf } from "./sandbox-config.ts";
import { completedMessage } from "./resize-rules.ts";
import { type Attempt, startContainer } from "./start-container.ts";
import { killOrders, probeGrace } from "./termination.ts";
import type { PodRuntime } from "./pod-runtime.ts";

/** Makes the runtime hold what the pod asks for. */
export function* syncPod(input: JobInput): JobScript {
  const { pod } = input;
  if (!input.isMounted) {
    const waitMillis = input.settings.recordedMounts?.[`${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`];
    if (hasVolumes(pod)) yield { kind: "sleep", millis: waitMillis ?? MOUNT_POLL_MILLIS };
    yield { kind: "mounted" };
  }
  yield { kind: "probes" };
  const actions = computeActions(input);
  const outcome = yield* carryOut(input, input.runtime, actions);
  return outcome.failed
    ? { kind: "failed", backOffUntil: outcome.backOffUntil }
    : { kind: "done", hasActed: outcome.hasActed };
}

interface Outcome {
  readonly failed: boolean;
  readonly hasActed: boolean;
  readonly backOffUntil: number | undefined;
}

const FAILED: Outcome = { failed: true, hasActed: true, backOffUntil: undefined };

type Steps<Result> = Generator<Ask, Result, Answer>;

function* carryOut(input: JobInput, runtime: PodRuntime, actions: Actions): Steps<Outcome> {
  const { pod } = input;
  const isRecreated = actions.newSandbox !== undefined && actions.sandbox !== undefined;
  if (isRecreated)
    yield event(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
  let hasActed = false;
  if (actions.killsPod) {
    hasActed = (yield* killAll(input, runtime, actions)) || hasActed;
    if (actions.newSandbox === undefined) return { failed: false, hasActed, backOffUntil: undefined };
  }
  if (actions.restartsAll) {
    const orders = killOrders(pod, runtime, 0).map((order) => ({ ...order, message: "killing" }));
    if (orders.length > 0) yield { kind: "kill", orders };
    yield { kind: "remove-all" };
    return { failed: false, hasActed: true, backOffUntil: undefined };
  }
  for (const container of actions.updates) {
    hasActed = true;
    yield* updateResources(runtime, container);
  }
  for (const kill of actions.kills) {
    hasActed = true;
    yield { kind: "kill", orders: [orderOf(pod, kill)] };
  }
  let { sandbox } = actions;
  if (actions.newSandbox !== undefined) {
    const created = yield* createSandbox(input, actions.newSandbox);
    if (created === undefined) return FAILED;
    sandbox = created;
    hasActed = true;
  }
  if (sandbox === undefined) return { failed: false, hasActed, backOffUntil: undefined };
  const outcome = yield* startAll(input, runtime, { actions, sandbox, hasActed });
  const isResized = actions.updates.length > 0 || actions.kills.some((kill) => kill.cause === "resize");
  if (isResized && !outcome.failed) yield event(pod, "Normal", "ResizeCompleted", completedMessage(pod));
  return outcome;
}

/** Gives a running container other resources. */
function* updateResources(runtime: PodRuntime, container: Container): Steps<void> {
  const view = runtime.containers.find((it) => it.name === container.name);
  const { limits } = container.resources ?? {};
  const memoryLimitBytes = limits?.["memory"] === undefined ? undefined : wholeValue(limits["memory"]);
  const cpuLimitMilli = limits?.["cpu"] === undefined ? undefined : milliValue(limits["cpu"]);
  if (view !== undefined)
    yield {
      kind: "call",
      call: { call: "UpdateContainerResources", container: view.id, memoryLimitBytes, cpuLimitMilli },
    };
  yield { kind: "actuated", name: container.name };
}

/** Stops every container and the sandbox. True when there was something to stop. */
function* killAll(input: JobInput, runtime: PodRuntime, actions: Actions): Steps<boolean> {
  const orders = killOrders(input.pod, runtime, undefined);
  if (orders.length > 0) yield { kind: "kill", orders };
  const ready = runtime.sandboxes.filter(
    (sandbox) => sandbox.state === "ready" || (actions.newSandbox !== undefined && orders.length > 0),
  );
  for (const sandbox of ready) yield { kind: "call", call: { call: "StopPodSandbox", sandbox: sandbox.id } };
  return orders.length > 0 || ready.length > 0;
}

function orderOf(pod: Pod, kill: Kill): KillOrder {
  return {
    container: kill.view.id,
    name: kill.container.name,
    message: kill.message,
    graceSeconds: probeGrace(pod, kill),
    after: [],
  };
}

function* createSandbox(input: JobInput, attempt: number): Steps<SandboxView | undefined> {
  const config = yield* sandboxConfigOf(input, attempt);
  if (config.kind === "missing") {
    yield event(input.pod, "Warning", "FailedMount", config.message);
    return undefined;
  }
  const answer = yield { kind: "call", call: { call: "RunPodSandbox", config: config.config } };
  const reply = replyOf(answer);
  if (reply?.kind === "error") {
    yield event(input.pod, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: ${reply.message}`);
    return undefined;
  }
  if (reply?.kind !== "sandbox") return undefined;
  yield { kind: "sandbox-ready" };
  return reply.sandbox;
}

export function replyOf(answer: Answer): CriReply | undefined {
  return answer.kind === "reply" ? answer.reply : undefined;
}

export function event(pod: Pod, type: "Normal" | "Warning", reason: string, message: string): Ask {
  return { kind: "event", note: { object: { ...pod, kind: "Pod", apiVersion: "v1" }, type, reason, message } };
}

interface Starting {
  readonly actions: Actions;
  readonly sandbox: SandboxView;
  readonly hasActed: boolean;
}

function* startAll(input: JobInput, runtime: PodRuntime, starting: Starting): Steps<Outcome> {
  const { actions, sandbox } = starting;
  let { hasActed } = starting;
  let hasFailed = false;
  let backOffUntil: number | undefined = Number.POSITIVE_INFINITY;
  const note = (attempt: Attempt): void => {
    if (attempt.kind === "started") hasActed = true;
    else hasFailed = true;
    if (attempt.kind === "backing-off" && backOffUntil !== undefined)
      backOffUntil = Math.min(backOffUntil, attempt.until);
    if (attempt.kind === "failed") backOffUntil = undefined;
  };
  const result = (): Outcome => ({
    failed: hasFailed,
    hasActed,
    backOffUntil: hasFailed && backOffUntil !== Number.POSITIVE_INFINITY ? backOffUntil : undefined,
  });
  for (const container of actions.ephemeralStarts) note(yield* attempt(input, runtime, { container, sandbox }));
  for (const container of actions.initStarts) {
    const outcome = yield* attempt(input, runtime, { container, sandbox });
    note(outcome);
    if (outcome.kind !== "started" && container.restartPolicy !== "Always") return result();
  }
  for (const container of actions.starts) note(yield* attempt(input, runtime, { container, sandbox }));
  return result();
}

/** Starts a container unless its back-off forbids it. Source: doBackOff. */
function* attempt(
  input: JobInput,
  runtime: PodRuntime,
  start: { readonly container: Container; readonly sandbox: SandboxView },
): Steps<Attempt> {
  const { pod } = input;
  const { container } = start;
  const dead = runtime.containers.find((view) => view.name === container.name && view.state === "exited");
  if (dead !== undefined) {
    const key = `${pod.metadata.uid ?? ""} ${container.name}`;
    const answer = yield { kind: "crash-back-off", key, since: dead.finishedAt ?? dead.createdAt };
    if (answer.kind === "back-off" && answer.millis !== undefined)
      return yield* backedOff(pod, container, { millis: answer.millis, until: answer.until });
  }
  return yield* startContainer(input, runtime, start);
}

function* backedOff(
  pod: Pod,
  container: Container,
  backOff: { readonly millis: number; readonly until: number },
): Steps<Attempt> {
  const text = `Back-off restarting failed container ${container.name} in pod ${formatPod(pod)}`;
  yield {
    kind: "event",
    note: {
      object: { ...pod, kind: "Pod", apiVersion: "v1" },
      type: "Warning",
      reason: "BackOff",
      message: text,
      fieldPath: fieldPathOf(pod, container),
    },
  };
  const message = `back-off ${printDuration(backOff.millis)} restarting failed container=${container.name} pod=${formatPod(pod)}`;
  yield { kind: "reason", name: container.name, reason: { reason: "CrashLoopBackOff", message } };
  return { kind: "backing-off", until: backOff.until };
}

function fieldPathOf(pod: Pod, container: Container): string {
  return containerNamed(pod, container.name)?.fieldPath ?? "";
}
