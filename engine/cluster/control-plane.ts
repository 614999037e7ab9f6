import { controllerNames } from "../controllers/index.ts";
import type { Address } from "../kernel/process.ts";
import { API_SERVER, controllerAt } from "./addresses.ts";
import type { Topology } from "./topology.ts";

/** A process to start: where, which program, with which settings. */
export interface Spec {
  readonly address: Address;
  readonly program: string;
  readonly settings: unknown;
}

/** The controllers that a topology asks for, each a process of its own. */
export function controllerSpecs(topology: Topology): readonly Spec[] {
  const wanted = topology.controllers ?? controllerNames;
  return controllerNames
    .filter((name) => wanted.includes(name))
    .map((name) => ({ address: controllerAt(name), program: `${name}-controller`, settings: { server: API_SERVER } }));
}
