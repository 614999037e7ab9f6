// After kubernetes v1.36 pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption/default_preemption.go;
// not modelled: extenders, pod groups, victims that wait for permission.
import type { PodDisruptionBudget } from "../api/generated/types.ts";
import { matchesLabels, selectorOfObject } from "../api/label-selector.ts";
import { parseTime } from "../api/time.ts";
import { drawBelow, type Prng } from "../kernel/prng.ts";
import { values } from "../kernel/sorted-map.ts";
import { addInThought, type CycleSetting, filterNode, type Ready, type Search } from "./cycle.ts";
import { type Rejection, unresolvable, unschedulable } from "./framework.ts";
import { fitMessage } from "./message.ts";
import type { PodInfo } from "./pod-info.ts";
import { nodeNamed, type NodeInfo, withoutPod } from "./snapshot.ts";

/** What preemption came to. */
export type Preemption =
  /** Evicting these victims makes room on the node. */
  | {
      readonly kind: "nominated";
      readonly node: string;
      readonly victims: readonly PodInfo[];
      readonly ties: readonly string[];
      readonly prng: Prng;
    }
  /** Nothing can be done; the sentence stands in the pod's message. */
  | { readonly kind: "hopeless"; readonly message: string; readonly clearsNomination: boolean };

/** A node and those who would have to leave it. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them a disruption budget protects. */
  readonly violations: number;
}

/** Source: config/v1/defaults.go DefaultPreemptionArgs. */
const CANDIDATE_PERCENTAGE_MIN = 10;
const CANDIDATES_MIN = 100;

const NOT_HELPFUL = unresolvable("Preemption is not helpful for scheduling");
const NO_VICTIMS = unresolvable("No preemption victims found for incoming pod");

/** Looks for a node where evicting pods of lower priority makes room for the pod. */
export function preempt(
  pod: PodInfo,
  {
    found,
    setting,
    prng,
    epochMillis,
  }: { readonly found: Search; readonly setting: CycleSetting; readonly prng: Prng; readonly epochMillis: number },
): Preemption {
  const obstacle = ineligibility(pod, found, setting);
  if (obstacle !== undefined) return { kind: "hopeless", message: obstacle, clearsNomination: false };
  const { snapshot } = setting.sight;
  const dry = dryRun(pod, { found, setting, prng });
  if (dry.candidates.length === 0) {
    const rejections = snapshot.nodes.map(({ name }) => dry.rejections.get(name) ?? NOT_HELPFUL);
    return { kind: "hopeless", message: fitMessage(snapshot.nodes.length, rejections), clearsNomination: true };
  }
  const ties = bestCandidates(dry.candidates, epochMillis);
  const draw = drawBelow(dry.prng, ties.length);
  const best = ties[draw.value] ?? ties[0];
  if (best === undefined)
    return { kind: "hopeless", message: "no candidate node for preemption", clearsNomination: false };
  const next = ties.length > 1 ? draw.prng : dry.prng;
  return { kind: "nominated", node: best.node, victims: best.victims, ties: ties.map(({ node }) => node), prng: next };
}

/** Why the pod may not preempt, if it may not. */
function ineligibility(pod: PodInfo, found: Search, { sight }: CycleSetting): string | undefined {
  if (pod.pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const name = pod.pod.status.nominatedNodeName ?? "";
  const node = nodeNamed(sight.snapshot, name);
  if (node === undefined) return undefined;
  const isLost = found.rejections.some((one) => one.node === name && one.rejection.kind === "unresolvable");
  if (isLost) return undefined;
  const isWaiting = values(node.pods).some(
    (other) =>
      other.priority < pod.priority && other.pod.metadata.deletionTimestamp !== undefined && wasPreempted(other),
  );
  return isWaiting ? "not eligible due to a terminating pod on the nominated node." : undefined;
}

function wasPreempted({ pod }: PodInfo): boolean {
  return (pod.status.conditions ?? []).some(
    ({ type, status, reason }) =>
      type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
  );
}

interface DryRun {
  readonly candidates: readonly Candidate[];
  readonly rejections: ReadonlyMap<string, Rejection>;
  readonly prng: Prng;
}

/** Tries the nodes where eviction may help, from a random one on, until there are enough candidates. */
function dryRun(
  pod: PodInfo,
  { found, setting, prng }: { readonly found: Search; readonly setting: CycleSetting; readonly prng: Prng },
): DryRun {
  const names = new Set(
    found.rejections.filter(({ rejection }) => rejection.kind === "unschedulable").map(({ node }) => node),
  );
  const nodes = setting.sight.snapshot.nodes.filter(({ name }) => names.has(name));
  const rejections = new Map<string, Rejection>();
  if (nodes.length === 0) return { candidates: [], rejections, prng };
  const offset = drawBelow(prng, nodes.length);
  const enough = Math.max(Math.trunc((nodes.length * CANDIDATE_PERCENTAGE_MIN) / 100), CANDIDATES_MIN);
  const budgets = values(setting.sight.collections.disruptionBudgets);
  const harmless: Candidate[] = [];
  const violating: Candidate[] = [];
  for (let index = 0; index < nodes.length && harmless.length + violating.length < enough; index++) {
    const node = nodes[(offset.value + index) % nodes.length];
    if (node === undefined) continue;
    const result = selectVictims(pod, node, { found, setting, budgets });
    if ("reasons" in result) rejections.set(node.name, result);
    else (result.violations === 0 ? harmless : violating).push(result);
  }
  return { candidates: [...harmless, ...violating], rejections, prng: offset.prng };
}

interface VictimSearch {
  readonly found: Search;
  readonly setting: CycleSetting;
  readonly budgets: readonly PodDisruptionBudget[];
}

/** The fewest pods that must leave the node: all of lower priority go, then those that can stay come back, the important first. */
function selectVictims(pod: PodInfo, node: NodeInfo, { found, setting, budgets }: VictimSearch): Candidate | Rejection {
  const lower = values(node.pods).filter((other) => other.priority < pod.priority);
  if (lower.length === 0) return NO_VICTIMS;
  let state: { readonly node: NodeInfo; readonly ready: readonly Ready[] } = { node, ready: found.prepared };
  for (const other of lower) state = removeInThought({ pod, other, node: state.node }, state.ready);
  const rejection = filterNode(pod, state.node, { ready: state.ready, nominations: setting.nominations });
  if (rejection !== undefined) return unschedulable(...rejection.rejection.reasons);
  const { violating, harmless } = splitByBudget(lower.toSorted(moreImportantFirst), budgets);
  const victims: PodInfo[] = [];
  let violations = 0;
  for (const [index, other] of [...violating, ...harmless].entries()) {
    const back = addInThought({ pod, other, node: state.node }, state.ready);
    const fits = filterNode(pod, back.node, { ready: back.ready, nominations: setting.nominations }) === undefined;
    if (fits) state = back;
    else {
      victims.push(other);
      if (index < violating.length) violations += 1;
    }
  }
  return { node: node.name, victims: victims.toSorted(moreImportantFirst), violations };
}

function removeInThought(
  change: { readonly pod: PodInfo; readonly other: PodInfo; readonly node: NodeInfo },
  ready: readonly Ready[],
): { readonly node: NodeInfo; readonly ready: readonly Ready[] } {
  return {
    node: withoutPod(change.node, change.other),
    ready: ready.map((one) => ({ ...one, prepared: one.plugin.removePod?.(one.prepared, change) ?? one.prepared })),
  };
}

/** Higher priority first; among equals, who has run longer. */
function moreImportantFirst(one: PodInfo, other: PodInfo): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  return startOf(one) - startOf(other);
}

function startOf({ pod }: PodInfo): number {
  return parseTime(pod.status.startTime ?? "") ?? Number.MAX_SAFE_INTEGER;
}

/** Who is protected by a budget that allows no further disruption, counting those before. */
function splitByBudget(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly harmless: readonly PodInfo[] } {
  const allowed = budgets.map(({ status }) => status.disruptionsAllowed);
  const violating: PodInfo[] = [];
  const harmless: PodInfo[] = [];
  for (const pod of pods) {
    let isViolation = false;
    for (const [index, budget] of budgets.entries()) {
      if (!protects(budget, pod)) continue;
      const left = (allowed[index] ?? 0) - 1;
      allowed[index] = left;
      if (left < 0) isViolation = true;
    }
    (isViolation ? violating : harmless).push(pod);
  }
  return { violating, harmless };
}

/** An empty selector protects nobody here, and a pod whose eviction was counted already is not counted again. */
function protects({ metadata, spec, status }: PodDisruptionBudget, pod: PodInfo): boolean {
  const selector = selectorOfObject(spec.selector);
  if (metadata.namespace !== pod.namespace || selector.requirements.length === 0) return false;
  const isCounted = Object.hasOwn(status.disruptedPods ?? {}, pod.pod.metadata.name ?? "");
  return !isCounted && matchesLabels(selector, pod.labels);
}

const INT32_MAX = 2_147_483_647;

/** The candidates that are best by all criteria, each one asked only where the ones before it leave several. */
export function bestCandidates(candidates: readonly Candidate[], epochMillis: number): readonly Candidate[] {
  const start = (pod: PodInfo): number => Math.min(startOf(pod), epochMillis);
  const criteria: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => -violations,
    ({ victims }) => -(victims[0]?.priority ?? Number.NEGATIVE_INFINITY),
    ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + INT32_MAX + 1, 0),
    ({ victims }) => -victims.length,
    ({ victims }) => earliestStart(victims, start),
  ];
  let best = candidates;
  for (const worth of criteria) {
    if (best.length === 1) break;
    const highest = best.reduce((max, candidate) => Math.max(max, worth(candidate)), Number.NEGATIVE_INFINITY);
    best = best.filter((candidate) => worth(candidate) === highest);
  }
  return best;
}

/** When the first of the victims of the highest priority began: who began last loses least. */
function earliestStart(victims: readonly PodInfo[], start: (pod: PodInfo) => number): number {
  const highest = victims[0]?.priority;
  return victims
    .filter(({ priority }) => priority === highest)
    .reduce((earliest, pod) => Math.min(earliest, start(pod)), Number.MAX_SAFE_INTEGER);
}
