import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  boot,
  causes,
  digest,
  exec,
  inject,
  interrupt,
  objectsIn,
  open,
  outcomeOf,
  record,
  replay,
  request,
  trace,
  view,
  why,
  workers,
  type World,
  writeFile,
} from "../index.ts";

const fresh = boot(workers(2), { seed: 7 });

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx, ports: [{containerPort: 80}]}
`;

function withWeb(world: World): World {
  return exec(writeFile(world, "/home/learner/web.yaml", web), "kubectl apply -f web.yaml").world;
}

describe("a booted cluster", () => {
  test("is up: every node is Ready", () => {
    expect(view(fresh).nodes).toEqual([
      { name: "worker-1", isReady: true, isSchedulable: true, taints: [] },
      { name: "worker-2", isReady: true, isSchedulable: true, taints: [] },
    ]);
  });

  test("is the same world for the same seed, and another for another", () => {
    expect(digest(boot(workers(2), { seed: 7 }))).toBe(digest(fresh));
    expect(digest(boot(workers(2), { seed: 8 }))).not.toBe(digest(fresh));
  });

  test("brings a Deployment to Ready Pods", () => {
    const later = advance(withWeb(fresh), { for: 10_000 });
    expect(view(later).pods.map((pod) => [pod.status, pod.isReady])).toEqual([
      ["Running", true],
      ["Running", true],
    ]);
  });
});

describe("commands", () => {
  test("a file that a command writes stays", () => {
    const written = exec(fresh, "echo hello > note.txt").world;
    expect(exec(written, "cat note.txt").stdout).toBe("hello\n");
  });

  test("a watch goes on while the world does, until Ctrl-C", () => {
    const opened = open(fresh, "kubectl get pods -w");
    const later = advance(withWeb(advance(opened.world, { for: 100 })), { for: 5000 });
    const running = outcomeOf(later, opened.command);
    expect(running.exitCode).toBeUndefined();
    expect(running.stdout).toContain("Running");
    const ended = advance(interrupt(later, opened.command), { for: 1 });
    expect(outcomeOf(ended, opened.command).exitCode).toBe(130);
  });

  test("a command that never ends is stopped and says so", () => {
    const done = exec(fresh, "sleep 99999");
    expect(done.stderr).toContain("did not end within 15 minutes");
  });
});

describe("requests", () => {
  test("have the HTTP shape of the API", () => {
    const { response } = request(fresh, { method: "GET", path: "/api/v1/namespaces/default" });
    expect(response.code).toBe(200);
    expect(response.body).toMatchObject({ kind: "Namespace", metadata: { name: "default" } });
  });
});

type Action = (world: World) => World;

const actions = fc.constantFrom<Action>(
  withWeb,
  (world) => advance(world, { for: 3000 }),
  (world) => exec(world, "kubectl scale deployment web --replicas=3").world,
  (world) => exec(world, "kubectl get pods -o wide").world,
  (world) => request(world, { method: "GET", path: "/api/v1/nodes" }).world,
  (world) => inject(world, { kind: "pause", process: "worker-1/kubelet" }),
  (world) => inject(world, { kind: "resume", process: "worker-1/kubelet" }),
  (world) => inject(world, { kind: "kill", process: "control-plane/kube-scheduler" }),
  (world) => exec(world, "kubectl delete deployment web").world,
);

describe("histories", () => {
  test("a recording run again gives the same digest, whatever was done", () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 6 }), (list) => {
        const world = list.reduce((next, action) => action(next), fresh);
        expect(digest(replay(record(world)))).toBe(digest(world));
      }),
      { numRuns: 25 },
    );
  });

  test("a recording survives being written down", () => {
    const world = advance(withWeb(fresh), { for: 5000 });
    const written = JSON.stringify(record(world));
    expect(digest(replay(JSON.parse(written) as ReturnType<typeof record>))).toBe(digest(world));
  });

  test("a fork does not change the world that it came from", () => {
    const before = digest(fresh);
    advance(withWeb(fresh), { for: 5000 });
    expect(digest(fresh)).toBe(before);
  });
});

describe("causes", () => {
  test("why a Pod is as it is leads back over three hops and more to what came from outside", () => {
    const later = advance(withWeb(fresh), { for: 10_000 });
    const [pod] = objectsIn(later, { plural: "pods", namespace: "default" });
    const chain = why(later, { kind: "Pod", namespace: "default", name: pod?.metadata.name ?? "" });
    expect(chain.length).toBeGreaterThan(3);
    expect(chain.at(-1)?.cause).toBe(0);
    const last = trace(later).at(-1);
    expect(causes(later, last?.id ?? 0)[0]).toBe(last);
  });
});

describe("what dies and comes back", () => {
  const grow: Action = (world) => exec(world, "kubectl scale deployment web --replicas=4").world;
  const cases: readonly (readonly [string, string])[] = [
    ["the API server", "control-plane/kube-apiserver"],
    ["etcd", "control-plane/etcd"],
    ["the scheduler", "control-plane/kube-scheduler"],
    ["the ReplicaSet controller", "control-plane/replica-set-controller"],
    ["the Deployment controller", "control-plane/deployment-controller"],
  ];
  test.each(cases)("after %s was killed for 30 s and started again, work goes on where it was", (_, process) => {
    const running = advance(withWeb(fresh), { for: 10_000 });
    const killed = advance(inject(running, { kind: "kill", process }), { for: 30_000 });
    const back = advance(inject(killed, { kind: "restart", process }), { for: 30_000 });
    const grown = advance(grow(back), { for: 60_000 });
    expect(view(grown).pods.filter((pod) => pod.isReady)).toHaveLength(4);
    expect(view(grown).pods.map((pod) => pod.uid)).toEqual(
      expect.arrayContaining(view(running).pods.map((pod) => pod.uid)),
    );
  });
});
