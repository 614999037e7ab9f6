import { expect, test } from "vitest";
import type { Process } from "../kernel/process.ts";
import { advanceUntil, emptyWorld, post, type Programs, spawn, type World } from "../kernel/world.ts";
import { restart, stop } from "../kernel/faults.ts";
import { get } from "../kernel/sorted-map.ts";
import { etcd, type EtcdState } from "./etcd.ts";
import type { FromEtcd, ToEtcd } from "./messages.ts";
import { prefixEnd } from "./messages.ts";

/** A client that only keeps what it hears. */
const ear: Process<readonly FromEtcd[], FromEtcd> = {
  name: "ear",
  start: () => ({ state: [], effects: [] }),
  step: (heard, message) => ({ state: [...heard, message], effects: [] }),
};
const programs: Programs = new Map<string, Process<unknown, unknown>>([
  ["etcd", etcd],
  ["ear", ear],
]);
const HERE = "control-plane/etcd";
const CLIENT = "control-plane/client";

function cluster(): World {
  const world = spawn(emptyWorld(1, 0), { address: HERE, program: "etcd", settings: {} }, programs);
  return spawn(world, { address: CLIENT, program: "ear", settings: {} }, programs);
}

function say(world: World, message: ToEtcd): World {
  return post(world, { from: CLIENT, to: HERE, message });
}

function settle(world: World): World {
  return advanceUntil(world, world.now + 10, programs);
}

function heard(world: World): readonly FromEtcd[] {
  return (get(world.residents, CLIENT)?.state ?? []) as readonly FromEtcd[];
}

function put(id: number, key: string, value: unknown, modRevision?: number): ToEtcd {
  const compare = modRevision === undefined ? [] : [{ key, target: "modRevision", equals: modRevision } as const];
  return { kind: "txn", id, compare, success: [{ kind: "put", key, value }], failure: [{ kind: "range", key }] };
}

test("the first write makes revision 2", () => {
  const world = settle(say(cluster(), put(1, "/registry/pods/a/x", "one")));
  expect(heard(world)).toMatchObject([{ kind: "transacted", id: 1, revision: 2, succeeded: true }]);
});

test("a write whose expectation is old fails and is told the present value", () => {
  const world = settle(say(settle(say(cluster(), put(1, "/k", "one", 0))), put(2, "/k", "two", 0)));
  expect(heard(world)[1]).toMatchObject({
    succeeded: false,
    revision: 2,
    ranges: [[{ value: "one", modRevision: 2 }]],
  });
});

test("a watch tells what happens in its range and nothing else, before the writer is answered", () => {
  const watch: ToEtcd = { kind: "watch", id: 9, key: "/registry/pods/", rangeEnd: prefixEnd("/registry/pods/") };
  let world = say(say(cluster(), watch), put(1, "/registry/pods/a/x", "one"));
  world = settle(say(world, put(2, "/registry/nodes/n", "node")));
  expect(heard(world).map((message) => message.kind)).toEqual(["watched", "transacted", "transacted"]);
  expect(heard(world)[0]).toMatchObject({ revision: 2, events: [{ key: "/registry/pods/a/x" }] });
});

test("a watch from an earlier revision begins with what it missed", () => {
  let world = settle(say(settle(say(cluster(), put(1, "/a", 1))), put(2, "/a", 2)));
  world = settle(say(world, { kind: "watch", id: 3, key: "/a", fromRevision: 3 }));
  expect(heard(world)[2]).toMatchObject({ kind: "watched", events: [{ revision: 3, previous: { value: 1 } }] });
});

test("an old revision can be read until it is compacted", () => {
  let world = settle(say(settle(say(cluster(), put(1, "/a", "old"))), put(2, "/a", "new")));
  world = settle(say(world, { kind: "range", id: 3, key: "/a", revision: 2 }));
  expect(heard(world)[2]).toMatchObject({ entries: [{ value: "old" }] });
  world = settle(say(world, { kind: "compact", id: 4, revision: 3 }));
  world = settle(say(world, { kind: "range", id: 5, key: "/a", revision: 2 }));
  expect(heard(world)[4]).toMatchObject({
    kind: "failed",
    error: "etcdserver: mvcc: required revision has been compacted",
  });
  world = settle(say(world, { kind: "watch", id: 6, key: "/a", fromRevision: 2 }));
  expect(heard(world)[5]).toMatchObject({ kind: "watch-cancelled", compactRevision: 3 });
});

test("keys that hang on a lease go when it ends", () => {
  let world = settle(say(cluster(), { kind: "lease-grant", id: 1, ttlSeconds: 5 }));
  const granted = heard(world)[0];
  const lease = granted?.kind === "leased" ? granted.lease : -1;
  const success = [{ kind: "put", key: "/l", value: 1, lease } as const];
  world = settle(say(world, { kind: "txn", id: 2, compare: [], success, failure: [] }));
  world = advanceUntil(world, 6000, programs);
  world = settle(say(world, { kind: "range", id: 3, key: "/l" }));
  expect(heard(world).at(-1)).toMatchObject({ kind: "ranged", count: 0 });
});

test("a crash loses what was not yet on disk and keeps the rest", () => {
  let world = settle(say(cluster(), put(1, "/kept", 1)));
  world = say(world, put(2, "/lost", 1));
  world = advanceUntil(world, world.now, programs);
  world = restart(stop(world, HERE, programs), HERE, programs);
  world = settle(world);
  const state = get(world.residents, HERE)?.state as EtcdState;
  expect([get(state.store.keys, "/kept")?.value, get(state.store.keys, "/lost")]).toEqual([1, undefined]);
});
