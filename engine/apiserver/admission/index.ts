import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import type { Turn } from "../state.ts";
import type { Admission, AdmissionPlugin } from "./plugin.ts";

/** The register, in the order in which the plugins run. Source: kubernetes pkg/kubeapiserver/options/plugins.go AllOrderedPlugins. */
export const admissionPlugins: readonly AdmissionPlugin[] = [];

export type Admitted =
  | { readonly kind: "admitted"; readonly object: KubernetesObject }
  | { readonly kind: "refused"; readonly status: Status };

/** Runs the gates that may change the object, one after another. */
export function admitMutating(turn: Turn, admission: Admission): Admitted {
  let { object } = admission;
  for (const plugin of admissionPlugins) {
    if (plugin.mutate === undefined) continue;
    const answer = plugin.mutate(turn, object === admission.object ? admission : { ...admission, object });
    if (answer.kind === "Status" && isRefusal(answer)) return { kind: "refused", status: answer };
    object = answer as KubernetesObject;
  }
  return { kind: "admitted", object };
}

function isRefusal(answer: KubernetesObject | Status): answer is Status {
  return "status" in answer && answer.status === "Failure" && "code" in answer;
}

/** Runs the gates that may only refuse. */
export function admitValidating(turn: Turn, admission: Admission): Status | undefined {
  for (const plugin of admissionPlugins) {
    const refusal = plugin.validate?.(turn, admission);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
