// After kubectl pkg/polymorphichelpers/updatepodspecforobject.go.
import { fieldsAt, isFields, at, put, type Fields } from "./json.ts";

const TEMPLATE_KINDS = ["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet", "Job", "ReplicationController"];

/** Where the pod spec of an object stands; undefined for kinds without one. */
export function podSpecPath(object: Fields): readonly string[] | undefined {
  const kind = String(object["kind"]);
  if (kind === "Pod") return ["spec"];
  if (kind === "CronJob") return ["spec", "jobTemplate", "spec", "template", "spec"];
  if (TEMPLATE_KINDS.includes(kind)) return ["spec", "template", "spec"];
  return undefined;
}

export function podSpecOf(object: Fields): Fields | undefined {
  const path = podSpecPath(object);
  const spec = path === undefined ? undefined : at(object, ...path);
  return isFields(spec) ? spec : undefined;
}

export function withPodSpec(object: Fields, spec: Fields): Fields {
  const path = podSpecPath(object);
  return path === undefined ? object : put(object, path, spec);
}

/** The labels of the pods that an object makes. */
export function templateLabels(object: Fields): Fields {
  return fieldsAt(object, "spec", "template", "metadata", "labels");
}
