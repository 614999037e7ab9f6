import type { Decision, NodeScores } from "./cycle.ts";

/**
 * Why a pod got its node, or none: the table node × plugin, as data. Verdicts of the filters stand for nodes that were refused,
 * scores for those that were feasible.
 */
export interface Explanation {
  /** How many nodes were looked at, and how many of them were feasible. */
  readonly examined: number;
  readonly feasible: number;
  /** How many nodes shared the highest total; chance chose among them. */
  readonly ties: number;
  /** The node that the pod got. */
  readonly chosen?: string;
  readonly refused: readonly { readonly node: string; readonly plugin: string; readonly reasons: readonly string[] }[];
  readonly scored: readonly NodeScores[];
}

/** In a large cluster only the best nodes and some of the refused ones are kept in the trace. A choice of this model. */
export const EXPLAINED_NODES_MAX = 20;

export function explanationOf(decision: Decision): Explanation {
  const { search } = decision;
  const refused = search.rejections.slice(0, EXPLAINED_NODES_MAX).map(({ node, plugin, rejection }) => {
    return { node, plugin, reasons: rejection.reasons };
  });
  const everywhere = search.refusal;
  const scored = decision.kind === "chosen" ? bestFirst(decision.scores, decision.node) : [];
  return {
    examined: search.examined,
    feasible: search.feasible.length,
    ties: decision.kind === "chosen" ? decision.ties : 0,
    ...(decision.kind === "chosen" ? { chosen: decision.node } : {}),
    refused:
      everywhere === undefined
        ? refused
        : [{ node: "*", plugin: everywhere.plugin, reasons: everywhere.rejection.reasons }],
    scored,
  };
}

/** The chosen node, then the others by their totals; all in the order of the cycle where there are few. */
function bestFirst(scores: readonly NodeScores[], chosen: string): readonly NodeScores[] {
  if (scores.length <= EXPLAINED_NODES_MAX) return scores;
  const own = scores.filter(({ node }) => node === chosen);
  const total = own[0]?.total ?? 0;
  const near = scores.filter((row) => row.node !== chosen && row.total >= total - NEAR);
  return [...own, ...near.slice(0, EXPLAINED_NODES_MAX - 1)];
}

/** Totals this close to the best are shown in a large cluster. A choice of this model. */
const NEAR = 10;
