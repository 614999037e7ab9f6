// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/errors.go.
import type { PodSpec } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import { forbidden } from "../failure.ts";
import type { Admission } from "./plugin.ts";

/** `pods "web" is forbidden: …`; before the name is generated its prefix stands for it. */
export function refuse(admission: Admission, problem: string): Status {
  const { group, plural } = admission.call.served.strategy.resource;
  return forbidden({ group, resource: plural }, nameOf(admission), problem);
}

function nameOf({ call, object }: Admission): string {
  const { name = "", generateName = "" } = object.metadata;
  if (call.info.name !== "") return call.info.name;
  if (name !== "") return name;
  return generateName === "" ? "Unknown" : generateName;
}

/** Whether the request is about pods themselves and not about one of their subresources. */
export function isAboutPod(admission: Admission): boolean {
  return admission.call.served.prefix === "pods" && admission.call.info.subresource === "";
}

/** The spec of a pod that was only decoded: a pod without containers is refused later, in better words. */
export function podSpecOf(pod: KubernetesObject): PodSpec {
  const spec = pod.spec as Partial<PodSpec> | undefined;
  if (spec?.containers !== undefined && spec.containers !== null) return spec as PodSpec;
  return { ...spec, containers: [] } as PodSpec;
}
