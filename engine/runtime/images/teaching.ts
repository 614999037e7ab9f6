import { ALIVE, AT_ONCE, DEPENDENT, drains, type Image, image, server, STOPS_AT_ONCE, WELL } from "./image.ts";
import type { ServerProgram } from "../task.ts";

/** An image with one server as its only program. */
function single(name: string, parts: Partial<ServerProgram>): Image {
  const program = server({ name, signals: { TERM: drains(100) }, logLines: [`${name}: starting`], ...parts });
  return image([`workbook.example/${name}`], {
    sizeBytes: 12_000_000,
    entrypoint: [`/${name}`],
    command: [],
    servers: { [name]: program },
  });
}

/**
 * Needs 40 to 200 s, by the seed, until it listens; later it hangs: its port accepts, HTTP never answers. Chapter 24, lab 2. START_SECONDS and
 * HANG_AFTER_SECONDS change both.
 */
export const slowStarter: Image = single("slow-starter", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": WELL, "/healthz": WELL, "/ready": WELL },
  listenMillis: { from: 40_000, to: 200_000 },
  hangAfterMillis: { from: 60_000, to: 240_000 },
});

/** Its `/healthz` and `/ready` look at the database, `/livez` does not. Chapter 24, lab 3. DEPENDS_ON names the database. */
export const apiWithDatabase: Image = single("api-with-database", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": DEPENDENT, "/healthz": DEPENDENT, "/ready": DEPENDENT, "/livez": ALIVE },
  listenMillis: { from: 500, to: 2000 },
  dependencies: ["database:5432"],
});

/** A web service without dependencies. `/old` answers 301, which every probe counts as success. */
export const webApp: Image = single("web-app", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": WELL, "/healthz": WELL, "/livez": ALIVE, "/ready": WELL, "/old": { status: 301, location: "/" } },
  listenMillis: { from: 500, to: 1500 },
});

/** Speaks its own protocol over TCP: a probe can only see whether it accepts. */
export const tcpServer: Image = single("tcp-server", { ports: [{ port: 9000, protocol: "tcp" }] });

/** A gRPC server with the standard health service (grpc.health.v1); the service `orders` is known by name too. */
export const grpcServer: Image = single("grpc-server", {
  ports: [{ port: 50_051, protocol: "grpc" }],
  paths: { orders: WELL },
  listenMillis: { from: 300, to: 800 },
});

/** Works without a port and touches /tmp/heartbeat every 5 s while it gets on. */
export const batchJob: Image = single("batch-job", {
  heartbeat: { path: "/tmp/heartbeat", everyMillis: 5000 },
  listenMillis: AT_ONCE,
  logLines: ["batch-job: working"],
});

/** Takes 1 MiB more every second until its limit kills it. */
export const leaker: Image = single("leaker", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": WELL, "/healthz": WELL },
  memoryBytes: 16 * 1024 * 1024,
  leakBytesPerSecond: 1024 * 1024,
});

/** Locks up some time after its start: accepts, and never answers again. */
export const deadlocker: Image = single("deadlocker", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": WELL, "/healthz": WELL },
  hangAfterMillis: { from: 20_000, to: 60_000 },
});

/** A shell wrapper that is PID 1 and passes no signal on: it runs until it is killed. */
export const signalDeaf: Image = single("signal-deaf", {
  ports: [{ port: 8080, protocol: "http" }],
  paths: { "/": WELL, "/healthz": WELL },
  signals: {},
});

/** Takes jobs from a queue; on TERM it finishes the one it has, which takes up to 20 s. */
export const queueWorker: Image = single("queue-worker", { signals: { TERM: drains(20_000), INT: STOPS_AT_ONCE } });
