import { expect, test } from "vitest";
import { explanationIn, explanationTable } from "./explanation-table.ts";
import type { Explanation } from "./explanation.ts";

const explanation: Explanation = {
  examined: 3,
  feasible: 2,
  ties: 1,
  chosen: "worker-1",
  refused: [{ node: "control-plane", plugin: "TaintToleration", reasons: ["node(s) had untolerated taint(s)"] }],
  scored: [
    { node: "worker-1", scores: [{ plugin: "NodeResourcesFit", raw: 97, normalized: 97, weighted: 97 }], total: 97 },
    { node: "worker-2", scores: [{ plugin: "NodeResourcesFit", raw: 54, normalized: 54, weighted: 54 }], total: 54 },
  ],
};

test("the table has a line for each node, whether it fits or not", () => {
  expect(explanationTable(explanation).split("\n")).toEqual([
    "NODE           VERDICT  NodeResourcesFit  TOTAL",
    "worker-1       chosen   97 → 97 → 97      97",
    "worker-2       fits     54 → 54 → 54      54",
    "control-plane  TaintToleration: node(s) had untolerated taint(s)",
    "2 of 3 nodes that were looked at fit the pod.",
    "",
  ]);
});

test("a note carries it as JSON", () => {
  expect(explanationIn({ table: JSON.stringify(explanation) })).toEqual(explanation);
  expect(explanationIn({})).toBeUndefined();
});
