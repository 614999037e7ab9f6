// After kubernetes v1.36 pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go.
import { type Plugin, unresolvable } from "../../framework.ts";

/** Keeps a pod out of the queue until all its gates are taken away. */
export const schedulingGates: Plugin = {
  name: "SchedulingGates",
  preEnqueue: ({ pod }) => {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable(`waiting for scheduling gates: [${gates.map((gate) => gate.name).join(" ")}]`);
  },
  hints: [{ resource: "UnscheduledPod" }],
};
