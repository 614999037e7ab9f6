// After kubernetes v1.36 pkg/kubelet/lifecycle/handlers.go; not modelled: the fallback from HTTPS to HTTP.
import type { Container, LifecycleHandler } from "../api/generated/types.ts";
import type { Millis } from "../kernel/process.ts";
import type { Answer, Ask } from "./job.ts";
import { portOf } from "./probe-check.ts";

/** How a hook failed. */
export interface HookFailure {
  readonly error: string;
  readonly output: string;
}

export interface HookPlace {
  readonly id: string;
  readonly ip: string;
  readonly container: Container;
  readonly timeoutMillis: Millis | undefined;
}

/** Runs a lifecycle hook to its end; undefined when it succeeded. */
export function* runHook(hook: LifecycleHandler, place: HookPlace): Generator<Ask, HookFailure | undefined, Answer> {
  if (hook.sleep !== undefined) {
    const millis = hook.sleep.seconds * 1000;
    yield { kind: "sleep", millis: Math.min(millis, place.timeoutMillis ?? millis) };
    return undefined;
  }
  if (hook.exec !== undefined) return yield* runExec(hook.exec.command ?? [], place);
  if (hook.httpGet === undefined) return { error: "invalid handler", output: "" };
  const { path = "/", host } = hook.httpGet;
  const port = portOf(place.container, hook.httpGet.port);
  const exchange = { kind: "http", port, path, ...(host === undefined ? {} : { host }) } as const;
  const answer = yield { kind: "http", ip: host ?? place.ip, exchange };
  if (answer.kind !== "exchanged") return { error: "no answer", output: "" };
  // handlers.go: an answer of any status is a success; only a connection that fails is not.
  if (answer.answer.kind === "http") return undefined;
  const address = `${host ?? place.ip}:${port}`;
  const why =
    answer.answer.kind === "refused" ? `dial tcp ${address}: connect: connection refused` : "context deadline exceeded";
  return { error: `Get "http://${address}${path}": ${why}`, output: "" };
}

function* runExec(command: readonly string[], place: HookPlace): Generator<Ask, HookFailure | undefined, Answer> {
  const { timeoutMillis } = place;
  const order = {
    call: "ExecSync",
    container: place.id,
    command,
    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
  } as const;
  const answer = yield { kind: "call", call: order };
  if (answer.kind !== "reply") return { error: "no answer", output: "" };
  const { reply } = answer;
  if (reply.kind === "error") return { error: reply.message, output: "" };
  if (reply.kind !== "executed" || reply.exitCode === 0) return undefined;
  return {
    error: `command '${command.join(" ")}' exited with ${reply.exitCode}: ${reply.stderr}`,
    output: reply.stdout,
  };
}
