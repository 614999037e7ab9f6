import type { Birth, Process } from "../kernel/process.ts";
import type { Controller } from "./controller.ts";
import type { ControllerState } from "./controller-state.ts";
import { startController, stepController } from "./worker.ts";

/** The controller as a process of the world. */
export function processOf<Memory>(controller: Controller<Memory>): Process<unknown, unknown> {
  return {
    name: `${controller.name}-controller`,
    start: (birth: Birth) => startController(controller, birth),
    step: (state, message, moment) => stepController(controller, state as ControllerState<Memory>, { message, moment }),
  };
}
