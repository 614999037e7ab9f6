import { expect, test } from "vitest";
import type { KubernetesObject } from "../../api/object.ts";
import { type Graph, grow, withoutNode } from "./graph.ts";

const sets = { resource: { group: "apps", version: "v1", plural: "replicasets" }, kind: "ReplicaSet" };
const pods = { resource: { group: "", version: "v1", plural: "pods" }, kind: "Pod" };

function object(uid: string, owners: readonly string[] = [], more: object = {}): KubernetesObject {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: owner,
    uid: owner,
  }));
  return { metadata: { name: uid, namespace: "n", uid, ownerReferences, ...more } };
}

function added(graph: Graph, one: KubernetesObject, collection = pods): ReturnType<typeof grow> {
  return grow(graph, collection, { key: "", before: undefined, after: one });
}

test("when an owner goes, its dependents are looked at", () => {
  const owner = object("rs");
  let { graph } = added(null, owner, sets);
  ({ graph } = added(graph, object("p1", ["rs"])));
  ({ graph } = added(graph, object("p2", ["rs"])));
  const gone = grow(graph, sets, { key: "", before: owner, after: undefined });
  expect(gone.toDelete).toEqual(["p1", "p2"]);
});

test("an owner that nobody has seen is asked for, and its absence frees its dependents", () => {
  const seen = added(null, object("p1", ["ghost"]));
  expect(seen.toDelete).toEqual(["ghost"]);
  expect(withoutNode(seen.graph, "ghost").toDelete).toEqual(["p1"]);
});

test("foreground deletion looks at the dependents and then at the owner; orphaning at the owner only", () => {
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  const owner = object("rs");
  let { graph } = added(null, owner, sets);
  ({ graph } = added(graph, object("p1", ["rs"])));
  const change = (finalizer: string): ReturnType<typeof grow> =>
    grow(graph, sets, {
      key: "",
      before: owner,
      after: object("rs", [], { deletionTimestamp, finalizers: [finalizer] }),
    });
  expect(change("foregroundDeletion").toDelete).toEqual(["p1", "rs"]);
  expect([change("orphan").toDelete, change("orphan").toOrphan]).toEqual([[], ["rs"]]);
});
