// After kubernetes v1.36 pkg/scheduler/schedule_one.go, framework/runtime/framework.go; not modelled: extenders, pod groups.
import { drawBelow, type Prng } from "../kernel/prng.ts";
import type { Plugin, Rejection, Sight } from "./framework.ts";
import type { PodInfo } from "./pod-info.ts";
import { nodeNamed, type NodeInfo, withPod } from "./snapshot.ts";

/** Pods that were promised room on a node by preemption, by the node's name. */
export type Nominations = ReadonlyMap<string, readonly PodInfo[]>;

/** What a cycle works with besides the pod. */
export interface CycleSetting {
  readonly plugins: readonly Plugin[];
  readonly sight: Sight;
  readonly nominations: Nominations;
  /** Where the search for feasible nodes begins: it goes on where the last one ended. */
  readonly start: number;
  /** 0: as many as upstream finds enough for a cluster of that size. */
  readonly percentageOfNodesToScore: number;
}

/** What each plugin says about a feasible node. */
export interface NodeScores {
  readonly node: string;
  readonly scores: readonly PluginScore[];
  readonly total: number;
}

export interface PluginScore {
  readonly plugin: string;
  readonly raw: number;
  readonly normalized: number;
  readonly weighted: number;
}

/** Why a node is not feasible, and who says so. */
export interface NodeRejection {
  readonly node: string;
  readonly plugin: string;
  readonly rejection: Rejection;
}

/** What the filters found. */
export interface Search {
  readonly feasible: readonly NodeInfo[];
  readonly rejections: readonly NodeRejection[];
  /** Set when a preFilter refused the pod everywhere. */
  readonly refusal: { readonly plugin: string; readonly rejection: Rejection } | undefined;
  readonly prepared: readonly Ready[];
  /** How many nodes were looked at. */
  readonly examined: number;
}

/** A plugin whose filter plays a part in this cycle, with what it prepared. */
export interface Ready {
  readonly plugin: Plugin;
  readonly prepared: unknown;
}

/** Sources: schedule_one.go minFeasibleNodesToFind, minFeasibleNodesPercentageToFind, numFeasibleNodesToFind. */
const FEASIBLE_NODES_MIN = 100;
const FEASIBLE_PERCENTAGE_MIN = 5;

/** How many feasible nodes are enough. */
export function feasibleNodesToFind(nodes: number, percentage: number): number {
  if (nodes < FEASIBLE_NODES_MIN) return nodes;
  const share = percentage === 0 ? Math.max(50 - Math.trunc(nodes / 125), FEASIBLE_PERCENTAGE_MIN) : percentage;
  return Math.max(Math.trunc((nodes * share) / 100), FEASIBLE_NODES_MIN);
}

/** Finds the nodes on which the pod can run, and why it cannot run on the others. */
export function search(pod: PodInfo, setting: CycleSetting): Search {
  const { sight } = setting;
  const ready: Ready[] = [];
  let allowed: readonly string[] | undefined;
  const limiters: string[] = [];
  for (const plugin of setting.plugins) {
    if (plugin.filter === undefined && plugin.preFilter === undefined) continue;
    const result = plugin.preFilter?.(pod, sight) ?? { kind: "prepared", prepared: undefined };
    if (result.kind === "skip") continue;
    if (result.kind !== "prepared") return refused(plugin.name, result);
    ready.push({ plugin, prepared: result.prepared });
    if (result.nodes === undefined) continue;
    limiters.push(plugin.name);
    allowed = allowed?.filter((name) => result.nodes?.includes(name)) ?? result.nodes;
  }
  return allowed === undefined
    ? filterAll(pod, ready, setting)
    : filterNamed(pod, ready, { setting, allowed, limiters });
}

function refused(plugin: string, rejection: Rejection): Search {
  return { feasible: [], rejections: [], refusal: { plugin, rejection }, prepared: [], examined: 0 };
}

function filterAll(pod: PodInfo, ready: readonly Ready[], setting: CycleSetting): Search {
  const { nodes } = setting.sight.snapshot;
  const enough = feasibleNodesToFind(nodes.length, setting.percentageOfNodesToScore);
  const feasible: NodeInfo[] = [];
  const rejections: NodeRejection[] = [];
  let examined = 0;
  for (; examined < nodes.length && feasible.length < enough; examined++) {
    const node = nodes[(setting.start + examined) % nodes.length];
    if (node === undefined) continue;
    const rejection = filterNode(pod, node, { ready, nominations: setting.nominations });
    if (rejection === undefined) feasible.push(node);
    else rejections.push(rejection);
  }
  return { feasible, rejections, refusal: undefined, prepared: ready, examined };
}

/** When plugins named the nodes, the others are refused in their name without being looked at. */
function filterNamed(
  pod: PodInfo,
  ready: readonly Ready[],
  {
    setting,
    allowed,
    limiters,
  }: { readonly setting: CycleSetting; readonly allowed: readonly string[]; readonly limiters: readonly string[] },
): Search {
  const feasible: NodeInfo[] = [];
  const rejections: NodeRejection[] = [];
  const plugin = limiters.toSorted().join(" ");
  const reason = `node(s) didn't satisfy plugin(s) [${plugin}]`;
  for (const node of setting.sight.snapshot.nodes) {
    const rejection = allowed.includes(node.name)
      ? filterNode(pod, node, { ready, nominations: setting.nominations })
      : { node: node.name, plugin, rejection: { kind: "unresolvable" as const, reasons: [reason] } };
    if (rejection === undefined) feasible.push(node);
    else rejections.push(rejection);
  }
  return { feasible, rejections, refusal: undefined, prepared: ready, examined: allowed.length };
}

/**
 * Asks each filter in turn; the first refusal counts. Where other pods have been promised room, the node must do both with
 * and without them: they may come, or go elsewhere.
 */
export function filterNode(
  pod: PodInfo,
  node: NodeInfo,
  { ready, nominations }: { readonly ready: readonly Ready[]; readonly nominations: Nominations },
): NodeRejection | undefined {
  const nominated = nominations.size === 0 ? [] : nominatedBefore(pod, nominations.get(node.name) ?? []);
  if (nominated.length > 0) {
    const crowded = nominated.reduce((state, other) => addInThought({ pod, other, node: state.node }, state.ready), {
      node,
      ready,
    });
    const rejection = runFilters(pod, crowded.node, crowded.ready);
    if (rejection !== undefined) return rejection;
  }
  return runFilters(pod, node, ready);
}

function nominatedBefore(pod: PodInfo, nominated: readonly PodInfo[]): readonly PodInfo[] {
  return nominated.filter((other) => other.key !== pod.key && other.priority >= pod.priority);
}

export function addInThought(
  change: { readonly pod: PodInfo; readonly other: PodInfo; readonly node: NodeInfo },
  ready: readonly Ready[],
): { readonly node: NodeInfo; readonly ready: readonly Ready[] } {
  return {
    node: withPod(change.node, change.other),
    ready: ready.map((one) => ({ ...one, prepared: one.plugin.addPod?.(one.prepared, change) ?? one.prepared })),
  };
}

export function runFilters(pod: PodInfo, node: NodeInfo, ready: readonly Ready[]): NodeRejection | undefined {
  for (const { plugin, prepared } of ready) {
    const rejection = plugin.filter?.(pod, node, prepared);
    if (rejection !== undefined) return { node: node.name, plugin: plugin.name, rejection };
  }
  return undefined;
}

/** Lets every plugin score the feasible nodes. */
export function scoreNodes(pod: PodInfo, nodes: readonly NodeInfo[], setting: CycleSetting): readonly NodeScores[] {
  const columns: { plugin: string; raw: readonly number[]; normalized: readonly number[]; weight: number }[] = [];
  for (const plugin of setting.plugins) {
    if (plugin.score === undefined) continue;
    const weighed = plugin.preScore?.(pod, nodes, setting.sight) ?? { kind: "prepared", prepared: undefined };
    if (weighed.kind === "skip") continue;
    const { prepared } = weighed;
    const raw = nodes.map((node) => plugin.score?.(pod, node, prepared) ?? 0);
    const normalized = plugin.normalize?.(raw, nodes, prepared) ?? raw;
    columns.push({ plugin: plugin.name, raw, normalized, weight: plugin.weight ?? 1 });
  }
  return nodes.map(({ name }, index) => {
    const scores = columns.map(({ plugin, raw, normalized, weight }) => {
      const score = normalized[index] ?? 0;
      return { plugin, raw: raw[index] ?? 0, normalized: score, weighted: score * weight };
    });
    return { node: name, scores, total: scores.reduce((sum, score) => sum + score.weighted, 0) };
  });
}

/** The nodes with the highest total. */
export function bestOf(scored: readonly NodeScores[]): readonly string[] {
  const highest = scored.reduce((max, { total }) => (total > max ? total : max), Number.NEGATIVE_INFINITY);
  return scored.filter(({ total }) => total === highest).map(({ node }) => node);
}

/** What a cycle found out about a pod. */
export type Decision =
  | {
      readonly kind: "chosen";
      readonly node: string;
      readonly search: Search;
      readonly scores: readonly NodeScores[];
      /** How many nodes had the highest total; chance chose among them. */
      readonly ties: number;
      readonly prng: Prng;
    }
  | { readonly kind: "none"; readonly search: Search };

/** One scheduling cycle: a pure function from what is seen, and chance, to a decision. */
export function decide(pod: PodInfo, setting: CycleSetting, prng: Prng): Decision {
  const nominee = nodeNamed(setting.sight.snapshot, pod.pod.status.nominatedNodeName ?? "");
  const found = searchNominee(pod, nominee, setting) ?? search(pod, setting);
  const [only, ...others] = found.feasible;
  if (only === undefined) return { kind: "none", search: found };
  if (others.length === 0) return { kind: "chosen", node: only.name, search: found, scores: [], ties: 1, prng };
  const scores = scoreNodes(pod, found.feasible, setting);
  const best = bestOf(scores);
  const draw = drawBelow(prng, best.length);
  const node = best[draw.value] ?? only.name;
  return { kind: "chosen", node, search: found, scores, ties: best.length, prng: best.length > 1 ? draw.prng : prng };
}

/** The node that was promised to the pod is tried first, alone. */
function searchNominee(pod: PodInfo, nominee: NodeInfo | undefined, setting: CycleSetting): Search | undefined {
  if (nominee === undefined) return undefined;
  const { snapshot, collections } = setting.sight;
  const found = search(pod, { ...setting, sight: { snapshot, collections } });
  if (found.refusal !== undefined) return found;
  const isFeasible =
    filterNode(pod, nominee, { ready: found.prepared, nominations: setting.nominations }) === undefined;
  return isFeasible ? { ...found, feasible: [nominee] } : undefined;
}
