import type { ResourceKind } from "../../api/resource-kind.ts";
import { plainStrategy } from "./kind-strategy.ts";
import { pods } from "./pod/pod.ts";
import type { Strategy } from "./strategy.ts";
import { deployments } from "./workload/deployment.ts";

/** The register: one strategy per kind that has rules of its own. */
export const strategies: readonly Strategy[] = [pods, deployments] as readonly unknown[] as readonly Strategy[];

const byPlace: ReadonlyMap<string, Strategy> = new Map(strategies.map((strategy) => [placeOf(strategy.resource), strategy]));

/** The strategy of a built-in kind. */
export function strategyOf(resource: ResourceKind): Strategy {
  return byPlace.get(placeOf(resource)) ?? plainStrategy(resource);
}

function placeOf({ group, version, plural }: ResourceKind): string {
  return `${group}/${version}/${plural}`;
}
