// After kubectl pkg/util/deployment/deployment.go.
import { applyMergePatch } from "../api/merge-patch.ts";
import { isSemanticallyEqual } from "../api/semantic-equal.ts";
import { fieldsAt, number, rowsAt, textAt, type Fields } from "./json.ts";
import { collectionPath } from "./mapping.ts";
import { selectorText } from "./pods-of.ts";
import { send, type Session, type Talk } from "./talk.ts";
import type { Info } from "./info.ts";

export const REVISION = "deployment.kubernetes.io/revision";

/** The replica sets of a deployment, as the server lists them. */
export function* replicaSetsOf(session: Session, info: Info): Talk<readonly Fields[]> {
  const mapping = { ...info.mapping, group: "apps", version: "v1", plural: "replicasets" };
  const labelSelector = selectorText(fieldsAt(info.object, "spec", "selector"));
  const response = yield* send(session, {
    method: "GET",
    path: collectionPath(mapping, info.namespace),
    query: { labelSelector },
  });
  const uid = textAt(info.object, "metadata", "uid");
  return rowsAt(response.body, "items")
    .filter((set) =>
      rowsAt(set, "metadata", "ownerReferences").some((owner) => owner["controller"] === true && owner["uid"] === uid),
    )
    .map((set) => ({ apiVersion: "apps/v1", kind: "ReplicaSet", ...set }));
}

/** The replica set whose template is the deployment's own; the oldest where there are several. */
export function newestReplicaSet(deployment: Fields, sets: readonly Fields[]): Fields | undefined {
  const template = fieldsAt(deployment, "spec", "template");
  const byAge = sets.toSorted((one, other) =>
    textAt(one, "metadata", "creationTimestamp") < textAt(other, "metadata", "creationTimestamp") ? -1 : 1,
  );
  return byAge.find((set) => isSemanticallyEqual(withoutHash(fieldsAt(set, "spec", "template")), template));
}

/** The template as its owner wrote it: without the label that the controller adds. */
export function withoutHash(template: Fields): Fields {
  return applyMergePatch(template, { metadata: { labels: { "pod-template-hash": null } } }) as Fields;
}

export function revisionOf(object: Fields): number {
  return number(Number(textAt(object, "metadata", "annotations", REVISION)));
}
