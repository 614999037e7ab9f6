import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { boot, cluster, type Topology, type World } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { answer } from "./serve/http-edge.ts";
import { kubeconfigFor } from "./serve/kubeconfig.ts";
import { PacedWorld } from "./serve/paced-world.ts";
import { webSocketEdge } from "./serve/web-socket-edge.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** The only interface that the server listens on: nothing leaves the machine. */
const LOOPBACK = "127.0.0.1";

const DEFAULT_PORT = 8001;

/** The most nodes that `--nodes` takes. Source: Kubernetes' own limit for one cluster, 5,000 nodes. */
const NODES_MAX = 5000;

interface ServeOptions {
  readonly port: number;
  readonly nodes: number;
  readonly seed: number;
  /** Virtual milliseconds for one of the wall clock. */
  readonly speed: number;
  readonly kubeconfig: string | undefined;
  readonly lab: string | undefined;
}

/** `workbook serve`: one simulated cluster as the Kubernetes API over HTTP on loopback, until it is interrupted. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = optionsOf(args);
  const paced = new PacedWorld(await worldOf(options), options.speed);
  const server = createServer((message, reply) => {
    answer(paced, message, reply).catch((error: unknown) => {
      terminal.error(`workbook serve: ${String(error)}\n`);
      reply.destroy();
    });
  });
  server.on("upgrade", webSocketEdge(paced));
  try {
    await listen(server, options.port);
    announce(server, options, terminal);
    return await untilStopped(server, paced, terminal);
  } finally {
    paced.close();
  }
}

function optionsOf(args: readonly string[]): ServeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      nodes: { type: "string" },
      seed: { type: "string" },
      speed: { type: "string" },
      kubeconfig: { type: "string" },
      lab: { type: "string" },
    },
  });
  return {
    port: numberOf("port", values.port, { standard: DEFAULT_PORT, most: 65_535 }),
    nodes: numberOf("nodes", values.nodes, { standard: 3, most: NODES_MAX }),
    seed: numberOf("seed", values.seed, { standard: 1, most: Number.MAX_SAFE_INTEGER }),
    speed: values.speed === "max" ? FASTEST : numberOf("speed", values.speed, { standard: 1, most: FASTEST }),
    kubeconfig: values.kubeconfig,
    lab: values.lab,
  };
}

/** `--speed max`: an hour in a second, or as fast as the machine can. */
const FASTEST = 3600;

function numberOf(
  name: string,
  text: string | undefined,
  range: { readonly standard: number; readonly most: number },
): number {
  if (text === undefined) return range.standard;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0 || value > range.most) {
    throw new InvalidInput(`--${name}: expected a number from 0 to ${range.most}, found "${text}"`);
  }
  return value;
}

async function worldOf(options: ServeOptions): Promise<World> {
  const { seed, nodes, lab } = options;
  if (lab !== undefined) return (await import("./lab-world.ts")).worldFor(lab, seed);
  return bootNow(cluster(nodes), seed);
}

/** A cluster that is up at this very moment of the wall clock: booted once to learn how long that takes, and once for real. */
function bootNow(topology: Topology, seed: number): World {
  const tookMillis = boot(topology, { seed }).simulation.now;
  return boot({ ...topology, epochMillis: Date.now() - tookMillis }, { seed });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === "EADDRINUSE";
      fail(isBusy ? new InvalidInput(`port ${port} is in use; choose another with --port`) : error);
    });
    server.listen(port, LOOPBACK, done);
  });
}

function announce(server: Server, options: ServeOptions, terminal: Terminal): void {
  const { port } = server.address() as AddressInfo;
  const path = resolve(
    terminal.workingDirectory,
    options.kubeconfig ?? join(mkdtempSync(join(tmpdir(), "workbook-")), "kubeconfig"),
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, kubeconfigFor(`http://${LOOPBACK}:${port}`), { mode: 0o600 });
  terminal.out(`export KUBECONFIG=${path}\n`);
}

function untilStopped(server: Server, paced: PacedWorld, terminal: Terminal): Promise<number> {
  return new Promise((done) => {
    const stop = (): void => {
      server.close();
      server.closeAllConnections();
      const { failure } = paced;
      if (failure !== undefined) terminal.error(`workbook serve: the engine stopped: ${failure.message}\n`);
      done(failure === undefined ? EXIT.passed : EXIT.engineFailed);
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}
