import { expect, test } from "vitest";
import { toleratedMillis } from "./reconcile.ts";

const unreachable = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" } as const;
const custom = { key: "k", value: "v", effect: "NoExecute" } as const;

test.each([
  ["no toleration: at once", [unreachable], [], undefined],
  ["for a time", [unreachable], [{ key: unreachable.key, operator: "Exists", tolerationSeconds: 300 }], 300_000],
  ["without end", [unreachable], [{ operator: "Exists" }], Number.POSITIVE_INFINITY],
  [
    "the shortest time counts",
    [unreachable, custom],
    [
      { key: unreachable.key, operator: "Exists", tolerationSeconds: 300 },
      { key: "k", value: "v", tolerationSeconds: 5 },
    ],
    5000,
  ],
  ["one taint that is not tolerated is enough", [unreachable, custom], [{ key: "k", value: "v" }], undefined],
  ["another value is not tolerated", [custom], [{ key: "k", value: "w" }], undefined],
  ["a negative time is none", [custom], [{ key: "k", value: "v", tolerationSeconds: -1 }], 0],
] as const)("%s", (_, taints, tolerations, expected) => {
  expect(toleratedMillis(taints, tolerations)).toBe(expected);
});
