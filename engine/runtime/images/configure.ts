import type { Millis } from "../../kernel/process.ts";
import type { HttpPath, Range, ServerProgram } from "../task.ts";

/**
 * What a lab may set in a container's environment to change what its program does; times are seconds, `40` or `40-200` to be drawn.
 *
 * PORT · START_SECONDS (until it listens) · READY_SECONDS (until it answers well) · HANG_AFTER_SECONDS · EXIT_AFTER_SECONDS · EXIT_CODE ·
 * LATENCY_MS · DRAIN_SECONDS · MEMORY_MB · LEAK_MB_PER_SECOND · DEPENDS_ON (`host:port,host:port`) · HEARTBEAT_FILE and
 * HEARTBEAT_SECONDS · IGNORE_SIGNALS (`TERM,QUIT`) · HTTP_PATHS (`/health=200,/slow=200@500,/old=301>/new,/db=200!`).
 */
export function configured(program: ServerProgram, environment: readonly (readonly [string, string])[]): ServerProgram {
  const read = (name: string): string | undefined =>
    environment.findLast(([key, value]) => key === name && value !== "")?.[1];
  return { ...timed(program, read), ...shaped(program, read), ...stopping(program, read) };
}

type Read = (name: string) => string | undefined;

function timed(program: ServerProgram, read: Read): ServerProgram {
  const exitCode = read("EXIT_CODE");
  return {
    ...program,
    listenMillis: rangeOf(read("START_SECONDS")) ?? program.listenMillis,
    readyMillis: rangeOf(read("READY_SECONDS")) ?? program.readyMillis,
    hangAfterMillis: rangeOf(read("HANG_AFTER_SECONDS")) ?? program.hangAfterMillis,
    exitAfterMillis: rangeOf(read("EXIT_AFTER_SECONDS")) ?? program.exitAfterMillis,
    exitCode: exitCode === undefined ? program.exitCode : Number(exitCode),
    latencyMillis: numberOf(read("LATENCY_MS"), 1) ?? program.latencyMillis,
    memoryBytes: numberOf(read("MEMORY_MB"), 1_048_576) ?? program.memoryBytes,
    leakBytesPerSecond: numberOf(read("LEAK_MB_PER_SECOND"), 1_048_576) ?? program.leakBytesPerSecond,
  };
}

function shaped(program: ServerProgram, read: Read): Partial<ServerProgram> {
  const port = numberOf(read("PORT"), 1);
  const first = program.ports[0];
  const dependencies = read("DEPENDS_ON");
  const paths = read("HTTP_PATHS");
  const beat = numberOf(read("HEARTBEAT_SECONDS"), 1000);
  const heartbeat = read("HEARTBEAT_FILE") ?? program.heartbeat?.path;
  return {
    ...(port === undefined || first === undefined ? {} : { ports: [{ ...first, port }, ...program.ports.slice(1)] }),
    ...(dependencies === undefined ? {} : { dependencies: dependencies.split(",") }),
    ...(paths === undefined ? {} : { paths: { ...program.paths, ...pathsOf(paths) } }),
    ...(heartbeat === undefined
      ? {}
      : { heartbeat: { path: heartbeat, everyMillis: beat ?? program.heartbeat?.everyMillis ?? 5000 } }),
  };
}

function stopping(program: ServerProgram, read: Read): Partial<ServerProgram> {
  const drainMillis = numberOf(read("DRAIN_SECONDS"), 1000);
  const ignored = read("IGNORE_SIGNALS");
  let { signals } = program;
  if (drainMillis !== undefined) signals = { ...signals, TERM: { kind: "exit", code: 0, drainMillis } };
  for (const name of ignored?.split(",") ?? []) signals = { ...signals, [name]: { kind: "ignore" } };
  return { signals };
}

function numberOf(text: string | undefined, scale: number): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.trunc(value * scale) : undefined;
}

function rangeOf(text: string | undefined): Range | undefined {
  if (text === undefined) return undefined;
  const [from = "", to = from] = text.split("-");
  const low = millisOf(from);
  const high = millisOf(to);
  return Number.isFinite(low) && Number.isFinite(high) && low <= high ? { from: low, to: high } : undefined;
}

function millisOf(text: string): Millis {
  return text === "" ? Number.NaN : Math.trunc(Number(text) * 1000);
}

const PATH = /^([^=]+)=(\d{3})(!)?(?:@(\d+))?(?:>(.+))?$/;

function pathsOf(text: string): Record<string, HttpPath> {
  const paths: Record<string, HttpPath> = {};
  for (const item of text.split(",")) {
    const match = PATH.exec(item);
    if (match?.[1] === undefined) continue;
    const [, path, status, dependent, latency, location] = match;
    paths[path] = {
      status: Number(status),
      ...(dependent === undefined ? {} : { isDependent: true }),
      ...(latency === undefined ? {} : { latencyMillis: Number(latency) }),
      ...(location === undefined ? {} : { location }),
    };
  }
  return paths;
}
