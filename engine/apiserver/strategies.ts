import type { ResourceKind } from "../api/resource-kind.ts";
import { customResourceDefinitions } from "./custom/definition-strategy.ts";
import { strategyOf as registered } from "./registry/index.ts";
import type { Strategy } from "./registry/strategy.ts";

/** The strategy of a built-in kind. */
export function strategyOf(kind: ResourceKind): Strategy {
  return kind.kind === customResourceDefinitions.resource.kind ? customResourceDefinitions : registered(kind);
}
