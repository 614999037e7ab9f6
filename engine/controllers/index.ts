import type { Process } from "../kernel/process.ts";
import { type Controller, processOf } from "./controller.ts";
import { deployment } from "./deployment/reconcile.ts";
import { replicaSet } from "./replica-set/reconcile.ts";

/** The register: one line per controller. */
export const controllers = [deployment, replicaSet] as const satisfies readonly Controller<never>[];

/** The controllers as programs of the world; the program's name is also its name on its host: `deployment-controller`. */
export const controllerPrograms: readonly Process<unknown, unknown>[] = controllers.map((controller) =>
  processOf(controller as unknown as Controller<unknown>),
);

export { API_SERVER } from "./worker.ts";
export type { Controller, ControllerSettings } from "./controller.ts";
