// After kubernetes v1.36 pkg/controller/history/controller_history.go; shared by stateful-set and daemon-set.
import type { ControllerRevision } from "../api/generated/types.ts";
import { createRequest, deleteRequest, getRequest, updateRequest } from "../client/requests.ts";
import { parseDate } from "./dates.ts";
import { compareStrings, isSame } from "./edit.ts";
import { isSuccess, objectOf, send, type Sync, whyRefused } from "./sync.ts";
import { controllerRevisions } from "./watched.ts";

export function byRevision(one: ControllerRevision, other: ControllerRevision): number {
  return (
    one.revision - other.revision ||
    (parseDate(one.metadata.creationTimestamp) ?? 0) - (parseDate(other.metadata.creationTimestamp) ?? 0) ||
    compareStrings(one.metadata.name ?? "", other.metadata.name ?? "")
  );
}

export function hasSameData(one: ControllerRevision, other: ControllerRevision): boolean {
  return isSame((one as { readonly data?: unknown }).data, (other as { readonly data?: unknown }).data);
}

const RESOURCE = controllerRevisions.resource;
export const REVISION = { apiVersion: "apps/v1", kind: "ControllerRevision" } as const;

/** Creates the revision; `collides` when another with that name says something else. */
export function* createRevision(
  namespace: string,
  revision: ControllerRevision,
): Sync<ControllerRevision | "collides" | { readonly failure: string }> {
  const response = yield* send(createRequest({ resource: RESOURCE, namespace }, { ...REVISION, ...revision }));
  if (isSuccess(response)) return objectOf<ControllerRevision>(response);
  if (response.code !== 409) return { failure: whyRefused(response) };
  const found = yield* send(getRequest({ resource: RESOURCE, namespace, name: revision.metadata.name ?? "" }));
  if (!isSuccess(found)) return { failure: whyRefused(found) };
  const existing = objectOf<ControllerRevision>(found);
  return hasSameData(existing, revision) ? existing : "collides";
}

/** Gives an old revision a new number: the way back. */
export function* renumber(
  revision: ControllerRevision,
  number: number,
): Sync<ControllerRevision | { readonly failure: string }> {
  const { namespace = "", name = "" } = revision.metadata;
  const body = { ...REVISION, ...revision, revision: number };
  const response = yield* send(updateRequest({ resource: RESOURCE, namespace, name }, body));
  return isSuccess(response) ? objectOf<ControllerRevision>(response) : { failure: whyRefused(response) };
}

/** Deletes the oldest revisions that nobody uses, down to the limit. */
export function* truncate(
  revisions: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): Sync<string | undefined> {
  const unused = revisions.filter(({ metadata }) => !live.has(metadata.name ?? "")).toSorted(byRevision);
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
    const { namespace = "", name = "" } = revision.metadata;
    const response = yield* send(deleteRequest({ resource: RESOURCE, namespace, name }));
    if (!isSuccess(response) && response.code !== 404) return whyRefused(response);
  }
  return undefined;
}
