// After kubectl pkg/polymorphichelpers/attachablepodforobject.go, helpers.go GetFirstPod and pkg/util/podutils (sorting).
import { refusal, failureOfResponse, thrown } from "./failure.ts";
import { fieldsAt, rowsAt, sortedKeys, text, textAt, type Fields } from "./json.ts";
import { joinLabels } from "./labels.ts";
import { collectionPath, mappingFor } from "./mapping.ts";
import { exchange, type Session, type Talk } from "./talk.ts";
import type { Info } from "./info.ts";

/** The pods that a workload or a service selects, in the order of the server. */
export function* podsOf(session: Session, info: Info): Talk<readonly Info[]> {
  const mapping = yield* mappingFor(session, "pods");
  const labelSelector = podSelector(info);
  const response = yield* exchange(session, {
    method: "GET",
    path: collectionPath(mapping, info.namespace),
    query: { labelSelector },
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  return rowsAt(response.body, "items").map((item) => ({
    mapping,
    namespace: textAt(item, "metadata", "namespace"),
    name: textAt(item, "metadata", "name"),
    source: "",
    object: { apiVersion: "v1", kind: "Pod", ...item },
  }));
}

/** Source: polymorphichelpers SelectorsForObject. */
export function podSelector(info: Info): string {
  const selector = fieldsAt(info.object, "spec", "selector");
  switch (info.mapping.kind) {
    case "Service":
      if (Object.keys(selector).length === 0)
        throw refusal(`invalid service '${info.name}': Service is defined without a selector`);
      return joinLabels(selector);
    case "ReplicationController":
      return joinLabels(selector);
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return selectorText(selector);
    default:
      throw refusal(`selector for ${info.mapping.kind}, Kind=${info.mapping.kind} not implemented`);
  }
}

/** A selector object as the API writes it in a query. */
export function selectorText(selector: Fields): string {
  const labels = fieldsAt(selector, "matchLabels");
  const equal = sortedKeys(labels).map((key) => `${key}=${text(labels[key])}`);
  const expressions = rowsAt(selector, "matchExpressions").map((each) => {
    const [key, operator] = [text(each["key"]), text(each["operator"])];
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    const values = Array.isArray(each["values"]) ? each["values"].map(text).toSorted().join(",") : "";
    return `${key} ${operator === "In" ? "in" : "notin"} (${values})`;
  });
  return [...equal, ...expressions].join(",");
}

/** Scheduled before waiting, running before pending, ready before not: the pod that logs and exec choose. */
export function sortForLogs(pods: readonly Info[]): readonly Info[] {
  return pods.toSorted((one, other) => rank(other) - rank(one));
}

function rank(info: Info): number {
  const { object } = info;
  const isReady = rowsAt(object, "status", "conditions").some(
    (each) => each["type"] === "Ready" && each["status"] === "True",
  );
  const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
  return (
    (textAt(object, "spec", "nodeName") === "" ? 0 : 100) +
    (phases[textAt(object, "status", "phase")] ?? 0) * 10 +
    (isReady ? 1 : 0)
  );
}

/** The pod that a name, a workload or a service stands for. Running pods come first. */
export function* attachablePod(session: Session, info: Info): Talk<Info> {
  if (info.mapping.kind === "Pod") return info;
  const pods = yield* podsOf(session, info);
  const [first] = sortForLogs(pods);
  if (first === undefined) throw refusal("timed out waiting for the condition");
  return first;
}

/** Source: podcmd.FindOrDefaultContainerByName. */
export function containersOf(pod: Fields): readonly Fields[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((part) => rowsAt(pod, "spec", part));
}
