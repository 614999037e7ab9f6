// After kubectl pkg/polymorphichelpers/updatepodspecforobject.go.
import { at, isFields, put, rowsAt, type Fields } from "./json.ts";

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

/** Changes containers and init containers; a list that does not change is kept. */
export function mapContainers(spec: Fields, change: (container: Fields) => Fields): Fields {
  let changed = spec;
  for (const part of ["initContainers", "containers"]) {
    if (at(spec, part) === undefined) continue;
    changed = { ...changed, [part]: rowsAt(changed, part).map(change) };
  }
  return changed;
}

/** Whether a container's name fits a wildcard such as `web-*`. */
export function selectsContainer(pattern: string, name: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`).test(name);
}
