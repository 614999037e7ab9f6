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
