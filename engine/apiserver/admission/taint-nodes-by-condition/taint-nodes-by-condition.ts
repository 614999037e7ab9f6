// After kubernetes v1.36 plugin/pkg/admission/nodetaint/admission.go.
import type { Taint } from "../../../api/generated/types.ts";
import type { AdmissionPlugin } from "../plugin.ts";

const NOT_READY = "node.kubernetes.io/not-ready";

/** A new node takes no pods until the node controller has found it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  mutate: (_turn, admission) => {
    const { object, operation, call } = admission;
    if (operation !== "CREATE" || call.served.prefix !== "minions") return object;
    const spec = object.spec as { readonly taints?: readonly Taint[] } | undefined;
    const taints = spec?.taints ?? [];
    if (taints.some((taint) => taint.key === NOT_READY && taint.effect === "NoSchedule")) return object;
    return { ...object, spec: { ...spec, taints: [...taints, { effect: "NoSchedule", key: NOT_READY }] } };
  },
};
