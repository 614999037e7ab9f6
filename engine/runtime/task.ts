import type { Millis } from "../kernel/process.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { Answer } from "../network/exchange.ts";
import type { LogLine } from "./cri.ts";
import type { Disk } from "./file-system.ts";
import type { Syntax } from "./shell-syntax.ts";

/** A process of a container, as data. It changes only at the times that `nextAt` names, and when a signal arrives. */
export type Task = ShellTask | ServerTask | WaitTask | HogTask | ExitedTask;

/** A shell that works through a script. */
export interface ShellTask {
  readonly kind: "shell";
  readonly pid: number;
  readonly frames: readonly Frame[];
  readonly variables: SortedMap<string, string>;
  /** What a signal runs instead of its default; an empty text ignores it. */
  readonly traps: SortedMap<string, string>;
  /** `$?` */
  readonly status: number;
  readonly workingDirectory: string;
  /** What runs in the foreground, if anything: the shell goes on when it has exited. */
  readonly child: Task | undefined;
  readonly background: readonly Task[];
  /** Set while `wait` waits: the child is a background task then, and a trapped signal breaks the waiting off. */
  readonly waiting: "one" | "all" | undefined;
  /** Trapped signals that wait for the child to end. */
  readonly pending: readonly string[];
}

export type Frame =
  | { readonly kind: "sequence"; readonly items: readonly Syntax[]; readonly index: number }
  | { readonly kind: "if"; readonly node: Extract<Syntax, { readonly kind: "if" }>; readonly branch: number }
  | { readonly kind: "loop"; readonly node: Extract<Syntax, { readonly kind: "loop" }>; readonly isInBody: boolean }
  | {
      readonly kind: "for";
      readonly node: Extract<Syntax, { readonly kind: "for" }>;
      readonly values: readonly string[];
      readonly index: number;
    }
  | { readonly kind: "and" | "or"; readonly right: Syntax }
  | { readonly kind: "not" }
  /** After a trap's commands: `$?` is what it was. */
  | { readonly kind: "trap"; readonly status: number };

/** A server: listens, answers, and follows the timetable that it drew when it started. */
export interface ServerTask {
  readonly kind: "server";
  readonly pid: number;
  readonly program: ServerProgram;
  readonly startedAt: Millis;
  /** When it begins to listen. */
  readonly listensAt: Millis;
  /** When it begins to answer well; before that it answers 503 or NOT_SERVING. */
  readonly readyAt: Millis;
  /** From then on it accepts and never answers. */
  readonly hangsAt: Millis | undefined;
  /** When it exits by itself, and how. */
  readonly exitsAt: Millis | undefined;
  readonly exitCode: number;
  /** When its memory reaches the container's limit. */
  readonly starvesAt: Millis | undefined;
  /** What a fault has done to it. */
  readonly condition: ServerCondition;
  /** Set by a fault: how long an answer takes now. */
  readonly slownessMillis: Millis;
  /** What the hosts it depends on answer, by `host:port`. */
  readonly dependencies: SortedMap<string, Answer>;
  /** When it was told to stop; it exits when it has drained. */
  readonly drainsUntil: Millis | undefined;
  readonly nextBeatAt: Millis | undefined;
}

/** `broken` answers errors, `hung` accepts and stays silent, `closed` refuses. */
export type ServerCondition = "well" | "hung" | "broken" | "closed";

/** What a server does, as data: an image sets it, environment and arguments of the container may change it. */
export interface ServerProgram {
  readonly name: string;
  readonly ports: readonly { readonly port: number; readonly protocol: "http" | "tcp" | "grpc" }[];
  readonly paths: Readonly<Record<string, HttpPath>>;
  /** Served files: a path that is not in `paths` is looked up below it; 404 when it is not there. */
  readonly documentRoot: string | undefined;
  /** Status of a path that is neither in `paths` nor a file. */
  readonly otherStatus: number;
  readonly latencyMillis: Millis;
  /** Each range is drawn from the container's own stream when it starts. */
  readonly listenMillis: Range;
  readonly readyMillis: Range;
  readonly hangAfterMillis: Range | undefined;
  readonly exitAfterMillis: Range | undefined;
  readonly exitCode: number;
  readonly memoryBytes: number;
  readonly leakBytesPerSecond: number;
  readonly cpuMilli: number;
  readonly dependencies: readonly string[];
  /** What a signal does: absent means the default action, which PID 1 ignores. */
  readonly signals: Readonly<Record<string, SignalAction>>;
  /** A file that it touches again and again while it is well. */
  readonly heartbeat: { readonly path: string; readonly everyMillis: Millis } | undefined;
  readonly logLines: readonly string[];
  readonly isGrpcHealthServed: boolean;
}

export interface HttpPath {
  readonly status: number;
  readonly body?: string;
  /** Answers 503 unless every dependency answers. */
  readonly isDependent?: boolean;
  /** Answers 200 even before the server is ready. */
  readonly isAlwaysWell?: boolean;
  readonly location?: string;
  readonly latencyMillis?: Millis;
}

export type SignalAction =
  | { readonly kind: "ignore" }
  | { readonly kind: "exit"; readonly code: number; readonly drainMillis: Millis };

export interface Range {
  readonly from: Millis;
  readonly to: Millis;
}

/** `sleep`, `tail -f`: nothing happens until it is over. */
export interface WaitTask {
  readonly kind: "wait";
  readonly pid: number;
  readonly until: Millis | undefined;
  readonly exitCode: number;
  /** A loop that only sleeps: it comes round every so often, and looks at trapped signals then. */
  readonly periodMillis: Millis | undefined;
  readonly since: Millis;
}

/** A process that takes memory until the kernel kills it. */
export interface HogTask {
  readonly kind: "hog";
  readonly pid: number;
  readonly killedAt: Millis | undefined;
}

export interface ExitedTask {
  readonly kind: "exited";
  readonly pid: number;
  readonly code: number;
  readonly isStarved: boolean;
}

/** What a task may look at and change while it runs. Made for one step, and used up in it. */
export interface Context {
  readonly now: Millis;
  readonly epochMillis: number;
  disk: Disk;
  readonly log: LogLine[];
  readonly environment: readonly (readonly [string, string])[];
  readonly workingDirectory: string;
  readonly hostname: string;
  readonly memoryLimitBytes: number | undefined;
  /** The key of the container's own stream of chance. */
  readonly chance: number;
  /** Ports in use by other containers of the same network namespace. */
  readonly takenPorts: readonly number[];
  /** The servers that the image knows by command name. */
  readonly servers: Readonly<Record<string, ServerProgram>>;
  /** The processes of the container, for `ps` and `kill`. */
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
  nextPid: number;
  /** Set when something read the clock. */
  hasReadClock: boolean;
  /** Set when the kernel killed a process for want of memory. */
  hasStarved: boolean;
  /** Signals that processes sent to others, by pid. */
  readonly sent: { readonly pid: number; readonly signal: string }[];
  /** How a task of any kind goes on, and how a program is started: a shell needs both and may not know them itself. */
  readonly tools: Tools;
}

export interface Tools {
  readonly advance: (task: Task, context: Context) => Task;
  readonly signal: (task: Task, name: string, context: Context, isInit: boolean) => Task;
  readonly launch: (words: readonly string[], pid: number, context: Context) => Task | LaunchProblem;
}

/** Why a program does not start, and the exit code that a shell gives for it. */
export interface LaunchProblem {
  readonly problem: string;
  readonly code: number;
}

/** Runs something that sees a changed context; what it does to the disk stays done. */
export function within<Result>(context: Context, changes: Partial<Context>, run: (inner: Context) => Result): Result {
  const inner: Context = { ...context, ...changes };
  const result = run(inner);
  context.disk = inner.disk;
  context.nextPid = inner.nextPid;
  context.hasReadClock = context.hasReadClock || inner.hasReadClock;
  context.hasStarved = context.hasStarved || inner.hasStarved;
  return result;
}

export function exited(pid: number, code: number, isStarved = false): ExitedTask {
  return { kind: "exited", pid, code, isStarved };
}

/** Signal numbers on Linux, x86-64. Source: signal(7). */
export const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  TERM: 15,
};

/** The exit code of a process that a signal killed: 128 and the signal's number. */
export function codeOfSignal(signal: string): number {
  return 128 + (SIGNAL_NUMBERS[signal] ?? 0);
}

/** `SIGTERM`, `term` and `15` are all `TERM`. */
export function signalNamed(text: string): string {
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper.slice(3) : upper;
  for (const [known, number] of Object.entries(SIGNAL_NUMBERS)) if (String(number) === name) return known;
  return name;
}
