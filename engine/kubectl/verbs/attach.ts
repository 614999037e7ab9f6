// After kubectl pkg/cmd/exec/exec.go, pkg/cmd/attach/attach.go.
import { chooseContainer } from "../container-choice.ts";
import { exit, failureOfResponse, refusal, thrown, usageRefusal } from "../failure.ts";
import { boolFlag, listFlag, textFlag } from "../flag-set.ts";
import { isFields, rowsAt, text, textAt, type Fields } from "../json.ts";
import { attachablePod } from "../pods-of.ts";
import { arrival, complain, open, print, readStdin, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";

/** The channels of a stream. Source: apimachinery pkg/util/remotecommand/constants.go. */
const STDIN = 0;
const STDERR = 2;
const ERROR = 3;

export function* runExec(session: Session): Talk<number> {
  const { args, argsBeforeDash, flags } = session;
  const files = listFlag(flags, "filename");
  const before = argsBeforeDash < 0 ? args : args.slice(0, argsBeforeDash);
  if (before.length === 0 && files.length === 0) throw refusal("pod, type/name or --filename must be specified");
  const command = files.length > 0 ? args : args.slice(1);
  if (command.length === 0) throw refusal("you must specify at least one command for the container");
  if (argsBeforeDash < 0 || before.length > 1) {
    throw refusal(
      "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
    );
  }
  const pod = yield* podNamed(session, before[0]);
  const phase = textAt(pod.object, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed")
    throw refusal(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const container = yield* chooseContainer(pod.object, textFlag(flags, "container"), boolFlag(flags, "quiet"));
  return yield* runInContainer(session, {
    pod,
    container,
    command,
    stdin: boolFlag(flags, "stdin"),
    tty: boolFlag(flags, "tty"),
  });
}

function* podNamed(session: Session, word: string | undefined): Talk<Info> {
  const filenames = listFlag(session.flags, "filename");
  const [info] = yield* infosOf(session, {
    args: word === undefined || filenames.length > 0 ? [] : [word],
    namespace: session.config.namespace,
    ...(filenames.length > 0 ? { filenames, latest: true } : { typeOfNames: "pods" }),
  });
  if (info === undefined) throw refusal("no resource found");
  return yield* attachablePod(session, info);
}

export interface Execution {
  readonly pod: Info;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Text for standard input that does not come from the terminal. */
  readonly input?: string;
}

/** Runs a command in a container; the result is its exit code. */
export function* runInContainer(session: Session, execution: Execution): Talk<number> {
  const query: Record<string, string> = {
    command: execution.command.join("\0"),
    container: execution.container,
    stdout: "true",
  };
  if (execution.stdin) query["stdin"] = "true";
  if (execution.tty) query["tty"] = "true";
  else query["stderr"] = "true";
  const opened = yield* open(session, { method: "POST", path: pathOf(execution.pod, "exec"), query });
  if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
  if (execution.stdin) yield* feedStdin(opened.stream, execution.input);
  return yield* drainStream(opened.stream);
}

function* feedStdin(stream: number, input: string | undefined): Talk<void> {
  const text = input ?? (yield* readStdin());
  if (text !== "") yield { kind: "feed", stream, channel: STDIN, text };
  yield { kind: "feed", stream, channel: CLOSE, text: String.fromCharCode(STDIN) };
}

/** The channel that says which other channel is closed. Source: apimachinery pkg/util/remotecommand, protocol v5. */
const CLOSE = 255;

function* drainStream(stream: number): Talk<number> {
  for (;;) {
    const arrived = yield* arrival(stream);
    if (arrived.kind === "closed") return endOf(arrived.status);
    if (arrived.kind !== "data") continue;
    if (arrived.channel === ERROR) {
      const status = statusOf(arrived.text);
      if (status !== undefined) return endOf(status);
    } else yield* arrived.channel === STDERR ? complain(arrived.text) : print(arrived.text);
  }
}

function statusOf(written: string): Fields | undefined {
  try {
    const parsed = JSON.parse(written) as unknown;
    return isFields(parsed) ? parsed : undefined;
  } catch (caught) {
    if (caught instanceof SyntaxError) return undefined;
    throw caught;
  }
}

/** How a remote command ended. Source: client-go tools/remotecommand/errorstream.go. */
function endOf(status: unknown): number {
  if (!isFields(status) || status["status"] === "Success" || status["status"] === undefined) return 0;
  const code = rowsAt(status, "details", "causes").find((cause) => cause["reason"] === "ExitCode");
  if (code !== undefined) {
    const exitCode = Number(text(code["message"]));
    throw exit(`command terminated with exit code ${exitCode}\n`, exitCode);
  }
  throw refusal(text(status["message"]));
}

export function* runAttach(session: Session): Talk<number> {
  const { args, flags } = session;
  if (args.length === 0) throw refusal("at least 1 argument is required for attach");
  if (args.length > 2)
    throw usageRefusal(
      "kubectl attach",
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(" ")}]`,
    );
  const [info] = yield* infosOf(session, {
    args,
    namespace: session.config.namespace,
    ...(args.length === 1 ? { typeOfNames: "pods" } : {}),
  });
  if (info === undefined) throw refusal("no resource found");
  const pod = yield* attachablePod(session, info);
  const phase = textAt(pod.object, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed")
    throw refusal(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const container = yield* chooseContainer(pod.object, textFlag(flags, "container"), boolFlag(flags, "quiet"));
  if (!boolFlag(flags, "quiet") && boolFlag(flags, "stdin"))
    yield* complain("If you don't see a command prompt, try pressing enter.\n");
  return yield* attachTo(session, pod, container);
}

export function* attachTo(session: Session, pod: Info, container: string): Talk<number> {
  const { flags } = session;
  const [stdin, tty] = [boolFlag(flags, "stdin"), boolFlag(flags, "tty")];
  const query: Record<string, string> = { container, stdout: "true" };
  if (stdin) query["stdin"] = "true";
  if (tty) query["tty"] = "true";
  else query["stderr"] = "true";
  const opened = yield* open(session, { method: "POST", path: pathOf(pod, "attach"), query });
  if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
  if (stdin) yield* feedStdin(opened.stream, undefined);
  return yield* drainStream(opened.stream);
}
