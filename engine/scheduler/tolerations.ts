// After kubernetes v1.36 api/core/v1/toleration.go, component-helpers/scheduling/corev1/helpers.go.
import type { Taint, Toleration } from "../api/generated/types.ts";

/** Whether the toleration bears the taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = "", value = "" } = toleration;
  const effect: string = toleration.effect ?? "";
  const operator: string = toleration.operator ?? "";
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (operator === "" || operator === "Equal") && key !== "" && value === (taint.value ?? "");
}

export function isTolerated(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return tolerations?.some((toleration) => tolerates(toleration, taint)) ?? false;
}

/** Whether pods that do not tolerate the taint are kept off the node. */
export function keepsOut(taint: Taint): boolean {
  return taint.effect === "NoSchedule" || taint.effect === "NoExecute";
}

/** The first taint that keeps a pod with these tolerations out. */
export function untolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  if (taints.length === 0) return undefined;
  return taints.find((taint) => keepsOut(taint) && !isTolerated(tolerations, taint));
}
