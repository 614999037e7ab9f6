// After kubernetes v1.36 pkg/controller/deployment/sync.go and util/deployment_util.go.
import type { Deployment, DeploymentCondition, ReplicaSet } from "../../api/generated/types.ts";
import { controllerOf } from "../../api/object.ts";
import type { ApiResponse } from "../../api/wire.ts";
import { podTemplateHash } from "../../api/hash.ts";
import { createRequest, updateRequest } from "../../client/requests.ts";
import type { Lister } from "../cache.ts";
import { printDate } from "../dates.ts";
import { edit, editMeta } from "../edit.ts";
import { controllerReference, isNamespaceTerminating, type OwnerKind } from "../pod-control.ts";
import { isSuccess, objectOf, recordEvent, send, type Sync, tell, whyRefused } from "../sync.ts";
import { deployments, replicaSets } from "../watched.ts";
import {
  annotatedNumber,
  DESIRED_ANNOTATION,
  desiredOf,
  HASH_LABEL,
  hasTemplateOf,
  HISTORY_ANNOTATION,
  MAX_ANNOTATION,
  maxSurge,
  newSize,
  REVISION_ANNOTATION,
  revisionOf,
  sizeOf,
  sortOut,
} from "./arithmetic.ts";

export const DEPLOYMENT: OwnerKind = { apiVersion: "apps/v1", kind: "Deployment" };
const REPLICA_SET: OwnerKind = { apiVersion: "apps/v1", kind: "ReplicaSet" };

/** One sync under way. `deployment` carries the changes that were made to it so far, as upstream's deep copy does. */
export interface Rollout {
  deployment: Deployment;
  readonly sets: readonly ReplicaSet[];
  readonly lister: Lister;
  /** Milliseconds since 1970. */
  readonly date: number;
}

export interface Failure {
  readonly failure: string;
}

export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
}

export function isFailure(value: object | undefined): value is Failure {
  return value !== undefined && "failure" in value;
}

/** Writes the Deployment's status, with the version that the sync began with; answers with the refusal. */
export function* writeDeploymentStatus(rollout: Rollout): Sync<Failure | undefined> {
  const { namespace = "", name = "" } = rollout.deployment.metadata;
  const target = { resource: deployments.resource, namespace, name, subresource: "status" };
  const response = yield* send(updateRequest(target, { ...DEPLOYMENT, ...rollout.deployment }));
  return isSuccess(response) ? undefined : { failure: whyRefused(response) };
}

/** The new set and the old ones, with the revision of both written where it is behind. */
export function* findSets(rollout: Rollout, mayCreate: boolean): Sync<Sets | Failure> {
  const { newSet: existing, oldSets } = sortOut(rollout.deployment, rollout.sets);
  const revision = String(Math.max(0, ...oldSets.map(revisionOf)) + 1);
  if (existing === undefined && !mayCreate) return { newSet: undefined, oldSets };
  const newSet =
    existing === undefined
      ? yield* createSet(rollout, oldSets, revision)
      : yield* adoptRevision(rollout, existing, revision);
  return isFailure(newSet) ? newSet : { newSet, oldSets };
}

function* adoptRevision(rollout: Rollout, existing: ReplicaSet, revision: string): Sync<ReplicaSet | Failure> {
  const { deployment } = rollout;
  const annotated = withRevision(withAnnotationsOf(deployment, existing), revision);
  const { minReadySeconds } = deployment.spec;
  if (annotated !== existing || (existing.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
    return yield* updateSet({ ...annotated, spec: edit(annotated.spec, { minReadySeconds }) });
  }
  let isChanged = setRevision(rollout, existing.metadata.annotations?.[REVISION_ANNOTATION] ?? "");
  if (hasDeadline(rollout.deployment) && conditionOf(rollout.deployment, "Progressing") === undefined) {
    const message = `Found new replica set "${existing.metadata.name ?? ""}"`;
    setCondition(rollout, { type: "Progressing", status: "True", reason: "FoundNewReplicaSet", message });
    isChanged = true;
  }
  const refused = isChanged ? yield* writeDeploymentStatus(rollout) : undefined;
  return refused ?? existing;
}

export function* updateSet(set: ReplicaSet): Sync<ReplicaSet | Failure> {
  const { namespace = "", name = "" } = set.metadata;
  const body = { ...REPLICA_SET, ...set };
  const response = yield* send(updateRequest({ resource: replicaSets.resource, namespace, name }, body));
  return isSuccess(response) ? objectOf<ReplicaSet>(response) : { failure: whyRefused(response) };
}

function* createSet(rollout: Rollout, oldSets: readonly ReplicaSet[], revision: string): Sync<ReplicaSet | Failure> {
  const { deployment } = rollout;
  const set = newSetOf(deployment, oldSets, revision);
  const { namespace = "", name = "" } = set.metadata;
  const response = yield* send(createRequest({ resource: replicaSets.resource, namespace }, set));
  const created = isSuccess(response) ? objectOf<ReplicaSet>(response) : yield* explainRefusal(rollout, set, response);
  if (isFailure(created)) return created;
  const size = sizeOf(set);
  if (isSuccess(response) && size > 0) yield* recordScaling(deployment, created, { from: 0, to: size });
  let isChanged = setRevision(rollout, revision);
  if (isSuccess(response) && hasDeadline(deployment)) {
    const message = `Created new replica set "${name}"`;
    setCondition(rollout, { type: "Progressing", status: "True", reason: "NewReplicaSetCreated", message });
    isChanged = true;
  }
  const refused = isChanged ? yield* writeDeploymentStatus(rollout) : undefined;
  return refused ?? created;
}

/** The name is taken: by the set that was wanted, then all is well, or by another with the same hash. Or it is a real refusal. */
function* explainRefusal(rollout: Rollout, set: ReplicaSet, response: ApiResponse): Sync<ReplicaSet | Failure> {
  const { deployment, lister } = rollout;
  const { namespace = "", name = "" } = set.metadata;
  const why = whyRefused(response);
  if (response.code !== 409) {
    return isNamespaceTerminating(response) ? { failure: why } : yield* reportNotCreated(rollout, name, why);
  }
  const found = lister.get(replicaSets, `${namespace}/${name}`);
  if (found === undefined) return { failure: `replicasets.apps "${name}" not found` };
  const isOurs = controllerOf(found)?.uid === deployment.metadata.uid && hasTemplateOf(found, deployment);
  return isOurs ? found : yield* countCollision(rollout, why);
}

function newSetOf(deployment: Deployment, oldSets: readonly ReplicaSet[], revision: string): ReplicaSet {
  const { namespace = "", name = "" } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = podTemplateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const blank: ReplicaSet = {
    ...REPLICA_SET,
    metadata: {
      // Source: deployment_util.go generateReplicaSetName: the name is cut so that the whole fits into 253 characters.
      name: `${name.slice(0, 253 - hash.length - 1)}-${hash}`,
      namespace,
      labels,
      ownerReferences: [controllerReference(deployment, DEPLOYMENT)],
    },
    spec: edit(
      {
        replicas: 0,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      } as ReplicaSet["spec"],
      { minReadySeconds },
    ),
    status: { replicas: 0 },
  };
  const replicas = newSize(deployment, [...oldSets, blank], 0);
  const annotated = withRevision(withAnnotationsOf(deployment, blank), revision);
  return withGoal(deployment, { ...annotated, spec: { ...annotated.spec, replicas } });
}

function* countCollision(rollout: Rollout, failure: string): Sync<Failure> {
  const { deployment } = rollout;
  const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
  rollout.deployment = { ...deployment, status };
  yield* writeDeploymentStatus(rollout);
  return { failure };
}

function* reportNotCreated(rollout: Rollout, name: string, why: string): Sync<Failure> {
  const message = `Failed to create new replica set "${name}": ${why}`;
  if (hasDeadline(rollout.deployment)) {
    setCondition(rollout, { type: "Progressing", status: "False", reason: "ReplicaSetCreateError", message });
    yield* writeDeploymentStatus(rollout);
  }
  yield* recordEvent({ object: rollout.deployment, type: "Warning", reason: "ReplicaSetCreateError", message });
  return { failure: why };
}

/** Gives a set another size, and the goal that it was computed for; an Event when the size changes. */
export function* scaleSet(rollout: Rollout, set: ReplicaSet, to: number): Sync<ReplicaSet | Failure> {
  const { deployment } = rollout;
  const from = sizeOf(set);
  const wanted = withGoal(deployment, from === to ? set : { ...set, spec: { ...set.spec, replicas: to } });
  if (wanted === set) return set;
  const updated = yield* updateSet(wanted);
  if (!isFailure(updated) && from !== to) yield* recordScaling(deployment, updated, { from, to });
  return updated;
}

function* recordScaling(
  deployment: Deployment,
  set: ReplicaSet,
  { from, to }: { readonly from: number; readonly to: number },
): Sync<void> {
  const name = set.metadata.name ?? "";
  const object = {
    kind: "Deployment",
    namespace: deployment.metadata.namespace ?? "",
    name: deployment.metadata.name ?? "",
  };
  yield* tell({ reason: "ReplicaSetScaled", object, facts: { set: name, from, to } });
  const message = `Scaled ${from < to ? "up" : "down"} replica set ${name} from ${from} to ${to}`;
  yield* recordEvent({ object: deployment, type: "Normal", reason: "ScalingReplicaSet", message });
}

export function hasDeadline(deployment: Deployment): boolean {
  const { progressDeadlineSeconds } = deployment.spec;
  return progressDeadlineSeconds !== undefined && progressDeadlineSeconds !== 2_147_483_647;
}

export function conditionOf(deployment: Deployment, type: string): DeploymentCondition | undefined {
  return deployment.status?.conditions?.find((condition) => condition.type === type);
}

/** Sets a condition of the Deployment that is being worked on. */
export function setCondition(
  rollout: Rollout,
  condition: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string },
): void {
  const { deployment, date } = rollout;
  const now = printDate(date);
  const conditions = withCondition(deployment.status?.conditions, {
    ...condition,
    lastUpdateTime: now,
    lastTransitionTime: now,
  });
  rollout.deployment = { ...deployment, status: { ...deployment.status, conditions } };
}

/** The conditions with one more; nothing changes when status and reason stay, and the transition time stays with the status. */
export function withCondition(
  conditions: readonly DeploymentCondition[] | undefined,
  condition: DeploymentCondition,
): readonly DeploymentCondition[] {
  const former = conditions?.find((candidate) => candidate.type === condition.type);
  if (former !== undefined && former.status === condition.status && former.reason === condition.reason) {
    return conditions ?? [];
  }
  const kept = (conditions ?? []).filter((candidate) => candidate !== former);
  if (former === undefined || former.status !== condition.status) return [...kept, condition];
  return [...kept, edit(condition, { lastTransitionTime: former.lastTransitionTime })];
}

function setRevision(rollout: Rollout, revision: string): boolean {
  const { annotations } = rollout.deployment.metadata;
  if (annotations?.[REVISION_ANNOTATION] === revision) return false;
  rollout.deployment = editMeta(rollout.deployment, {
    annotations: { ...annotations, [REVISION_ANNOTATION]: revision },
  });
  return true;
}

/** Source: deployment_util.go annotationsToSkip. */
const NOT_COPIED: readonly string[] = [
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION_ANNOTATION,
  HISTORY_ANNOTATION,
  DESIRED_ANNOTATION,
  MAX_ANNOTATION,
  "deprecated.deployment.rollback.to",
];

function withAnnotationsOf(deployment: Deployment, set: ReplicaSet): ReplicaSet {
  const present = set.metadata.annotations ?? {};
  const missing = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key, value]) => !NOT_COPIED.includes(key) && present[key] !== value,
  );
  return missing.length === 0 ? set : editMeta(set, { annotations: { ...present, ...Object.fromEntries(missing) } });
}

/** Source: sync.go maxRevHistoryLengthInChars. */
const HISTORY_LENGTH_MAX = 2000;

/** The set with a higher revision; the one that it had before goes into its history. */
function withRevision(set: ReplicaSet, revision: string): ReplicaSet {
  const annotations = set.metadata.annotations ?? {};
  const former = annotations[REVISION_ANNOTATION];
  if (former !== undefined && former !== "" && !/^\d+$/.test(former)) return set;
  if (Number(former ?? "0") >= Number(revision)) return set;
  const next: Record<string, string> = { ...annotations, [REVISION_ANNOTATION]: revision };
  if (former !== undefined) next[HISTORY_ANNOTATION] = longerHistory(annotations[HISTORY_ANNOTATION] ?? "", former);
  return editMeta(set, { annotations: next });
}

function longerHistory(history: string, revision: string): string {
  if (history === "") return revision;
  let revisions = history.split(",");
  while (revisions.length > 0 && [...revisions, revision].join(",").length > HISTORY_LENGTH_MAX)
    revisions = revisions.slice(1);
  return [...revisions, revision].join(",");
}

/** The set with the annotations that say for which goal its size was computed. */
function withGoal(deployment: Deployment, set: ReplicaSet): ReplicaSet {
  const desired = desiredOf(deployment);
  const max = desired + maxSurge(deployment);
  if (annotatedNumber(set, DESIRED_ANNOTATION) === desired && annotatedNumber(set, MAX_ANNOTATION) === max) return set;
  const annotations = {
    ...set.metadata.annotations,
    [DESIRED_ANNOTATION]: String(desired),
    [MAX_ANNOTATION]: String(max),
  };
  return editMeta(set, { annotations });
}
