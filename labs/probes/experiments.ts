import {
  advance,
  boot,
  exec,
  type Fault,
  inject,
  objectAt,
  trace,
  trafficOf,
  view,
  type World,
  writeFile,
} from "@workbook/engine";
import { killsIn, resultsIn, startsIn } from "../checks/pod-lines.ts";

/**
 * The runs behind the quiz: each builds a small world, lets something happen and reads what became of it. A result is the id of the right
 * option, a number, or an order. `workbook verify` compares it with the key; a page can run it to show what it is about.
 */
export type Experiment = () => string | number | readonly string[];

const SECOND = 1000;
const MINUTE = 60_000;

interface Setting {
  readonly image: string;
  readonly probes: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly restartPolicy?: string;
  readonly graceSeconds?: number;
  readonly name?: string;
}

function pod({
  image,
  probes,
  environment = {},
  restartPolicy = "Always",
  graceSeconds = 5,
  name = "app",
}: Setting): string {
  const env = Object.entries(environment).map(([key, value]) => `{ name: ${key}, value: "${value}" }`);
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: app } }
spec:
  restartPolicy: ${restartPolicy}
  terminationGracePeriodSeconds: ${graceSeconds}
  containers:
    - name: app
      image: workbook.example/${image}:1.0
      env: [${env.join(", ")}]
${probes}
`;
}

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { selector: { app: app }, ports: [{ port: 8080 }] }
`;

const HTTP = "httpGet: { path: /healthz, port: 8080 }";

function cluster(): World {
  const outside = [{ name: "database", ports: [5432] }];
  return boot({ nodes: [{ name: "worker-1" }], outside }, { seed: 24 });
}

/** A world with these objects, some time after they were applied. */
function given(manifest: string, millis: number): World {
  const path = "/home/learner/experiment.yaml";
  return advance(exec(writeFile(cluster(), path, manifest), `kubectl apply -f ${path}`).world, { for: millis });
}

function disturbed(world: World, change: string, name = "app"): World {
  const fault: Fault = { kind: "container", namespace: "default", pod: name, change };
  return inject(world, fault);
}

interface PodObject {
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly {
      readonly restartCount?: number;
      readonly ready?: boolean;
      readonly started?: boolean;
    }[];
  };
  readonly spec?: { readonly nodeName?: string };
  readonly metadata?: { readonly uid?: string };
}

function podIn(world: World, name = "app"): PodObject {
  return (objectAt(world, { plural: "pods", namespace: "default", name }) as PodObject | undefined) ?? {};
}

function restartsIn(world: World): number {
  return podIn(world).status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** How many probes of one kind failed, by the events. */
function failuresIn(world: World, probe: string): readonly number[] {
  return trace(world)
    .filter(
      (line) => line.reason === "Unhealthy" && String(line.facts?.["message"]).startsWith(`${probe} probe failed`),
    )
    .map((line) => line.at);
}

function startupHowOften(): string {
  const probes = `      startupProbe: { ${HTTP}, periodSeconds: 5, failureThreshold: 30 }\n`;
  const world = given(pod({ image: "web-app", probes, environment: { START_SECONDS: "22" } }), 2 * MINUTE);
  const failures = failuresIn(world, "Startup").length;
  const closed = advance(disturbed(world, "close"), { for: MINUTE });
  if (failures < 2) return "once";
  return failuresIn(closed, "Startup").length > failures ? "for-ever" : "until-success";
}

function readinessForAnHour(): number {
  const probes = "      readinessProbe: { httpGet: { path: /ready, port: 8080 } }\n";
  const world = given(pod({ image: "web-app", probes }), 30 * SECOND);
  return restartsIn(advance(disturbed(world, "break"), { for: 60 * MINUTE }));
}

function noProbes(): string {
  const manifest = pod({ image: "web-app", probes: "", environment: { START_SECONDS: "60" } }) + SERVICE;
  const isReady = (world: World): boolean =>
    view(world).services.some((one) => one.name === "app" && one.endpoints.some((it) => it.isReady));
  const early = given(manifest, 20 * SECOND);
  if (isReady(early)) return "running";
  return isReady(advance(early, { for: 2 * MINUTE })) ? "port-open" : "never";
}

/** A container that was restarted because it hung, and what its startup probe did then. */
function startupAgain(): string {
  const probes = `      startupProbe: { ${HTTP}, periodSeconds: 2, failureThreshold: 30 }\n      livenessProbe: { ${HTTP}, periodSeconds: 2 }\n`;
  const world = given(pod({ image: "web-app", probes, environment: { START_SECONDS: "12" } }), MINUTE);
  const before = failuresIn(world, "Startup").length;
  const uid = podIn(world).metadata?.uid;
  const after = advance(disturbed(world, "hang"), { for: MINUTE });
  if (podIn(after).metadata?.uid !== uid) return "on-new-pod";
  return failuresIn(after, "Startup").length > before ? "yes" : "once-per-pod";
}

function neverPolicy(): string {
  const probes = `      livenessProbe: { ${HTTP}, periodSeconds: 5 }\n`;
  const world = given(pod({ image: "web-app", probes, restartPolicy: "Never" }), 30 * SECOND);
  const after = advance(disturbed(world, "hang"), { for: 2 * MINUTE });
  if (podIn(after).status?.phase === "Failed") return "failed";
  return restartsIn(after) > 0 ? "restarted" : "ignored";
}

/** The longest time from a hang to the kill, over the phases of the probe's period. */
function detection(): number {
  const probes = `      livenessProbe: { ${HTTP}, initialDelaySeconds: 30, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 }\n`;
  const world = given(pod({ image: "web-app", probes }), 60 * MINUTE);
  const took = [0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500].map((phase) => {
    const hung = disturbed(advance(world, { for: phase }), "hang");
    const since = hung.simulation.trace?.line.id ?? 0;
    const killed = killsIn(trace(advance(hung, { for: MINUTE }), since))[0]?.line.at ?? Number.NaN;
    return killed - hung.simulation.now;
  });
  return Math.floor(Math.max(...took) / SECOND + 0.5);
}

function orderOfARestart(): readonly string[] {
  const probes = `      startupProbe: { ${HTTP}, periodSeconds: 2, failureThreshold: 30 }\n      livenessProbe: { ${HTTP}, periodSeconds: 5 }\n`;
  const world = given(pod({ image: "web-app", probes }), MINUTE);
  const since = world.simulation.trace?.line.id ?? 0;
  const lines = trace(advance(disturbed(world, "hang"), { for: 2 * MINUTE }), since);
  const failures = lines.filter(
    (line) => line.reason === "Unhealthy" && String(line.facts?.["message"]).startsWith("Liveness"),
  );
  const found: readonly (readonly [string, number | undefined])[] = [
    ["new-container", startsIn(lines, "app")[0]?.id],
    ["third-failure", failures[2]?.id],
    ["kill", lines.find((line) => line.reason === "ContainerExited" && line.facts?.["exitCode"] === 137)?.id],
    ["first-failure", failures[0]?.id],
    ["startup-succeeds", resultsIn(lines, "startup", "app").find((line) => line.facts?.["result"] === "success")?.id],
    ["term", lines.find((line) => line.reason === "SignalSent" && line.facts?.["signal"] === "TERM")?.id],
  ];
  return found.toSorted(([, one], [, other]) => (one ?? Number.NaN) - (other ?? Number.NaN)).map(([step]) => step);
}

function redirect(): string {
  const probes = "      livenessProbe: { httpGet: { path: /old, port: 8080 }, initialDelaySeconds: 5 }\n";
  const world = given(pod({ image: "web-app", probes }), 5 * MINUTE);
  if (restartsIn(world) > 0) return "fails";
  return podIn(world).status?.containerStatuses?.[0]?.ready === true ? "succeeds" : "warns";
}

function tcpOnAHungApp(): string {
  const probes = "      livenessProbe: { tcpSocket: { port: 8080 } }\n";
  const world = given(pod({ image: "web-app", probes }), 30 * SECOND);
  const after = advance(disturbed(world, "hang"), { for: 5 * MINUTE });
  if (restartsIn(after) > 0) return "restarts";
  return podIn(after).status?.containerStatuses?.[0]?.ready === true ? "blind" : "unready";
}

function podIp(): string {
  const probes = `      readinessProbe: { exec: { command: [sh, -c, "test ! -e /tmp/closed"] }, periodSeconds: 2 }\n`;
  const world = given(pod({ image: "web-app", probes }) + SERVICE, 30 * SECOND);
  const closed = advance(disturbed(world, "write /tmp/closed 1"), { for: 30 * SECOND });
  const exchange = { kind: "http", port: 8080, path: "/" } as const;
  const client = { name: "direct", to: { pod: "default/app" }, exchange, ratePerSecond: 10 };
  const after = advance(inject(closed, { kind: "traffic", client }), { for: 10 * SECOND });
  const tally = trafficOf(after, "direct");
  return tally !== undefined && tally.requests > 0 && tally.failed === 0 ? "answered" : "blocked";
}

function databaseDown(): string {
  const probes = `      livenessProbe: { ${HTTP} }\n`;
  const names = ["app-1", "app-2", "app-3", "app-4", "app-5", "app-6"];
  const manifest = names.map((name) => pod({ image: "api-with-database", probes, name })).join("---\n");
  const world = given(manifest, 30 * SECOND);
  const since = world.simulation.trace?.line.id ?? 0;
  const down = advance(inject(world, { kind: "outside", name: "database", condition: "down" }), { for: 2 * MINUTE });
  const killed = new Set(killsIn(trace(down, since)).map((kill) => kill.pod));
  return killed.size === 0 ? "only-errors" : killed.size === names.length ? "all-restart" : "heals";
}

function samePod(): string {
  const probes = `      livenessProbe: { ${HTTP}, periodSeconds: 5 }\n`;
  const world = given(pod({ image: "web-app", probes }), 30 * SECOND);
  const [before, after] = [podIn(world), podIn(advance(disturbed(world, "hang"), { for: MINUTE }))];
  if (before.metadata?.uid !== after.metadata?.uid) return "new-pod";
  return before.status?.podIP === after.status?.podIP ? "same" : "same-node-new-ip";
}

function readyIsNotHealthy(): string {
  const manifest =
    ["app-1", "app-2", "app-3"].map((name) => pod({ image: "web-app", probes: "", name })).join("---\n") + SERVICE;
  const hung = disturbed(given(manifest, 30 * SECOND), "hang", "app-2");
  const exchange = { kind: "http", port: 8080, path: "/" } as const;
  const client = { name: "many", to: { service: "default/app" }, exchange, ratePerSecond: 20 };
  const tally = trafficOf(advance(inject(hung, { kind: "traffic", client }), { for: MINUTE }), "many");
  const percent = tally === undefined ? 0 : Math.floor((tally.failed * 100) / tally.requests);
  return percent > 90 ? "all-fail" : percent < 10 ? "none-fail" : "a-third-fail";
}

/** With the API server dead, probes still have hung containers killed: the kubelet asks. */
function whoAsks(): string {
  const probes = `      livenessProbe: { ${HTTP}, periodSeconds: 5 }\n`;
  const world = given(pod({ image: "web-app", probes }), 30 * SECOND);
  const alone = inject(world, { kind: "kill", process: "control-plane/kube-apiserver" });
  const since = alone.simulation.trace?.line.id ?? 0;
  const [kill] = killsIn(trace(advance(disturbed(alone, "hang"), { for: MINUTE }), since));
  return kill?.line.actor.endsWith("/kubelet") === true ? "kubelet" : "api-server";
}

function slowStartWithDelay(): string {
  const probes = `      livenessProbe: { ${HTTP}, initialDelaySeconds: 200, periodSeconds: 5 }\n`;
  const world = given(pod({ image: "web-app", probes, environment: { START_SECONDS: "5" } }), 30 * SECOND);
  const after = advance(disturbed(world, "hang"), { for: 2 * MINUTE });
  return restartsIn(after) === 0 ? "unwatched" : "watched";
}

function crashLoop(): string {
  const world = given(pod({ image: "web-app", probes: "", environment: { EXIT_AFTER_SECONDS: "1" } }), 60 * MINUTE);
  const starts = startsIn(trace(world), "app").map((line) => line.at);
  const waits = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  const longest = Math.max(...waits);
  return longest < 10 * SECOND ? "no-wait" : longest > 8 * MINUTE ? "no-limit" : "five-minutes";
}

export const experiments: Readonly<Record<string, Experiment>> = {
  "startup-how-often": startupHowOften,
  "readiness-for-an-hour": readinessForAnHour,
  "no-probes": noProbes,
  "startup-again": startupAgain,
  "never-policy": neverPolicy,
  detection,
  "order-of-a-restart": orderOfARestart,
  redirect,
  "tcp-on-a-hung-app": tcpOnAHungApp,
  "pod-ip": podIp,
  "database-down": databaseDown,
  "same-pod": samePod,
  "ready-is-not-healthy": readyIsNotHealthy,
  "who-asks": whoAsks,
  "slow-start-with-delay": slowStartWithDelay,
  "crash-loop": crashLoop,
};
