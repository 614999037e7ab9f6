// After kubernetes v1.36 pkg/controller/namespace namespace_controller.go, deletion/namespaced_resources_deleter.go,
// deletion/status_condition_utils.go; not modelled: discovery that fails.
import type { Namespace, NamespaceCondition, Pod } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { builtInKinds } from "../../api/resource-kind.ts";
import type { ApiResponse } from "../../api/wire.ts";
import { getRequest, pathOf, type Resource, type Target, updateRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { dateOf, parseDate, printDate } from "../dates.ts";
import { isDeleting, isTerminal } from "../pods.ts";
import { again, DONE, isSuccess, objectOf, retry, send, type Situation, type Sync, tell, whyRefused } from "../sync.ts";
import { namespaces } from "../watched.ts";

/** Source: namespace_controller.go namespaceDeletionGracePeriod: admission in other API servers must have seen the deletion. */
export const GRACE_MILLIS = 5000;

/** Empties namespaces that are being deleted, pods first. */
export const namespace: Controller<null> = {
  name: "namespace",
  identity: "namespace-controller",
  workers: 10,
  // Source: cmd/kube-controller-manager/app/core.go: QPS times 20, burst times 100.
  rateFactor: 20,
  memory: null,
  watches: [
    watch(namespaces, ({ after, key }) => ({
      wishes: after !== undefined && isDeleting(after) ? [{ key, afterMillis: GRACE_MILLIS }] : [],
    })),
  ],
  sync: syncNamespace,
};

function* syncNamespace(key: string, situation: Situation<null>): Sync {
  const target = { resource: namespaces.resource, name: key };
  const found = yield* send(getRequest(target));
  if (found.code === 404) return DONE;
  if (!isSuccess(found)) return retry(whyRefused(found));
  const space = objectOf<Namespace>(found);
  if (!isDeleting(space) || (space.spec?.finalizers ?? []).length === 0) return DONE;
  const left = yield* emptyOut(space, situation);
  if (left.failure !== undefined) return retry(left.failure);
  if (left.seconds > 0) {
    yield* again(key, (Math.floor(left.seconds / 2) + 1) * 1000);
    return DONE;
  }
  if (left.remaining > 0) return retry("some resources remain");
  const finalizers = (space.spec?.finalizers ?? []).filter((finalizer) => finalizer !== "kubernetes");
  const body = { ...left.space, spec: { ...left.space.spec, finalizers } };
  const response = yield* send(updateRequest({ ...target, subresource: "finalize" }, body));
  yield* tell({ reason: "NamespaceFinalized", object: { kind: "Namespace", name: key } });
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}

interface Left {
  readonly space: Namespace;
  readonly seconds: number;
  readonly remaining: number;
  readonly failure: string | undefined;
}

interface Content {
  readonly resource: Resource;
  readonly count: number;
  readonly seconds: number;
  readonly finalizers: Readonly<Record<string, number>>;
  readonly failure: string | undefined;
}

const PODS: Resource = { group: "", version: "v1", plural: "pods" };

function* emptyOut(space: Namespace, situation: Situation<null>): Sync<Left> {
  const name = space.metadata.name ?? "";
  const since = Math.max(0, (dateOf(situation) - (parseDate(space.metadata.deletionTimestamp) ?? 0)) / 1000);
  const pods = yield* deleteAll(PODS, name, since);
  const others: Content[] = [];
  if (pods.count === 0 && pods.failure === undefined) {
    for (const resource of yield* otherResources()) others.push(yield* deleteAll(resource, name, since));
  }
  const contents = [pods, ...others];
  const failures = contents.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const totals = others.length === 0 ? undefined : contents;
  const conditions = conditionsOf(space, { totals, failures, date: printDate(dateOf(situation)) });
  let current = space;
  if (conditions !== undefined) {
    const status = { ...space.status, phase: "Terminating", conditions } as NonNullable<Namespace["status"]>;
    const target = { resource: namespaces.resource, name, subresource: "status" };
    const response = yield* send(updateRequest(target, { ...space, status }));
    if (!isSuccess(response)) return { space, seconds: 0, remaining: 1, failure: whyRefused(response) };
    current = objectOf<Namespace>(response);
  }
  return {
    space: current,
    seconds: Math.max(0, ...contents.map(({ seconds }) => seconds)),
    remaining: contents.reduce((total, { count }) => total + count, 0),
    failure: failures[0],
  };
}

/** What discovery tells: all namespaced resources that can be deleted, each in its preferred version, and custom ones. */
function* otherResources(): Sync<readonly Resource[]> {
  const found = new Map<string, Resource>();
  for (const kind of builtInKinds) {
    const { group, version, plural } = kind;
    const id = `${plural}.${group}`;
    if (!kind.namespaced || !kind.verbs.includes("delete") || found.has(id) || id === "pods.") continue;
    if (plural === "events" && group !== "") continue;
    found.set(id, { group, version, plural });
  }
  const crds = { resource: { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" } };
  const response = yield* send({ method: "GET", path: pathOf(crds) });
  const { items = [] } = (isSuccess(response) ? response.body : {}) as { readonly items?: readonly CustomKind[] };
  for (const { spec } of items) {
    const version = spec.versions.find(({ served }) => served)?.name;
    if (spec.scope !== "Namespaced" || version === undefined) continue;
    found.set(`${spec.names.plural}.${spec.group}`, { group: spec.group, version, plural: spec.names.plural });
  }
  return [...found.values()];
}

interface CustomKind {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Source: namespaced_resources_deleter.go finalizerEstimateSeconds. */
const FINALIZER_ESTIMATE_SECONDS = 15;

function* deleteAll(resource: Resource, namespace: string, sinceSeconds: number): Sync<Content> {
  const target: Target = { resource, namespace };
  const before = resource.plural === "pods" ? yield* list<Pod>(target) : [];
  const graces = before.filter((pod) => !isTerminal(pod)).map((pod) => pod.spec.terminationGracePeriodSeconds ?? 0);
  const estimate = Math.max(0, Math.ceil(Math.max(0, ...graces) - sinceSeconds));
  const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" };
  const response: ApiResponse = yield* send({ method: "DELETE", path: pathOf(target), body: options });
  const blank = { resource, count: 0, seconds: 0, finalizers: {}, failure: undefined };
  // A resource that is not served any more has nothing left.
  if (response.code === 404 || response.code === 405) return blank;
  if (!isSuccess(response)) return { ...blank, failure: whyRefused(response) };
  const items = yield* list<KubernetesObject>(target);
  if (items.length === 0) return blank;
  const finalizers: Record<string, number> = {};
  for (const item of items) {
    for (const finalizer of item.metadata.finalizers ?? []) finalizers[finalizer] = (finalizers[finalizer] ?? 0) + 1;
  }
  const counted = { ...blank, count: items.length, finalizers };
  if (estimate > 0) return { ...counted, seconds: estimate };
  if (Object.keys(finalizers).length > 0) return { ...counted, seconds: FINALIZER_ESTIMATE_SECONDS };
  const { group, version, plural } = resource;
  const failure = `unexpected items still remain in namespace: ${namespace} for gvr: ${group}/${version}, Resource=${plural}`;
  return { ...counted, failure };
}

function* list<Kind extends KubernetesObject>(target: Target): Sync<readonly Kind[]> {
  const response = yield* send({ method: "GET", path: pathOf(target) });
  return isSuccess(response) ? ((response.body as { readonly items?: readonly Kind[] }).items ?? []) : [];
}

/** The conditions after a pass, or undefined where none changes. Totals are known only once the pods are gone. */
function conditionsOf(
  space: Namespace,
  pass: {
    readonly totals: readonly Content[] | undefined;
    readonly failures: readonly string[];
    readonly date: string;
  },
): readonly NamespaceCondition[] | undefined {
  const wanted = [
    good("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    good(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    contentFailure(pass.failures),
    contentRemaining(pass.totals ?? []),
    finalizersRemaining(pass.totals ?? []),
  ];
  const present = space.status?.conditions ?? [];
  let isChanged = false;
  const next = [...present];
  for (const condition of wanted) {
    const index = next.findIndex(({ type }) => type === condition.type);
    const former = next[index];
    if (former === undefined) next.push({ ...condition, lastTransitionTime: pass.date });
    else if (
      former.status !== condition.status ||
      former.message !== condition.message ||
      former.reason !== condition.reason
    ) {
      const isTurned = former.status !== condition.status;
      next[index] = {
        ...condition,
        lastTransitionTime: isTurned ? pass.date : (former.lastTransitionTime ?? pass.date),
      };
    } else continue;
    isChanged = true;
  }
  return isChanged ? next : undefined;
}

type Wanted = Omit<NamespaceCondition, "lastTransitionTime">;

function good(type: string, reason: string, message: string): Wanted {
  return { type, status: "False", reason, message } as Wanted;
}

function bad(type: string, reason: string, message: string): Wanted {
  return { type, status: "True", reason, message } as Wanted;
}

function contentFailure(failures: readonly string[]): Wanted {
  const type = "NamespaceDeletionContentFailure";
  if (failures.length > 0) {
    const message = `Failed to delete all resource types, ${failures.length} remaining: ${[...failures].toSorted().join(", ")}`;
    return bad(type, "ContentDeletionFailed", message);
  }
  return good(type, "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
}

function contentRemaining(contents: readonly Content[]): Wanted {
  const type = "NamespaceContentRemaining";
  const parts = contents
    .filter(({ count }) => count > 0)
    .map(({ resource, count }) => `${resource.plural}.${resource.group} has ${count} resource instances`)
    .toSorted();
  if (parts.length === 0) return good(type, "ContentRemoved", "All content successfully removed");
  return bad(type, "SomeResourcesRemain", `Some resources are remaining: ${parts.join(", ")}`);
}

function finalizersRemaining(contents: readonly Content[]): Wanted {
  const type = "NamespaceFinalizersRemaining";
  const counts: Record<string, number> = {};
  for (const { finalizers } of contents) {
    for (const [finalizer, count] of Object.entries(finalizers)) counts[finalizer] = (counts[finalizer] ?? 0) + count;
  }
  const parts = Object.keys(counts)
    .toSorted()
    .map((finalizer) => `${finalizer} in ${counts[finalizer]} resource instances`);
  if (parts.length === 0) return good(type, "ContentHasNoFinalizers", "All content-preserving finalizers finished");
  return bad(
    type,
    "SomeFinalizersRemain",
    `Some content in the namespace has finalizers remaining: ${parts.join(", ")}`,
  );
}
