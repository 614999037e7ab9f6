import type { KubernetesObject } from "../../api/object.ts";

/** Of the classes that are marked as default, the newest; of two of one second the first by name. Source: pkg/volume/util GetDefaultClass. */
export function newestDefault(classes: readonly KubernetesObject[], annotation: string): KubernetesObject | undefined {
  let newest: KubernetesObject | undefined;
  for (const one of classes) {
    if (one.metadata.annotations?.[annotation] !== "true") continue;
    if (newest === undefined || (one.metadata.creationTimestamp ?? "") > (newest.metadata.creationTimestamp ?? ""))
      newest = one;
  }
  return newest;
}
