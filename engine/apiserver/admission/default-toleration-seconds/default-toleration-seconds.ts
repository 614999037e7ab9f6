// After kubernetes v1.36 plugin/pkg/admission/defaulttolerationseconds/admission.go.
import type { Toleration } from "../../../api/generated/types.ts";
import type { AdmissionPlugin } from "../plugin.ts";
import { isAboutPod } from "../refuse.ts";

/** Source: kube-apiserver --default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds. */
const SECONDS = 300;

const keys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] as const;

/** A pod stays five minutes on a node that is not ready or cannot be reached, unless it says otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  mutate: (_turn, admission) => {
    const { object, operation } = admission;
    if (operation === "DELETE" || !isAboutPod(admission)) return object;
    const spec = object.spec as { readonly tolerations?: readonly Toleration[] } | undefined;
    const tolerations = spec?.tolerations ?? [];
    const missing = keys.filter((key) => !tolerations.some((toleration) => covers(toleration, key)));
    if (missing.length === 0) return object;
    const added = missing.map((key) => ({ effect: "NoExecute", key, operator: "Exists", tolerationSeconds: SECONDS }));
    return { ...object, spec: { ...spec, tolerations: [...tolerations, ...added] } };
  },
};

function covers({ key = "", effect }: Toleration, wanted: string): boolean {
  return (key === wanted || key === "") && (effect === "NoExecute" || effect === undefined);
}
