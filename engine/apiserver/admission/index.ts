import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import type { Turn } from "../state.ts";
import { defaultIngressClass } from "./default-ingress-class/default-ingress-class.ts";
import { defaultStorageClass } from "./default-storage-class/default-storage-class.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds/default-toleration-seconds.ts";
import { limitRanger } from "./limit-ranger/limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle/namespace-lifecycle.ts";
import { nodeRestriction } from "./node-restriction/node-restriction.ts";
import type { Admission, AdmissionPlugin } from "./plugin.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { podTopologyLabels } from "./pod-topology-labels/pod-topology-labels.ts";
import { priority } from "./priority/priority.ts";
import { resourceQuota } from "./resource-quota/resource-quota.ts";
import { runtimeClass } from "./runtime-class/runtime-class.ts";
import { serviceAccount } from "./service-account/service-account.ts";
import { storageObjectInUseProtection } from "./storage-object-in-use-protection/storage-object-in-use-protection.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition/taint-nodes-by-condition.ts";
import { validatingAdmissionPolicy } from "./validating-admission-policy/validating-admission-policy.ts";

/** The register, in the order in which the plugins run. Source: kubernetes pkg/kubeapiserver/options/plugins.go AllOrderedPlugins. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  runtimeClass,
  defaultIngressClass,
  podTopologyLabels,
  validatingAdmissionPolicy,
  resourceQuota,
];

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
