import { expect, test } from "vitest";
import type { ApiRequest, ApiResponse, FromServer, WatchEvents } from "../api/wire.ts";
import { etcd } from "../etcd/etcd.ts";
import type { Process } from "../kernel/process.ts";
import { get } from "../kernel/sorted-map.ts";
import { advanceUntil, emptyWorld, post, type Programs, spawn, type World } from "../kernel/world.ts";
import { kubeApiServer } from "./kube-apiserver.ts";

const ear: Process<readonly FromServer[], FromServer> = {
  name: "ear",
  start: () => ({ state: [], effects: [] }),
  step: (heard, message) => ({ state: [...heard, message], effects: [] }),
};
const programs: Programs = new Map<string, Process<unknown, unknown>>([
  ["etcd", etcd as Process<unknown, unknown>],
  ["kube-apiserver", kubeApiServer as Process<unknown, unknown>],
  ["ear", ear as Process<unknown, unknown>],
]);
const SERVER = "control-plane/kube-apiserver";
const CLIENT = "laptop/client";
const admin = { user: "kubernetes-admin", groups: ["system:masters"] };

function cluster(): World {
  let world = emptyWorld(1, Date.UTC(2026, 10, 20));
  world = spawn(world, { address: "control-plane/etcd", program: "etcd", settings: {} }, programs);
  world = spawn(world, { address: SERVER, program: "kube-apiserver", settings: {} }, programs);
  world = spawn(world, { address: CLIENT, program: "ear", settings: {} }, programs);
  world = advanceUntil(world, 100, programs);
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
  return ask(world, { method: "POST", path: "/api/v1/namespaces/default/serviceaccounts", body: account }).world;
}

let exchanges = 0;

function send(world: World, request: ApiRequest): { readonly world: World; readonly id: number } {
  const id = ++exchanges;
  const message = { kind: "request", id, request, identity: admin };
  return { world: advanceUntil(post(world, { from: CLIENT, to: SERVER, message }), world.now + 20, programs), id };
}

function heard(world: World): readonly FromServer[] {
  return get(world.residents, CLIENT)?.state as readonly FromServer[];
}

function ask(world: World, request: ApiRequest): { readonly world: World; readonly response: ApiResponse } {
  const sent = send(world, request);
  const answer = heard(sent.world).find((message) => message.kind === "response" && message.id === sent.id);
  if (answer?.kind !== "response") throw new Error(`no answer to ${request.method} ${request.path}`);
  return { world: sent.world, response: answer.response };
}

function eventsOf(world: World, id: number): readonly WatchEvents[] {
  return heard(world)
    .filter((message) => message.kind === "events")
    .filter((message) => message.id === id);
}

const pods = "/api/v1/namespaces/default/pods";

function pod(name: string): unknown {
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [{ name: "c", image: "nginx" }] } };
}

test("an object that was created can be read, with a uid, a time and a resourceVersion", () => {
  const created = ask(cluster(), { method: "POST", path: pods, body: pod("web") });
  expect(created.response.code).toBe(201);
  const read = ask(created.world, { method: "GET", path: `${pods}/web` });
  expect(read.response.body).toBe(created.response.body);
  expect(read.response.body).toMatchObject({
    metadata: { name: "web", namespace: "default", creationTimestamp: "2026-11-20T00:00:00Z" },
  });
});

test("a second object of the same name is refused", () => {
  const { world } = ask(cluster(), { method: "POST", path: pods, body: pod("web") });
  expect(ask(world, { method: "POST", path: pods, body: pod("web") }).response).toMatchObject({
    code: 409,
    body: { reason: "AlreadyExists", message: 'pods "web" already exists' },
  });
});

test("an update with an old resourceVersion is a conflict", () => {
  const { world, response } = ask(cluster(), { method: "POST", path: pods, body: pod("web") });
  const labelled = {
    method: "PATCH",
    path: `${pods}/web`,
    headers: { "content-type": "application/merge-patch+json" },
    body: { metadata: { labels: { a: "b" } } },
  } as const;
  const patched = ask(world, labelled);
  expect(patched.response).toMatchObject({ code: 200, body: { metadata: { labels: { a: "b" } } } });
  const stale = ask(patched.world, { method: "PUT", path: `${pods}/web`, body: response.body });
  expect(stale.response).toMatchObject({ code: 409, body: { reason: "Conflict" } });
});

test("a watch with initial events hands over the collection and then each change", () => {
  let { world } = ask(cluster(), { method: "POST", path: pods, body: pod("one") });
  const watch = send(world, {
    method: "GET",
    path: "/api/v1/pods",
    query: { watch: "true", sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" },
  });
  world = ask(watch.world, { method: "POST", path: pods, body: pod("two") }).world;
  const batches = eventsOf(world, watch.id);
  expect(batches.map((batch) => batch.events.map((event) => event.type))).toEqual([["ADDED", "BOOKMARK"], ["ADDED"]]);
  expect(get(batches[1]?.items ?? null, "default/two")).toBe(batches[1]?.events[0]?.object);
});

test("a kubelet hears only of the pods of its node", () => {
  let { world } = ask(cluster(), { method: "POST", path: pods, body: pod("one") });
  const watch = send(world, {
    method: "GET",
    path: "/api/v1/pods",
    query: { watch: "true", fieldSelector: "spec.nodeName=worker-1" },
  });
  world = ask(watch.world, {
    method: "POST",
    path: pods,
    body: { ...(pod("two") as object), spec: { nodeName: "worker-1", containers: [{ name: "c", image: "nginx" }] } },
  }).world;
  expect(eventsOf(world, watch.id).flatMap((batch) => batch.events.map((event) => event.object.metadata.name))).toEqual(
    ["two"],
  );
});

test("a list in pages shows one moment", () => {
  let world = cluster();
  for (const name of ["a", "b", "c"]) ({ world } = ask(world, { method: "POST", path: pods, body: pod(name) }));
  const first = ask(world, { method: "GET", path: pods, query: { limit: "2" } });
  const { metadata } = first.response.body as {
    readonly metadata: { readonly continue: string; readonly remainingItemCount: number };
  };
  expect(metadata.remainingItemCount).toBe(1);
  world = ask(first.world, { method: "DELETE", path: `${pods}/c`, query: { gracePeriodSeconds: "0" } }).world;
  const second = ask(world, { method: "GET", path: pods, query: { limit: "2", continue: metadata.continue } });
  expect(second.response.body).toMatchObject({ items: [{ metadata: { name: "c" } }] });
});

const deployments = "/apis/apps/v1/namespaces/default/deployments";

function apply(replicas: number, manager: string, force = false): ApiRequest {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };
  return {
    method: "PATCH",
    path: `${deployments}/web`,
    query: { fieldManager: manager, ...(force ? { force: "true" } : {}) },
    headers: { "content-type": "application/apply-patch+yaml" },
    body: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { replicas, selector: { matchLabels: { app: "web" } }, template },
    },
  };
}

test("two appliers that want different values are in conflict until one of them forces", () => {
  const first = ask(cluster(), apply(2, "alice"));
  expect(first.response.code).toBe(201);
  const second = ask(first.world, apply(3, "bob"));
  expect(second.response).toMatchObject({
    code: 409,
    body: { message: 'Apply failed with 1 conflict: conflict with "alice": .spec.replicas' },
  });
  const forced = ask(second.world, apply(3, "bob", true));
  expect(forced.response).toMatchObject({ code: 200, body: { spec: { replicas: 3 }, metadata: { generation: 2 } } });
});

test("applying the same again writes nothing", () => {
  const first = ask(cluster(), apply(2, "alice"));
  const again = ask(first.world, apply(2, "alice"));
  expect(again.response.body).toBe(first.response.body);
});

test("a pod that is on no node goes at once, in two steps", () => {
  let { world } = ask(cluster(), { method: "POST", path: pods, body: pod("web") });
  const watch = send(world, { method: "GET", path: pods, query: { watch: "true" } });
  ({ world } = ask(watch.world, { method: "DELETE", path: `${pods}/web` }));
  const events = eventsOf(world, watch.id).flatMap((batch) => batch.events.map((event) => event.type));
  expect(events).toEqual(["ADDED", "MODIFIED", "DELETED"]);
});

test("an object with a finalizer is marked, and goes with the finalizer", () => {
  const path = "/api/v1/namespaces/default/configmaps";
  const held = { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "held", finalizers: ["example.com/hold"] } };
  let { world } = ask(cluster(), { method: "POST", path, body: held });
  const marked = ask(world, { method: "DELETE", path: `${path}/held` });
  expect(marked.response).toMatchObject({ code: 200, body: { metadata: { deletionGracePeriodSeconds: 0 } } });
  const headers = { "content-type": "application/merge-patch+json" };
  ({ world } = ask(marked.world, {
    method: "PATCH",
    path: `${path}/held`,
    headers,
    body: { metadata: { finalizers: null } },
  }));
  expect(ask(world, { method: "GET", path: `${path}/held` }).response.code).toBe(404);
});

test("what a role does not allow is refused in Kubernetes' words", () => {
  const id = ++exchanges;
  const message = {
    kind: "request",
    id,
    request: { method: "GET", path: pods },
    identity: { user: "bob", groups: [] },
  };
  let world = cluster();
  world = advanceUntil(post(world, { from: CLIENT, to: SERVER, message }), world.now + 20, programs);
  expect(heard(world).at(-1)).toMatchObject({
    response: {
      code: 403,
      body: {
        message: 'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
      },
    },
  });
});

test("a namespace that is not there takes nothing", () => {
  const answer = ask(cluster(), {
    method: "POST",
    path: "/api/v1/namespaces/nope/configmaps",
    body: { metadata: { name: "x" } },
  });
  expect(answer.response).toMatchObject({ code: 404, body: { message: 'namespaces "nope" not found' } });
});

test("a custom kind is served once it is defined, and held to its schema", () => {
  const schema = {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer", maximum: 3, default: 1 } } } },
  };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "toys.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "toys", singular: "toy", kind: "Toy" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  let { world } = ask(cluster(), {
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    body: definition,
  });
  const path = "/apis/example.com/v1/namespaces/default/toys";
  const toy = (spec: object): unknown => ({
    apiVersion: "example.com/v1",
    kind: "Toy",
    metadata: { name: "car" },
    spec,
  });
  const refused = ask(world, { method: "POST", path, body: toy({ size: 4 }) });
  expect(refused.response).toMatchObject({
    code: 422,
    body: {
      message:
        'Toy.example.com "car" is invalid: spec.size: Invalid value: 4: spec.size in body should be less than or equal to 3',
    },
  });
  const created = ask(refused.world, { method: "POST", path, body: toy({}) });
  expect(created.response).toMatchObject({ code: 201, body: { spec: { size: 1 }, metadata: { generation: 1 } } });
  ({ world } = created);
  world = ask(world, {
    method: "DELETE",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/toys.example.com",
  }).world;
  expect(ask(world, { method: "GET", path }).response.code).toBe(404);
});

test("an eviction that the budget does not allow is told to wait", () => {
  const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
  const labelled = { ...(pod("web") as object), metadata: { name: "web", labels: { app: "web" } } };
  let { world } = ask(cluster(), { method: "POST", path: pods, body: labelled });
  const headers = { "content-type": "application/merge-patch+json" };
  const ready = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
  ({ world } = ask(world, { method: "PATCH", path: `${pods}/web/status`, headers, body: ready }));
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "b" },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
  };
  ({ world } = ask(world, { method: "POST", path: budgets, body: budget }));
  const counted = {
    status: { observedGeneration: 1, currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
  };
  ({ world } = ask(world, { method: "PATCH", path: `${budgets}/b/status`, headers, body: counted }));
  const evicted = ask(world, {
    method: "POST",
    path: `${pods}/web/eviction`,
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web" } },
  });
  expect(evicted.response).toMatchObject({
    code: 429,
    body: {
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: { causes: [{ message: "The disruption budget b needs 1 healthy pods and has 1 currently" }] },
    },
  });
});

test("a policy in CEL refuses what breaks it", () => {
  const group = "/apis/admissionregistration.k8s.io/v1";
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] };
  const policy = {
    metadata: { name: "few" },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: "size(object.data) <= 1" }],
    },
  };
  const binding = { metadata: { name: "few" }, spec: { policyName: "few", validationActions: ["Deny"] } };
  let { world } = ask(cluster(), { method: "POST", path: `${group}/validatingadmissionpolicies`, body: policy });
  ({ world } = ask(world, { method: "POST", path: `${group}/validatingadmissionpolicybindings`, body: binding }));
  const path = "/api/v1/namespaces/default/configmaps";
  const refused = ask(world, { method: "POST", path, body: { metadata: { name: "x" }, data: { a: "1", b: "2" } } });
  expect(refused.response).toMatchObject({
    code: 422,
    body: {
      reason: "Invalid",
      message: `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: failed expression: size(object.data) <= 1`,
    },
  });
  const taken = ask(refused.world, { method: "POST", path, body: { metadata: { name: "x" }, data: { a: "1" } } });
  expect(taken.response.code).toBe(201);
});

test("a client that sets a timeout gets a bookmark every minute until its time is over", () => {
  const query = { watch: "true", timeoutSeconds: "90", allowWatchBookmarks: "true", resourceVersion: "" };
  const watch = send(cluster(), { method: "GET", path: pods, query });
  const world = advanceUntil(watch.world, watch.world.now + 100_000, programs);
  expect(eventsOf(world, watch.id).flatMap((batch) => batch.events.map((event) => event.type))).toEqual(["BOOKMARK"]);
  expect(heard(world).at(-1)).toEqual({ kind: "closed", id: watch.id });
});
