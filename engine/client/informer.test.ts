import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../api/object.ts";
import type { WatchEvent } from "../api/wire.ts";
import { get, keys, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import { type Informer, isFor, openInformer, receive, RECONNECT_MILLIS } from "./informer.ts";

const source = {
  resource: { group: "", version: "v1", plural: "pods" },
  server: "control-plane/kube-apiserver",
  caller: { identity: { user: "test", groups: [] }, userAgent: "test" },
  id: 1,
};

function pod(name: string, version: number): KubernetesObject {
  return { metadata: { namespace: "default", name, resourceVersion: String(version) } };
}

function events(list: readonly WatchEvent[], resourceVersion: number): unknown {
  return { kind: "events", id: 1, events: list, resourceVersion };
}

const bookmark: WatchEvent = { type: "BOOKMARK", object: { metadata: {} } };

function synced(objects: readonly KubernetesObject[], resourceVersion = 10): Informer<KubernetesObject> {
  const added = objects.map((object): WatchEvent => ({ type: "ADDED", object }));
  return receive(openInformer(source).informer, events([...added, bookmark], resourceVersion), 0).informer;
}

describe("an informer", () => {
  test("asks for a streaming list", () => {
    const { effects } = openInformer(source);
    expect(effects).toMatchObject([
      {
        kind: "send",
        to: source.server,
        message: { request: { path: "/api/v1/pods", query: { sendInitialEvents: "true" } } },
      },
    ]);
  });

  test("reports the first state at once, when it is complete", () => {
    const partial = receive(openInformer(source).informer, events([{ type: "ADDED", object: pod("a", 1) }], 5), 0);
    expect(partial.changes).toEqual([]);
    expect(partial.informer.synced).toBe(false);
    const whole = receive(partial.informer, events([bookmark], 7), 0);
    expect(whole.changes.map((change) => change.key)).toEqual(["default/a"]);
    expect(whole.informer).toMatchObject({ synced: true, resourceVersion: 7 });
  });

  test("tells additions, changes and deletions apart", () => {
    const informer = synced([pod("a", 1), pod("b", 2)]);
    const told = receive(
      informer,
      events(
        [
          { type: "MODIFIED", object: pod("a", 11) },
          { type: "DELETED", object: pod("b", 12) },
          { type: "ADDED", object: pod("c", 13) },
        ],
        13,
      ),
      0,
    );
    expect(
      told.changes.map(({ before, after }) => [before?.metadata.resourceVersion, after?.metadata.resourceVersion]),
    ).toEqual([
      ["1", "11"],
      ["2", undefined],
      [undefined, "13"],
    ]);
    expect(keys(told.informer.items)).toEqual(["default/a", "default/c"]);
  });

  test("takes the server's own tree when it is handed over", () => {
    const items: SortedMap<string, KubernetesObject> = set(null, "default/a", pod("a", 1));
    const message = { kind: "events", id: 1, events: [bookmark], resourceVersion: 3, items };
    expect(receive(openInformer(source).informer, message, 0).informer.items).toBe(items);
  });

  test("opens its watch again after a break and reports only the net change", () => {
    const broken = receive(synced([pod("a", 1), pod("b", 2)]), { kind: "closed", id: 1 }, 1000);
    expect(broken.effects).toEqual([{ kind: "wake", key: "reconnect 1", at: 1000 + RECONNECT_MILLIS }]);
    const opened = receive(broken.informer, { kind: "wake", key: "reconnect 1" }, 1800);
    expect(keys(opened.informer.items)).toEqual(["default/a", "default/b"]);
    const list: WatchEvent[] = [pod("a", 1), pod("c", 5)].map((object) => ({ type: "ADDED", object }));
    const again = receive(opened.informer, events([...list, bookmark], 20), 1900);
    expect(again.changes.map((change) => [change.key, change.after === undefined])).toEqual([
      ["default/b", true],
      ["default/a", false],
      ["default/c", false],
    ]);
  });

  test("a watch that is too old begins anew", () => {
    const gone: WatchEvent = { type: "ERROR", object: { metadata: {} } };
    expect(receive(synced([]), events([gone], 0), 0).effects).toMatchObject([{ kind: "wake" }]);
  });

  test("knows its own messages", () => {
    const informer = synced([]);
    expect(isFor(informer, { kind: "events", id: 1 })).toBe(true);
    expect(isFor(informer, { kind: "events", id: 2 })).toBe(false);
    expect(isFor(informer, { kind: "refused", message: { id: 1 } })).toBe(true);
    expect(isFor(informer, { kind: "wake", key: "reconnect 2" })).toBe(false);
  });
});

test("whatever the server tells, the informer holds what the server holds, and its changes lead from one to the other", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (list) => {
      let informer = synced([]);
      let server: SortedMap<string, KubernetesObject> = null;
      let followed: SortedMap<string, KubernetesObject> = null;
      for (const [index, [name, isDeletion]] of list.entries()) {
        const object = pod(name, index + 100);
        const key = `default/${name}`;
        const isThere = get(server, key) !== undefined;
        if (isDeletion && !isThere) continue;
        server = isDeletion ? remove(server, key) : set(server, key, object);
        const type = isDeletion ? "DELETED" : isThere ? "MODIFIED" : "ADDED";
        const told = receive(informer, events([{ type, object }], index + 100), 0);
        informer = told.informer;
        for (const change of told.changes) {
          followed =
            change.after === undefined ? remove(followed, change.key) : set(followed, change.key, change.after);
        }
      }
      expect(keys(informer.items)).toEqual(keys(server));
      expect(keys(followed)).toEqual(keys(server));
    }),
  );
});
