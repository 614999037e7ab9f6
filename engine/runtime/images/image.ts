import type { HttpPath, Range, ServerProgram, SignalAction } from "../task.ts";

/**
 * An image of the catalogue: what its programs do, as data. A container starts `entrypoint` and `command`, unless the pod says otherwise; what
 * a server program does can be changed by the container's environment (see `configured`).
 */
export interface Image {
  /** Repository names without registry and tag: `nginx`, `workbook.example/slow-starter`. Every tag but `nope` exists. */
  readonly names: readonly string[];
  readonly sizeBytes: number;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly stopSignal: string;
  /** Files of its root by absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** Servers by the name of their command. */
  readonly servers: Readonly<Record<string, ServerProgram>>;
}

/** Source: the PATH in recorded containers, golden/g-kubelet/28-inside-a-pod. */
export const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const EMPTY_IMAGE: Omit<Image, "names"> = {
  sizeBytes: 5_000_000,
  entrypoint: [],
  command: ["sh"],
  environment: { PATH: STANDARD_PATH },
  workingDirectory: "/",
  stopSignal: "TERM",
  files: {},
  servers: {},
};

/** An image with what is usual where it says nothing. */
export function image(names: readonly string[], parts: Partial<Omit<Image, "names">>): Image {
  return { ...EMPTY_IMAGE, ...parts, names };
}

export const AT_ONCE: Range = { from: 0, to: 0 };

const EMPTY_SERVER: ServerProgram = {
  name: "server",
  ports: [],
  paths: {},
  documentRoot: undefined,
  otherStatus: 404,
  latencyMillis: 2,
  listenMillis: { from: 10, to: 30 },
  readyMillis: AT_ONCE,
  hangAfterMillis: undefined,
  exitAfterMillis: undefined,
  exitCode: 1,
  memoryBytes: 8 * 1024 * 1024,
  leakBytesPerSecond: 0,
  cpuMilli: 5,
  dependencies: [],
  signals: {},
  heartbeat: undefined,
  logLines: [],
  isGrpcHealthServed: true,
};

/** A server with what is usual where it says nothing. */
export function server(parts: Partial<ServerProgram>): ServerProgram {
  return { ...EMPTY_SERVER, ...parts };
}

/** A program that ends cleanly when it is told to. */
export const STOPS_AT_ONCE: SignalAction = { kind: "exit", code: 0, drainMillis: 0 };

/** A program that finishes what it does before it ends. */
export function drains(drainMillis: number): SignalAction {
  return { kind: "exit", code: 0, drainMillis };
}

/** A path that says `ok` once the program is ready. */
export const WELL: HttpPath = { status: 200, body: "ok" };

/** A path that says `ok` as long as the process answers at all. */
export const ALIVE: HttpPath = { status: 200, body: "ok", isAlwaysWell: true };

/** A path that says `ok` while the program is ready and its dependencies answer. */
export const DEPENDENT: HttpPath = { status: 200, body: "ok", isDependent: true };
