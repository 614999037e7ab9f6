import type { ResourceKind } from "../api/resource-kind.ts";
import { strategyOf as registered } from "./registry/index.ts";
import type { Strategy } from "./registry/strategy.ts";

/** The strategy of a built-in kind. */
export function strategyOf(kind: ResourceKind): Strategy {
  const strategy = registered(kind);
  if (kind.kind !== "Pod" || Object.hasOwn(strategy.fields, "spec.nodeName")) return strategy;
  return { ...strategy, fields: podFields };
}

const podFields: Strategy["fields"] = {
  "spec.nodeName": (pod) => (pod.spec as { readonly nodeName?: string } | undefined)?.nodeName ?? "",
  "status.phase": (pod) => (pod.status as { readonly phase?: string } | undefined)?.phase ?? "",
};
