import fc from "fast-check";
import { expect, test } from "vitest";
import type { Node, Pod } from "../api/generated/types.ts";
import { keyOf, type KubernetesObject } from "../api/object.ts";
import { milliValue } from "../api/quantity.ts";
import { schemaNamed } from "../api/schema.ts";
import { applyStrategicMergePatch } from "../api/strategic-merge-patch.ts";
import type { ApiRequest, ApiResponse } from "../api/wire.ts";
import type { Effect, Moment } from "../kernel/process.ts";
import { stream } from "../kernel/prng.ts";
import { fromEntries } from "../kernel/sorted-map.ts";
import { type Plugin, unresolvable } from "./framework.ts";
import { kubeScheduler, kubeSchedulerWith } from "./kube-scheduler.ts";
import { defaultPlugins } from "./plugins/index.ts";
import type { SchedulerState } from "./state.ts";

/** The scheduler beside a server that keeps objects by collection, answers at once and tells of every change. */
class Bench {
  readonly requests: ApiRequest[] = [];
  readonly refusals = new Map<string, ApiResponse>();
  #objects = new Map<string, Map<string, KubernetesObject>>();
  #state: SchedulerState;
  #now = 0;
  #wakes = new Map<string, number>();
  #queue: unknown[] = [];
  #synced = false;

  readonly #scheduler: typeof kubeScheduler;

  constructor(seed = 7, scheduler = kubeScheduler) {
    this.#scheduler = scheduler;
    const started = scheduler.start({
      ...this.#moment(),
      prng: stream(seed, "scheduler"),
      settings: { server: SERVER, qps: 1e6, burst: 1e6 },
    });
    this.#state = started.state;
    this.#carryOut(started.effects);
  }

  #moment(): Moment {
    return { now: this.#now, self: "control-plane/kube-scheduler", from: SERVER, epochMillis: 1_776_859_200_000 };
  }

  put(plural: string, object: KubernetesObject): void {
    const collection = this.#objects.get(plural) ?? new Map<string, KubernetesObject>();
    const type = collection.has(keyOf(object)) ? "MODIFIED" : "ADDED";
    collection.set(keyOf(object), object);
    this.#objects.set(plural, collection);
    if (this.#synced) this.#tell(plural, type, object);
  }

  remove(plural: string, key: string): void {
    const object = this.#objects.get(plural)?.get(key);
    this.#objects.get(plural)?.delete(key);
    if (object !== undefined) this.#tell(plural, "DELETED", object);
  }

  pod(name: string): Pod | undefined {
    return this.#objects.get("pods")?.get(`default/${name}`) as Pod | undefined;
  }

  pods(): readonly Pod[] {
    return [...(this.#objects.get("pods")?.values() ?? [])] as Pod[];
  }

  #tell(plural: string, type: string, object: KubernetesObject): void {
    const items = fromEntries(this.#objects.get(plural) ?? []);
    this.#queue.push({ kind: "events", id: this.#idOf(plural), events: [{ type, object }], resourceVersion: 1, items });
  }

  #idOf(plural: string): number {
    return Object.values(this.#state.informers).find(({ source }) => source.resource.plural === plural)?.source.id ?? 0;
  }

  #sync(): void {
    this.#synced = true;
    for (const { source } of Object.values(this.#state.informers)) {
      const objects = [...(this.#objects.get(source.resource.plural)?.entries() ?? [])];
      const events = [
        ...objects.map(([, object]) => ({ type: "ADDED", object })),
        { type: "BOOKMARK", object: { metadata: {} } },
      ];
      this.#queue.push({ kind: "events", id: source.id, events, resourceVersion: 1, items: fromEntries(objects) });
    }
  }

  /** Lets everything happen that is due within `millis`. */
  run(millis = 0): void {
    const end = this.#now + millis;
    if (!this.#synced) this.#sync();
    for (;;) {
      for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) this.#step(message);
      const [next] = [...this.#wakes].toSorted(([, one], [, other]) => one - other);
      if (next === undefined || next[1] > end) break;
      this.#wakes.delete(next[0]);
      this.#now = Math.max(this.#now, next[1]);
      this.#step({ kind: "wake", key: next[0] });
    }
    this.#now = end;
  }

  #step(message: unknown): void {
    const outcome = this.#scheduler.step(this.#state, message, this.#moment());
    this.#state = outcome.state;
    this.#carryOut(outcome.effects);
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "wake") this.#wakes.set(effect.key, effect.at);
      else if (effect.kind === "cancel") this.#wakes.delete(effect.key);
      else if (effect.kind === "send")
        this.#serve(effect.message as { readonly id: number; readonly request: ApiRequest });
    }
  }

  #serve({ id, request }: { readonly id: number; readonly request: ApiRequest }): void {
    if (request.query?.["watch"] === "true") return;
    this.requests.push(request);
    const refusal = this.refusals.get(request.path);
    if (refusal === undefined) this.#change(request);
    this.#queue.push({ kind: "response", id, response: refusal ?? { code: 201, body: {} } });
  }

  #change({ method, path, body }: ApiRequest): void {
    const [, namespace, name = "", sub] = /namespaces\/([^/]+)\/pods\/([^/]+)(?:\/(\w+))?/.exec(path) ?? [];
    const pod = this.pod(name);
    if (namespace === undefined || pod === undefined) return;
    if (method === "DELETE") this.remove("pods", keyOf(pod));
    else if (sub === "binding") {
      const { target } = body as { readonly target: { readonly name: string } };
      this.put("pods", { ...pod, spec: { ...pod.spec, nodeName: target.name } });
    } else if (sub === "status") {
      const schema = schemaNamed("Pod");
      const patched = schema === undefined ? undefined : applyStrategicMergePatch(pod, body, schema);
      if (patched?.kind === "patched") this.put("pods", patched.value as Pod);
    }
  }
}

const SERVER = "control-plane/kube-apiserver";

function node(name: string, cpu = "4", labels: Readonly<Record<string, string>> = {}): Node {
  return { metadata: { name, labels }, spec: {}, status: { allocatable: { cpu, memory: "8Gi", pods: "110" } } };
}

function pod(name: string, cpu = "100m", spec: Partial<Pod["spec"]> = {}): Pod {
  const containers = [{ name: "c", resources: { requests: { cpu } } }];
  return {
    metadata: { name, namespace: "default", uid: name, generation: 1 },
    spec: { containers, ...spec },
    status: { phase: "Pending" },
  };
}

function notes(bench: Bench): readonly string[] {
  return bench.requests.flatMap(({ path, body }) =>
    path.includes("/events") && body !== undefined ? [(body as { readonly note?: string }).note ?? ""] : [],
  );
}

test("a pod is bound to a node that has room, and an event says so", () => {
  const bench = new Bench();
  bench.put("nodes", node("full", "1"));
  bench.put("nodes", node("free"));
  bench.put("pods", pod("a", "2"));
  bench.run();
  expect(bench.pod("a")?.spec.nodeName).toBe("free");
  expect(notes(bench)).toEqual(["Successfully assigned default/a to free"]);
  expect(bench.requests[0]?.body).toEqual({
    kind: "Binding",
    apiVersion: "v1",
    metadata: { name: "a", namespace: "default", uid: "a" },
    target: { kind: "Node", name: "free" },
  });
});

test("a refused pod says why, and is bound when a node that fits it appears", () => {
  const bench = new Bench();
  bench.put("nodes", node("small", "1"));
  bench.put("pods", pod("a", "2"));
  bench.run(5000);
  const message =
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  expect(bench.pod("a")?.status.conditions).toMatchObject([
    { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
  ]);
  bench.put("nodes", node("large"));
  bench.run();
  expect(bench.pod("a")?.spec.nodeName).toBe("large");
});

test("a binding that the server refuses is tried again after the backoff", () => {
  const bench = new Bench();
  bench.put("nodes", node("n"));
  bench.put("pods", pod("a"));
  const path = "/api/v1/namespaces/default/pods/a/binding";
  bench.refusals.set(path, { code: 500, body: { message: "etcd is away" } });
  bench.run();
  expect(notes(bench)).toEqual(['running Bind plugin "DefaultBinder": etcd is away']);
  bench.refusals.clear();
  bench.run(999);
  expect(bench.pod("a")?.spec.nodeName).toBeUndefined();
  bench.run(1);
  expect(bench.pod("a")?.spec.nodeName).toBe("n");
});

test("preemption evicts the lower pod, keeps its room, and binds the higher one when it is gone", () => {
  const bench = new Bench();
  bench.put("nodes", node("n"));
  bench.put("pods", pod("low", "3", { nodeName: "n", priority: 1 }));
  bench.put("pods", pod("high", "3", { priority: 5 }));
  bench.run(1);
  expect(bench.pod("low")).toBeUndefined();
  expect(bench.pod("high")?.spec.nodeName).toBe("n");
  expect(notes(bench)).toEqual([
    "0/1 nodes are available: 1 Insufficient cpu.",
    "Preempted by pod high on node n",
    "Successfully assigned default/high to n",
  ]);
  const patches = bench.requests
    .filter(({ path }) => path.endsWith("/status"))
    .map(({ path, body }) => [path.split("/").at(-2), body]);
  expect(patches).toMatchObject([
    ["low", { status: { conditions: [{ type: "DisruptionTarget", reason: "PreemptionByScheduler" }] } }],
    ["high", { status: { nominatedNodeName: "n" } }],
  ]);
});

test("a volume is bound first; a second later its claim is looked at, and then the pod is bound", () => {
  const bench = new Bench();
  bench.put("nodes", node("n"));
  const spec = {
    storageClassName: "late",
    accessModes: ["ReadWriteOnce" as const],
    resources: { requests: { storage: "1Gi" } },
  };
  const claim = { metadata: { name: "c", namespace: "default", uid: "c" }, spec, status: { phase: "Pending" } };
  const volume = {
    metadata: { name: "v" },
    spec: { ...spec, capacity: { storage: "1Gi" } },
    status: { phase: "Available" },
  };
  bench.put("storageclasses", {
    metadata: { name: "late" },
    volumeBindingMode: "WaitForFirstConsumer",
    provisioner: "",
  } as never);
  bench.put("persistentvolumeclaims", claim);
  bench.put("persistentvolumes", volume);
  bench.put("pods", pod("a", "1", { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "c" } }] }));
  bench.run();
  expect(bench.requests.map(({ method, path }) => `${method} ${path.split("/").slice(-2).join("/")}`)).toEqual([
    "PATCH a/status",
    "PUT persistentvolumes/v",
  ]);
  expect(bench.pod("a")?.status.nominatedNodeName).toBe("n");
  const annotations = { "pv.kubernetes.io/bind-completed": "yes" };
  bench.put("persistentvolumeclaims", {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...spec, volumeName: "v" },
  });
  bench.run(999);
  expect(bench.pod("a")?.spec.nodeName).toBeUndefined();
  bench.run(1);
  expect(bench.pod("a")?.spec.nodeName).toBe("n");
});

test("pods of other schedulers and gated pods are left alone", () => {
  const bench = new Bench();
  bench.put("nodes", node("n"));
  bench.put("pods", pod("a", "1", { schedulerName: "mine" }));
  bench.put("pods", pod("b", "1", { schedulingGates: [{ name: "wait" }] }));
  bench.run(60_000);
  expect(bench.requests).toEqual([]);
});

test("whatever nodes and pods there are, no node is overcommitted, and who waits fits nowhere", () => {
  const cpus = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 });
  const wishes = fc.array(fc.integer({ min: 100, max: 4000 }), { maxLength: 20 });
  fc.assert(
    fc.property(cpus, wishes, fc.nat(1000), (nodes, pods, seed) => {
      const bench = new Bench(seed);
      for (const [index, cpu] of nodes.entries()) bench.put("nodes", node(`n${index}`, String(cpu)));
      for (const [index, cpu] of pods.entries()) bench.put("pods", pod(`p${index}`, `${cpu}m`));
      bench.run(1);
      const left = new Map(nodes.map((cpu, index) => [`n${index}`, cpu * 1000]));
      const wishOf = (one: Pod): number => milliValue(one.spec.containers[0]?.resources?.requests?.["cpu"] ?? "0");
      for (const one of bench.pods()) {
        const { nodeName } = one.spec;
        if (nodeName !== undefined) left.set(nodeName, (left.get(nodeName) ?? 0) - wishOf(one));
      }
      for (const rest of left.values()) expect(rest).toBeGreaterThanOrEqual(0);
      const waiting = bench.pods().filter(({ spec }) => spec.nodeName === undefined);
      for (const one of waiting) for (const rest of left.values()) expect(wishOf(one)).toBeGreaterThan(rest);
    }),
    { numRuns: 60 },
  );
});

test("a scheduler with a plugin of its own asks it too", () => {
  const own: Plugin = {
    name: "NoLoudPods",
    filter: ({ labels }) => (labels["voice"] === "loud" ? unresolvable("node(s) want silence") : undefined),
  };
  const bench = new Bench(7, kubeSchedulerWith("quiet", [...defaultPlugins, own]));
  bench.put("nodes", node("n"));
  const loud = pod("loud");
  bench.put("pods", { ...loud, metadata: { ...loud.metadata, labels: { voice: "loud" } } });
  bench.put("pods", pod("soft"));
  bench.run();
  expect(bench.pod("soft")?.spec.nodeName).toBe("n");
  expect(bench.pod("loud")?.status.conditions?.[0]?.message).toContain("1 node(s) want silence");
});

test("the same seed gives the same nodes, another seed may not", () => {
  const placesWith = (seed: number): readonly (string | undefined)[] => {
    const bench = new Bench(seed);
    for (let index = 0; index < 5; index++) bench.put("nodes", node(`n${index}`));
    for (let index = 0; index < 10; index++) bench.put("pods", pod(`p${index}`));
    bench.run(1);
    return bench.pods().map(({ spec }) => spec.nodeName);
  };
  expect(placesWith(1)).toEqual(placesWith(1));
  expect(placesWith(1)).not.toEqual(placesWith(2));
});
