// After kubernetes v1.36 pkg/kubelet/kubelet.go SyncTerminatingPod, kuberuntime_container.go killContainer, kuberuntime_termination_order.go.
import type { Container, Pod } from "../api/generated/types.ts";
import type { Millis } from "../kernel/process.ts";
import type { Kill } from "./actions.ts";
import { GRACE_SECONDS_MIN } from "./constants.ts";
import { runHook } from "./hooks.ts";
import type { Answer, Ask, JobInput, JobScript, KillInput, KillOrder, WaitTurn } from "./job.ts";
import { containerNamed, initContainersOf, isSidecar } from "./pod-spec.ts";
import { speaker, stopGrace } from "./speaker.ts";
import type { PodRuntime } from "./pod-runtime.ts";

/** A failed probe may have a grace of its own. */
export function probeGrace(pod: Pod, kill: Kill): number {
  if (pod.metadata.deletionGracePeriodSeconds !== undefined) return pod.metadata.deletionGracePeriodSeconds;
  const probe =
    kill.cause === "liveness"
      ? kill.container.livenessProbe
      : kill.cause === "startup"
        ? kill.container.startupProbe
        : undefined;
  return probe?.terminationGracePeriodSeconds ?? stopGrace(pod);
}

/** What has to be stopped, and in which order: sidecars after everything else, the last one first. */
export function killOrders(pod: Pod, runtime: PodRuntime, graceSeconds: number | undefined): readonly KillOrder[] {
  const running = runtime.containers.filter((view) => view.state === "running");
  const names = new Set(running.map((view) => view.name));
  const sidecars = initContainersOf(pod)
    .filter(isSidecar)
    .map((container) => container.name);
  const others = [...names].filter((name) => !sidecars.includes(name));
  return running.map((view) => {
    const place = sidecars.indexOf(view.name);
    const after = place < 0 ? [] : [...others, ...sidecars.slice(place + 1).filter((name) => names.has(name))];
    return { container: view.id, name: view.name, message: "", graceSeconds: graceSeconds ?? stopGrace(pod), after };
  });
}

/** Ends a pod: every container, then the sandbox. Its last status is made by the kubelet when the job is over. */
export function* terminatePod(input: JobInput): JobScript {
  const orders = killOrders(input.pod, input.runtime, input.graceSeconds);
  if (orders.length > 0) yield { kind: "kill", orders };
  for (const sandbox of input.runtime.sandboxes) {
    if (sandbox.state === "ready") yield { kind: "call", call: { call: "StopPodSandbox", sandbox: sandbox.id } };
  }
  return { kind: "done", hasActed: true };
}

/** What is left to do for a pod that has ended: volumes and cgroups. They take no time here. */
export function* finishPod(input: JobInput): JobScript {
  yield { kind: "reason", name: input.pod.metadata.name ?? "", reason: undefined };
  return { kind: "done", hasActed: true };
}

/** Event, preStop hook, its turn, stop signal, KILL. `wait-turn` is answered when the containers in `after` are gone. */
export function* killContainer(input: KillInput): Generator<Ask | WaitTurn, undefined, Answer> {
  const { pod, order } = input;
  const place = containerNamed(pod, order.name);
  const container: Container = place?.container ?? { name: order.name };
  const speak = speaker(pod, container);
  yield speak("Normal", "Killing", order.message === "" ? `Stopping container ${order.name}` : order.message);
  let graceSeconds = order.graceSeconds;
  const hook = container.lifecycle?.preStop;
  if (hook !== undefined && graceSeconds > 0) {
    const failure = yield* runHook(hook, {
      id: order.container,
      ip: input.ip,
      container,
      timeoutMillis: graceSeconds * 1000,
    });
    if (failure !== undefined) yield speak("Warning", "FailedPreStopHook", "PreStopHook failed");
    graceSeconds -= yield* elapsedSeconds(input.beganAt);
  }
  if (order.after.length > 0 && graceSeconds > 0) {
    const from = yield* elapsedMillis(0);
    yield { kind: "wait-turn", names: order.after, millis: graceSeconds * 1000 };
    graceSeconds -= yield* elapsedSeconds(from);
  }
  const graceMillis = Math.max(graceSeconds, GRACE_SECONDS_MIN) * 1000;
  yield { kind: "call", call: { call: "StopContainer", container: order.container, graceMillis } };
  return undefined;
}

function* elapsedMillis(since: Millis): Generator<Ask, Millis, Answer> {
  const answer = yield { kind: "now" };
  return answer.kind === "done" ? answer.at - since : 0;
}

function* elapsedSeconds(since: Millis): Generator<Ask, number, Answer> {
  return Math.floor((yield* elapsedMillis(since)) / 1000);
}
