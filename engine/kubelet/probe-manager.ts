// After kubernetes v1.36 pkg/kubelet/prober/prober_manager.go, worker.go; successful probes have a closed form, see `plan`.
import type { Container, Pod, Probe } from "../api/generated/types.ts";
import type { Millis } from "../kernel/process.ts";
import { forEach, get, remove, set, values } from "../kernel/sorted-map.ts";
import type { CheckResult } from "../runtime/cri.ts";
import { PROBE_DEFAULTS, PROBE_LAG_MILLIS } from "./constants.ts";
import { initContainersOf, isSidecar, mayRestart } from "./pod-spec.ts";
import { checkOf, hostOf, judge, periodOf, type ProbeOutcome } from "./probe-check.ts";
import { reportResult } from "./probe-results.ts";
import { delayEnd, tickFrom, ticksBetween } from "./probe-ticks.ts";
import { speakOfContainer } from "./speak.ts";
import type { ProbeType, ProbeWorker, Turn, Worker } from "./state.ts";

const TYPES: readonly ProbeType[] = ["startup", "readiness", "liveness"];
/** What is believed of a container that has not been probed. Source: prober worker.go newWorker. */
const INITIAL = { startup: "unknown", readiness: "failure", liveness: "success" } as const;

export function probeOf(container: Container, type: ProbeType): Probe | undefined {
  return type === "liveness"
    ? container.livenessProbe
    : type === "readiness"
      ? container.readinessProbe
      : container.startupProbe;
}

/** Sees to it that each probe of the pod has its worker. Its ticker begins now. */
export function addProbes(turn: Turn, worker: Worker): void {
  const { pod, uid } = worker;
  for (const container of [...initContainersOf(pod).filter(isSidecar), ...pod.spec.containers]) {
    for (const type of TYPES) {
      if (
        probeOf(container, type) === undefined ||
        get(turn.state.probes, keyOf(uid, container.name, type)) !== undefined
      )
        continue;
      const isInit = isSidecar(container) && initContainersOf(pod).includes(container);
      keep(turn, {
        uid,
        container: container.name,
        type,
        isInit,
        containerId: "",
        tickAt: turn.now + PROBE_LAG_MILLIS[type],
        isOnHold: false,
        isStopped: false,
        lastResult: undefined,
        resultRun: 0,
        watch: undefined,
        observed: undefined,
        isArmed: false,
        countedUntil: turn.now,
        executions: 0,
        running: undefined,
      });
    }
  }
}

function keyOf(uid: string, container: string, type: ProbeType): string {
  return `${uid} ${container} ${type}`;
}

function keep(turn: Turn, probe: ProbeWorker): void {
  const key = keyOf(probe.uid, probe.container, probe.type);
  turn.state = { ...turn.state, probes: set(turn.state.probes, key, probe) };
}

/** Ends the probes of a pod: all of them, or those that could restart a container that is being stopped. */
export function removeProbes(turn: Turn, uid: string, types: readonly ProbeType[] = TYPES): void {
  for (const probe of workersOf(turn, uid)) {
    if (!types.includes(probe.type)) continue;
    const key = keyOf(uid, probe.container, probe.type);
    if (probe.watch !== undefined) unwatch(turn, probe.watch);
    turn.effects.push({ kind: "cancel", key: `probe ${key}` });
    turn.state = {
      ...turn.state,
      probes: remove(turn.state.probes, key),
      results: remove(turn.state.results, `${probe.type} ${probe.containerId}`),
    };
  }
}

function workersOf(turn: Turn, uid: string): readonly ProbeWorker[] {
  const found: ProbeWorker[] = [];
  forEach(turn.state.probes, (probe) => {
    if (probe.uid === uid) found.push(probe);
  });
  return found;
}

function unwatch(turn: Turn, id: number): void {
  turn.effects.push({ kind: "send", to: turn.state.settings.runtime, message: { kind: "unwatch", id } });
}

/**
 * Looks at every probe of a pod after its status has changed: each worker plans the next tick that can change anything. `isManual`: readiness
 * probes of containers that are not ready run at once, and their ticker begins anew (worker.go manualTriggerCh).
 */
export function planProbes(turn: Turn, uid: string, isManual: boolean): void {
  for (const probe of workersOf(turn, uid)) {
    const isTriggered = isManual && probe.type === "readiness" && isUnready(turn, probe);
    if (isTriggered) run(turn, { ...probe, tickAt: turn.now, countedUntil: turn.now }, turn.now);
    else plan(turn, probe, turn.now);
  }
}

function isUnready(turn: Turn, probe: ProbeWorker): boolean {
  const status = statusOf(turn, probe);
  return (
    status?.state?.running !== undefined && status.started === true && !status.ready && probe.running === undefined
  );
}

function statusOf(turn: Turn, probe: ProbeWorker): ContainerState | undefined {
  const status = get(turn.state.statuses, probe.uid)?.status;
  const list = probe.isInit ? status?.initContainerStatuses : status?.containerStatuses;
  return list?.find((it) => it.name === probe.container);
}

type ContainerState = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

interface Subject {
  readonly pod: Pod;
  readonly container: Container;
  readonly spec: Probe;
  readonly ip: string;
}

function subjectOf(turn: Turn, probe: ProbeWorker): Subject | undefined {
  const pod = get(turn.state.workers, probe.uid)?.pod;
  const container = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])].find(
    (it) => it.name === probe.container,
  );
  const spec = container === undefined ? undefined : probeOf(container, probe.type);
  if (pod === undefined || container === undefined || spec === undefined) return undefined;
  const ip = get(turn.state.statuses, probe.uid)?.status.podIP ?? "";
  return { pod, container, spec, ip };
}

/**
 * Asks for a wake at the next tick that can change anything, and for none when no tick can: a probe whose result is known, equal to what is
 * believed, and not to be told to anybody. Ticks in between are only counted.
 */
function plan(turn: Turn, probe: ProbeWorker, from: Millis): void {
  const at = nextTick(turn, probe, from);
  if (at !== undefined)
    turn.effects.push({ kind: "wake", key: `probe ${keyOf(probe.uid, probe.container, probe.type)}`, at });
}

function nextTick(turn: Turn, probe: ProbeWorker, from: Millis): Millis | undefined {
  const subject = subjectOf(turn, probe);
  const status = statusOf(turn, probe);
  const id = idOf(status);
  if (subject === undefined || status === undefined || id === "" || probe.isStopped || probe.running !== undefined)
    return undefined;
  const period = periodOf(subject.spec);
  if (id !== probe.containerId || needsTick(turn, probe, status)) return tickFrom(probe, from, period);
  const { observed } = probe;
  if (probe.isOnHold || !isDue(probe, status) || observed === undefined) return undefined;
  const outcome = judge(subject.spec, subject.container, subject.ip, observed);
  const isMomentary = "isMomentary" in observed && observed.isMomentary;
  if (!isMomentary && isSteady(turn, probe, outcome)) return undefined;
  const next = tickFrom(probe, Math.max(from, delayEnd(subject.spec, status, turn.state.epochMillis)), period);
  return isMomentary ? next : next + period * skippable(turn, probe, { outcome, spec: subject.spec });
}

function idOf(status: ContainerState | undefined): string {
  return status?.containerID?.slice("containerd://".length) ?? "";
}

/**
 * How many of the coming ticks need not be run: with heartbeats "when-noticed" failures that repeat the last one only count towards the
 * threshold, and their Events, which would only raise a count, are not written.
 */
function skippable(
  turn: Turn,
  probe: ProbeWorker,
  { outcome, spec }: { readonly outcome: ProbeOutcome; readonly spec: Probe },
): number {
  if (
    turn.state.settings.heartbeats === "every" ||
    outcome.result !== "failure" ||
    probe.lastResult !== "failure" ||
    probe.resultRun === 0
  )
    return 0;
  return Math.max(0, (spec.failureThreshold ?? PROBE_DEFAULTS.failureThreshold) - probe.resultRun - 1);
}

/** A container that does not run fails its probes at the next tick, without being probed. */
function needsTick(turn: Turn, probe: ProbeWorker, status: ContainerState): boolean {
  if (status.state?.running !== undefined) return false;
  return get(turn.state.results, `${probe.type} ${probe.containerId}`) !== "failure";
}

/** Startup probes run until the container has started, the others only after. */
function isDue(probe: ProbeWorker, status: ContainerState): boolean {
  return status.state?.running !== undefined && (status.started === true) !== (probe.type === "startup");
}

/** Nothing changes and nobody hears of it: the result is believed already and is a success. */
function isSteady(turn: Turn, probe: ProbeWorker, outcome: ProbeOutcome): boolean {
  const believed = get(turn.state.results, `${probe.type} ${probe.containerId}`);
  if (outcome.result === "success") return believed === "success" && probe.lastResult === "success";
  // A readiness probe that fails on and on only raises the count of an Event: left out where nobody could notice.
  const isQuiet = turn.state.settings.heartbeats !== "every" && probe.type === "readiness";
  return (
    isQuiet &&
    outcome.result === "failure" &&
    believed === "failure" &&
    probe.lastResult === "failure" &&
    probe.resultRun > 0
  );
}

/** A tick of a probe's ticker, or the end of a probe that took time. */
export function wakeProbe(turn: Turn, key: string): void {
  const probe = get(turn.state.probes, key);
  if (probe === undefined) return;
  if (probe.running !== undefined && probe.running.until <= turn.now) {
    const subject = subjectOf(turn, probe);
    const outcome =
      subject === undefined || probe.observed === undefined
        ? undefined
        : judge(subject.spec, subject.container, subject.ip, probe.observed);
    const { since } = probe.running;
    conclude(turn, { ...probe, running: undefined }, { outcome, since });
    return;
  }
  run(turn, counted(turn, probe), turn.now);
}

/** The probe with the ticks since the last look counted as executed. */
function counted(turn: Turn, probe: ProbeWorker): ProbeWorker {
  const subject = subjectOf(turn, probe);
  const status = statusOf(turn, probe);
  if (
    subject === undefined ||
    status === undefined ||
    !isDue(probe, status) ||
    probe.isOnHold ||
    probe.observed === undefined
  )
    return { ...probe, countedUntil: turn.now };
  const ticks = ticksBetween(probe, periodOf(subject.spec), turn.now);
  if (ticks === 0) return { ...probe, countedUntil: turn.now };
  const outcome = judge(subject.spec, subject.container, subject.ip, probe.observed);
  const resultRun = outcome.result === probe.lastResult ? probe.resultRun + ticks : probe.resultRun;
  return { ...probe, executions: probe.executions + ticks, resultRun, countedUntil: turn.now };
}

/** One turn of a worker's loop. Source: worker.go doProbe. */
function run(turn: Turn, start: ProbeWorker, at: Millis, isFresh = false): void {
  const status = statusOf(turn, start);
  const subject = subjectOf(turn, start);
  const id = idOf(status);
  if (status === undefined || subject === undefined || id === "" || start.isStopped) return keep(turn, start);
  const probe =
    id === start.containerId ? start : adopt(turn, { ...start, isArmed: isDue(start, status) }, id, subject);
  if (probe.isOnHold) keep(turn, probe);
  else if (status.state?.running === undefined) giveUp(turn, probe, { status, subject });
  else look(turn, probe, { status, subject, at, isFresh });
}

interface Look {
  readonly status: ContainerState;
  readonly subject: Subject;
  readonly at: Millis;
  readonly isFresh: boolean;
}

/** Probes a running container, unless it is too early or somebody else's turn. */
function look(turn: Turn, probe: ProbeWorker, { status, subject, at, isFresh }: Look): void {
  const isDelayed = at < delayEnd(subject.spec, status, turn.state.epochMillis);
  const { observed } = probe;
  if (!isDue(probe, status) || isDelayed || observed === undefined) {
    keep(turn, probe);
    if (isDelayed) plan(turn, probe, at + 1);
    return;
  }
  if ("isMomentary" in observed && observed.isMomentary && !isFresh) watch(turn, { ...probe, isArmed: true }, subject);
  else execute(turn, probe, { outcome: judge(subject.spec, subject.container, subject.ip, observed), since: at });
}

/** A container that does not run has failed its probe; one that will never run again needs no worker. */
function giveUp(
  turn: Turn,
  probe: ProbeWorker,
  seen: { readonly status: ContainerState; readonly subject: Subject },
): void {
  const { status, subject } = seen;
  keep(turn, {
    ...probe,
    isStopped: status.state?.terminated !== undefined && !mayRestart(subject.pod, subject.container),
  });
  reportResult(turn, { ...probe, result: "failure" });
}

/** The probe takes its time, if it takes any. */
function execute(
  turn: Turn,
  probe: ProbeWorker,
  { outcome, since }: { readonly outcome: ProbeOutcome; readonly since: Millis },
): void {
  const executed = { ...probe, executions: probe.executions + 1, countedUntil: since + 1 };
  if (outcome.millis === 0) return conclude(turn, executed, { outcome, since });
  const until = since + outcome.millis;
  keep(turn, { ...executed, running: { since, until } });
  turn.effects.push({ kind: "wake", key: `probe ${keyOf(probe.uid, probe.container, probe.type)}`, at: until });
}

/** A new container: what was known of the old one is void. */
function adopt(turn: Turn, probe: ProbeWorker, id: string, subject: Subject): ProbeWorker {
  if (probe.watch !== undefined) unwatch(turn, probe.watch);
  if (probe.containerId !== "")
    turn.state = { ...turn.state, results: remove(turn.state.results, `${probe.type} ${probe.containerId}`) };
  const fresh: ProbeWorker = { ...probe, containerId: id, isOnHold: false, watch: undefined, running: undefined };
  reportResult(turn, { ...fresh, result: INITIAL[probe.type] });
  return watch(turn, fresh, subject);
}

/** Asks the runtime for what the check gives, now and whenever it changes. */
function watch(turn: Turn, probe: ProbeWorker, subject: Subject): ProbeWorker {
  if (probe.watch !== undefined) unwatch(turn, probe.watch);
  const id = turn.state.nextId;
  turn.state = { ...turn.state, nextId: id + 1 };
  const next: ProbeWorker = { ...probe, watch: id, observed: undefined };
  keep(turn, next);
  const check = checkOf(subject.spec, subject.container);
  const message = { kind: "watch", id, container: probe.containerId, ip: hostOf(subject.spec, subject.ip), check };
  turn.effects.push({ kind: "send", to: turn.state.settings.runtime, message });
  return next;
}

/** What the runtime sees of a check has changed. */
export function receiveCheck(turn: Turn, id: number, result: CheckResult): void {
  const probe = values(turn.state.probes).find((it) => it.watch === id);
  if (probe === undefined) return;
  const isFirst = probe.observed === undefined;
  const next = { ...counted(turn, probe), observed: result };
  keep(turn, next);
  if (probe.running !== undefined) return;
  if (isFirst && probe.isArmed) run(turn, next, turn.now, true);
  else plan(turn, next, isFirst ? turn.now + 1 : turn.now);
}

interface Conclusion {
  readonly outcome: ProbeOutcome | undefined;
  readonly since: Millis;
}

const TITLES = { liveness: "Liveness", readiness: "Readiness", startup: "Startup" } as const;

/** Counts a result against the thresholds and tells what it changes. */
function conclude(turn: Turn, probe: ProbeWorker, { outcome, since }: Conclusion): void {
  const subject = subjectOf(turn, probe);
  if (subject === undefined || outcome === undefined) return keep(turn, probe);
  const { pod, spec } = subject;
  if (outcome.result === "errored") {
    const message = `${TITLES[probe.type]} probe errored and resulted in unknown state: ${outcome.output}`;
    keep(turn, probe);
    speakOfContainer(turn, pod, probe.container, { type: "Warning", reason: "Unhealthy", message });
    return plan(turn, probe, since + 1);
  }
  const { result } = outcome;
  if (result === "failure") {
    const message = `${TITLES[probe.type]} probe failed: ${outcome.output}`;
    speakOfContainer(turn, pod, probe.container, { type: "Warning", reason: "Unhealthy", message });
  }
  const resultRun = probe.lastResult === result ? probe.resultRun + 1 : 1;
  const { failureThreshold, successThreshold } = { ...PROBE_DEFAULTS, ...spec };
  const isDecided = resultRun >= (result === "failure" ? failureThreshold : successThreshold);
  const isFatal = isDecided && result === "failure" && probe.type !== "readiness";
  const next: ProbeWorker = { ...probe, lastResult: result, resultRun: isFatal ? 0 : resultRun, isOnHold: isFatal };
  keep(turn, next);
  if (isDecided) reportResult(turn, { ...next, result });
  plan(turn, get(turn.state.probes, keyOf(probe.uid, probe.container, probe.type)) ?? next, since + 1);
}
