import { explanationIn, explanationTable } from "../scheduler/explanation-table.ts";
import type { World } from "./world.ts";

const DECISIONS: readonly string[] = ["PodAssumed", "PodUnschedulable"];

/** The scheduler's last word about a pod as a table, node × plugin; undefined when it never looked at the pod. */
export function schedulingTable(
  world: World,
  pod: { readonly namespace: string; readonly name: string },
): string | undefined {
  for (let link = world.simulation.trace; link !== null; link = link.before) {
    const { reason, object, facts } = link.line;
    if (!DECISIONS.includes(reason) || object?.name !== pod.name || object.namespace !== pod.namespace) continue;
    const explanation = explanationIn(facts);
    return explanation === undefined ? undefined : explanationTable(explanation);
  }
  return undefined;
}
