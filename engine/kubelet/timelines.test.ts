import { expect, test } from "vitest";
import type { Pod } from "../api/generated/types.ts";
import type { Programs, World } from "../kernel/world.ts";
import { advanceUntil, emptyWorld, post, spawn } from "../kernel/world.ts";
import { get } from "../kernel/sorted-map.ts";
import { containerd } from "../runtime/containerd.ts";
import { outsideHost } from "../edge/outside-host.ts";
import { standIn, type StandInState } from "../../test/parity/kubelet/api-stand-in.ts";
import { kubelet } from "./kubelet.ts";

const SERVER = "control-plane/kube-apiserver";
const programs = new Map([standIn, kubelet, containerd, outsideHost].map((it) => [it.name, it])) as unknown as Programs;

/** One node, idle; the relists and the sync ticker fall on whole seconds, so that times can be written down. */
function oneNode(settings: Readonly<Record<string, unknown>> = {}): World {
  const images = ["busybox:1.36", "nginx:1.27", "workbook.example/web-app:1", "workbook.example/api-with-database:1"];
  const node = {
    name: "n",
    ip: "172.18.0.3",
    podCidr: "10.244.0.0/24",
    cpuMilli: 4000,
    memoryBytes: 8 * 2 ** 30,
    podsMax: 3,
    images,
  };
  let world = emptyWorld(1, Date.parse("2026-04-22T12:00:00Z"));
  world = spawn(world, { address: SERVER, program: "stand-in", settings: null }, programs);
  world = spawn(
    world,
    { address: "outside/database", program: "outside-host", settings: { ports: [5432], latencyMillis: 2 } },
    programs,
  );
  world = spawn(
    world,
    { address: "n/containerd", program: "containerd", settings: { node, kubelet: "n/kubelet", outside: "outside" } },
    programs,
  );
  const own = {
    node,
    server: SERVER,
    runtime: "n/containerd",
    heartbeats: "every",
    relistPhaseMillis: 0,
    syncPhaseMillis: 0,
    ...settings,
  };
  world = spawn(world, { address: "n/kubelet", program: "kubelet", settings: own }, programs);
  return advanceUntil(world, 10_000, programs);
}

type Spec = Readonly<Record<string, unknown>>;

function withPod(world: World, spec: Spec, name = "p"): World {
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "d", uid: `uid-${name}`, generation: 1 },
    spec: { nodeName: "n", restartPolicy: "Always", ...spec },
    status: { phase: "Pending" },
  };
  return post(world, {
    from: "control-plane/hand",
    to: SERVER,
    message: { kind: "put", path: `/api/v1/namespaces/d/pods/${name}`, object },
  });
}

function shell(script: string, more: Spec = {}): Spec {
  return { containers: [{ name: "c", image: "busybox:1.36", command: ["sh", "-c", script], ...more }] };
}

function run(world: World, until: number): World {
  return advanceUntil(world, 10_000 + until, programs);
}

function api(world: World): StandInState {
  return get(world.residents, SERVER)?.state as StandInState;
}

function deleted(world: World, graceSeconds: number): World {
  const path = "/api/v1/namespaces/d/pods/p";
  const pod = get(api(world).objects, path) as Pod;
  const object = {
    ...pod,
    metadata: {
      ...pod.metadata,
      generation: 2,
      deletionTimestamp: "2026-04-22T12:00:30Z",
      deletionGracePeriodSeconds: graceSeconds,
    },
  };
  return post(world, { from: "control-plane/hand", to: SERVER, message: { kind: "put", path, object } });
}

function disturb(world: World, change: string): World {
  return post(world, {
    from: "n/hand",
    to: "n/containerd",
    message: { kind: "disturb", namespace: "d", pod: "p", change },
  });
}

/** `second state restarts` at each change of the first container, seconds counted from when the pod came. */
function story(world: World): string[] {
  const lines: string[] = [];
  for (const { at, type, object } of api(world).told) {
    if (object.kind !== "Pod") continue;
    const { status } = object as Pod;
    const container = status.containerStatuses?.[0];
    const state = stateText(container?.state ?? {});
    const ready = container?.ready === true ? "ready" : "unready";
    const text =
      type === "DELETED" ? "deleted" : `${status.phase ?? ""} ${state} ${ready} r${container?.restartCount ?? 0}`;
    if (lines.at(-1)?.replace(/^\S+ /, "") !== text) lines.push(`${((at - 10_000) / 1000).toFixed(1)} ${text}`);
  }
  return lines;
}

function stateText({
  running,
  terminated,
  waiting,
}: NonNullable<NonNullable<Pod["status"]["containerStatuses"]>[number]["state"]>): string {
  if (running !== undefined) return "running";
  return terminated === undefined ? (waiting?.reason ?? "-") : `${terminated.reason ?? ""}/${terminated.exitCode}`;
}

function events(world: World, reason: string): string[] {
  return api(world)
    .told.filter((it) => it.object.kind === "Event" && (it.object as unknown as { reason: string }).reason === reason)
    .map((it) => `${((it.at - 10_000) / 1000).toFixed(1)} ${(it.object as unknown as { message: string }).message}`);
}

test("a pod starts in 0.23 s on an idle node, without volumes (golden i-kubelet-writes g01)", () => {
  expect(story(run(withPod(oneNode(), shell("sleep 600")), 5000))).toEqual([
    "0.0 Pending - unready r0",
    "0.0 Pending ContainerCreating unready r0",
    "0.2 Running running ready r0",
  ]);
});

test("restart back-off is 10 s, 20 s, 40 s and so on, plus up to half (pod lifecycle docs; golden SURPRISES 2)", () => {
  const lines = story(run(withPod(oneNode(), shell("sleep 1; exit 1")), 900_000)).filter((line) =>
    / running /.test(line),
  );
  const starts = lines.map((line) => Number(line.split(" ")[0]));
  const waits = starts.slice(1).map((at, index) => at - (starts[index] ?? 0) - 1);
  const nominal = [0, 10, 20, 40, 80, 160, 300];
  expect(waits.length).toBeGreaterThanOrEqual(6);
  waits.slice(0, 7).forEach((wait, index) => {
    const least = nominal[index] ?? 0;
    expect(wait, `wait ${index}`).toBeGreaterThanOrEqual(least - 0.1);
    expect(wait, `wait ${index}`).toBeLessThanOrEqual(least * 1.5 + 62);
  });
});

test("the back-off starts anew after ten minutes without a crash (pod lifecycle docs)", () => {
  const script = "if [ -f /v/long ]; then sleep 700; rm /v/long; exit 1; fi; touch /v/long; exit 1";
  const spec = {
    ...shell(script, { volumeMounts: [{ name: "v", mountPath: "/v" }] }),
    volumes: [{ name: "v", emptyDir: {} }],
  };
  const lines = story(run(withPod(oneNode(), spec), 800_000)).filter((line) => / running /.test(line));
  const [, second, third] = lines.map((line) => Number(line.split(" ")[0]));
  // The crash after 700 s restarts at once: within the next relist.
  expect((third ?? 0) - (second ?? 0)).toBeLessThan(703);
});

test.each([
  [
    "a trapped TERM ends the pod at once with its own code",
    "trap 'exit 0' TERM; while true; do sleep 0.1; done",
    { grace: 30, end: "Succeeded Completed/0", seconds: 0.5 },
  ],
  [
    "PID 1 ignores TERM without a handler and is killed after the grace: 137",
    "sleep 600",
    { grace: 5, end: "Failed Error/137", seconds: 5.2 },
  ],
  [
    "an ignored TERM is the same",
    "trap '' TERM; while true; do sleep 0.2; done",
    { grace: 7, end: "Failed Error/137", seconds: 7.2 },
  ],
  ["a grace of 1 s still gives 2 s", "sleep 600", { grace: 1, end: "Failed Error/137", seconds: 2.2 }],
  [
    "a handler that exits with 5 makes the pod Failed",
    "trap 'exit 5' TERM; while true; do sleep 0.1; done",
    { grace: 30, end: "Failed Error/5", seconds: 0.5 },
  ],
])("%s", (_, script, { grace, end, seconds }) => {
  const world = run(deleted(run(withPod(oneNode(), shell(script)), 5000), grace), 60_000);
  const last = story(world).findLast((line) => line.includes(end)) ?? "";
  expect(last).not.toBe("");
  expect(Number(last.split(" ")[0]) - 5).toBeGreaterThanOrEqual(seconds - 0.5);
  expect(Number(last.split(" ")[0]) - 5).toBeLessThanOrEqual(seconds + 0.3);
  expect(story(world).at(-1)).toMatch(/deleted$/);
});

test("a preStop hook uses up the grace, and TERM still gets 2 s (pod lifecycle docs; golden 17)", () => {
  const hook = { lifecycle: { preStop: { exec: { command: ["sleep", "35"] } } } };
  const world = run(
    deleted(run(withPod(oneNode(), shell("trap 'exit 0' TERM; while true; do sleep 0.2; done", hook)), 5000), 10),
    60_000,
  );
  expect(events(world, "FailedPreStopHook")).toEqual(["15.0 PreStopHook failed"]);
  expect(story(world).some((line) => /^15\.\d Succeeded Completed\/0/.test(line))).toBe(true);
});

test.each([
  [
    "liveness fails three times, then the container is killed and started at once",
    { livenessProbe: { exec: { command: ["cat", "/tmp/ok"] }, periodSeconds: 5, timeoutSeconds: 1 } },
    "touch /tmp/ok; sleep 12; rm /tmp/ok; sleep 600",
    25,
  ],
  [
    "a threshold of one kills at the first failure",
    { livenessProbe: { exec: { command: ["cat", "/tmp/ok"] }, periodSeconds: 5, failureThreshold: 1 } },
    "touch /tmp/ok; sleep 12; rm /tmp/ok; sleep 600",
    15,
  ],
  [
    "the initial delay is waited for, then every period",
    {
      livenessProbe: { exec: { command: ["false"] }, initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 2 },
    },
    "sleep 600",
    40,
  ],
])("%s", (_, probe, script, killAt) => {
  const spec = { ...shell(script, probe), terminationGracePeriodSeconds: 1 };
  const [first] = events(run(withPod(oneNode(), spec), 100_000), "Killing");
  expect(Number(first?.split(" ")[0])).toBeGreaterThanOrEqual(killAt - 0.1);
  expect(Number(first?.split(" ")[0])).toBeLessThanOrEqual(killAt + 1.5);
});

test("readiness that fails for an hour never restarts (probe docs)", () => {
  const spec = shell("sleep 7200", { readinessProbe: { exec: { command: ["false"] }, periodSeconds: 10 } });
  expect(story(run(withPod(oneNode({ heartbeats: "when-noticed" }), spec), 3_600_000)).at(-1)).toMatch(
    /Running running unready r0$/,
  );
});

test("liveness and restartPolicy Never: not restarted, the pod is Failed (probe docs)", () => {
  const spec = {
    ...shell("sleep 600", { livenessProbe: { exec: { command: ["false"] }, periodSeconds: 2 } }),
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 1,
  };
  expect(story(run(withPod(oneNode(), spec), 60_000)).at(-1)).toMatch(/Failed Error\/137 unready r0$/);
});

test("a startup probe holds the others back and runs again after a restart (probe docs)", () => {
  const probes = {
    startupProbe: { exec: { command: ["cat", "/tmp/up"] }, periodSeconds: 5, failureThreshold: 20 },
    livenessProbe: { exec: { command: ["cat", "/tmp/up"] }, periodSeconds: 5, failureThreshold: 3 },
  };
  const spec = {
    ...shell("sleep 42; touch /tmp/up; sleep 30; rm /tmp/up; sleep 600", probes),
    terminationGracePeriodSeconds: 1,
  };
  const lines = story(run(withPod(oneNode(), spec), 150_000));
  expect(
    lines.filter((line) => line.endsWith("running ready r0")).map((line) => Math.round(Number(line.split(" ")[0]))),
  ).toEqual([45]);
  expect(lines.some((line) => line.endsWith("running ready r1"))).toBe(true);
  expect(lines.some((line) => line.endsWith("r2"))).toBe(false);
});

test("HTTP success is 200 to 399 (probe docs): a redirect does not fail", () => {
  const container = (path: string): Spec => ({
    containers: [
      {
        name: "c",
        image: "workbook.example/web-app:1",
        readinessProbe: { httpGet: { path, port: 8080 }, periodSeconds: 2 },
      },
    ],
  });
  expect(story(run(withPod(oneNode(), container("/old")), 10_000)).at(-1)).toMatch(/running ready/);
  expect(story(run(withPod(oneNode(), container("/missing")), 10_000)).at(-1)).toMatch(/running unready/);
});

test("a hung HTTP server passes a tcpSocket probe and fails an httpGet probe", () => {
  const container = (probe: Spec): Spec => ({
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "c", image: "workbook.example/web-app:1", livenessProbe: { periodSeconds: 5, ...probe } }],
  });
  const hung = (probe: Spec): World => run(disturb(run(withPod(oneNode(), container(probe)), 20_000), "hang"), 60_000);
  expect(story(hung({ tcpSocket: { port: 8080 } })).at(-1)).toMatch(/r0$/);
  expect(story(hung({ httpGet: { path: "/healthz", port: 8080 } })).at(-1)).toMatch(/r1$/);
});

test("a liveness probe that looks at the database restarts healthy pods in its outage; one that does not leaves them alone", () => {
  const container = (path: string): Spec => ({
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "c",
        image: "workbook.example/api-with-database:1",
        livenessProbe: { httpGet: { path, port: 8080 }, periodSeconds: 10 },
      },
    ],
  });
  const outage = (path: string): World => {
    const down = post(run(withPod(oneNode(), container(path)), 20_000), {
      from: "l/f",
      to: "outside/database",
      message: { kind: "set-condition", condition: "down" },
    });
    return run(down, 140_000);
  };
  expect(Number(/r(\d+)$/.exec(story(outage("/healthz")).at(-1) ?? "")?.[1])).toBeGreaterThan(1);
  expect(story(outage("/livez")).at(-1)).toMatch(/r0$/);
});

test("the deadline of a pod ends it: Failed, DeadlineExceeded (golden SURPRISES 11)", () => {
  const world = run(
    withPod(oneNode(), { ...shell("sleep 600"), activeDeadlineSeconds: 8, terminationGracePeriodSeconds: 3 }),
    40_000,
  );
  const last = api(world).told.findLast((it) => it.object.kind === "Pod")?.object as Pod;
  expect([last.status.phase, last.status.reason]).toEqual(["Failed", "DeadlineExceeded"]);
  expect(events(world, "DeadlineExceeded")).toHaveLength(4);
});

test("a node that is full refuses a pod with OutOfpods: maxPods (large clusters docs)", () => {
  let world = oneNode();
  for (const name of ["p", "q", "r", "s"]) world = withPod(world, shell("sleep 600"), name);
  const last = api(run(world, 10_000)).told.findLast((it) => it.object.metadata.name === "s")?.object as Pod;
  expect([last.status.phase, last.status.reason, last.status.conditions]).toEqual(["Failed", "OutOfpods", undefined]);
});

test("the lease is renewed every 10 s, the status written every 5 min (nodes docs)", () => {
  const world = run(oneNode(), 600_000);
  const leases = api(world).writes.filter((it) => it.request.path.includes("/leases") && it.request.method === "PUT");
  expect(leases.slice(1).every((it, index) => it.at - (leases[index]?.at ?? 0) === 10_000)).toBe(true);
  expect(api(world).writes.filter((it) => it.request.path.endsWith("/status")).length).toBe(3);
});

test("quiet heartbeats stay within the 45 s in which the node-lifecycle controller must hear of a living node", () => {
  const world = run(oneNode({ heartbeats: "when-noticed" }), 600_000);
  const leases = api(world).writes.filter((it) => it.request.path.includes("/leases"));
  const gaps = leases.map((it, index) => (leases[index + 1]?.at ?? 600_000) - it.at);
  expect(Math.max(...gaps)).toBeLessThan(45_000);
  expect(leases.length).toBeLessThan(20);
});

test("an image that is not in the catalogue cannot be pulled, with a back-off of 10 s and more (golden g14)", () => {
  const world = run(withPod(oneNode(), { containers: [{ name: "c", image: "registry.invalid/x:1" }] }), 60_000);
  expect(events(world, "Pulling").length).toBeGreaterThanOrEqual(2);
  expect(story(world).some((line) => line.includes("ErrImagePull"))).toBe(true);
});

test("what can be noticed is the same when heartbeats and repeated failures are skipped", () => {
  const spec = {
    terminationGracePeriodSeconds: 2,
    ...shell("sleep 20; touch /tmp/up; sleep 37; rm /tmp/up; sleep 33; touch /tmp/up; sleep 21; exit 3", {
      readinessProbe: { exec: { command: ["cat", "/tmp/up"] }, periodSeconds: 3 },
      livenessProbe: {
        exec: { command: ["cat", "/tmp/up"] },
        periodSeconds: 7,
        failureThreshold: 4,
        initialDelaySeconds: 30,
      },
      startupProbe: { exec: { command: ["cat", "/tmp/up"] }, periodSeconds: 2, failureThreshold: 30 },
    }),
  };
  const of = (heartbeats: string): string[] => story(run(withPod(oneNode({ heartbeats }), spec), 600_000));
  expect(of("when-noticed")).toEqual(of("every"));
});
