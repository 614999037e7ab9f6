import type { KubernetesObject } from "../api/object.ts";
import type { ScaleAccess } from "./registry/strategy.ts";

/** The Scale of an object. */
export function scaleOf(object: KubernetesObject, access: ScaleAccess): KubernetesObject {
  const { name = "", namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = access.selector(object);
  const replicas = access.replicas(object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: access.statusReplicas(object), ...(selector === "" ? {} : { selector }) },
  };
}
