import type { KubernetesObject } from "../api/object.ts";

/** The node that a pod is bound to; empty for all else. The one index of watches, as in the registry of pods (NodeNameTriggerFunc). */
export function nodeOf(object: KubernetesObject): string {
  const spec = object.spec as { readonly nodeName?: string } | undefined;
  return spec?.nodeName ?? "";
}
