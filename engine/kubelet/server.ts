// After kubernetes v1.36 pkg/kubelet/server/server.go; not modelled: attach, port-forward, metrics in the Prometheus format.
import type { Pod } from "../api/generated/types.ts";
import type { ApiRequest, ApiResponse, ToServer } from "../api/wire.ts";
import { rfc3339Micro } from "../api/time.ts";
import type { Moment } from "../kernel/process.ts";
import { forEach, get, remove, set, values } from "../kernel/sorted-map.ts";
import type { CriReply, FromRuntime, LogLine } from "../runtime/cri.ts";
import { callRuntime } from "./send.ts";
import { NOTHING_RUNS } from "./pod-runtime.ts";
import type { Turn, Visitor } from "./state.ts";

/** Answers whoever connects to the kubelet's own port: the API server for `kubectl logs` and `kubectl exec`, and health checks. */
export function serve(turn: Turn, message: ToServer, moment: Moment): void {
  if (message.kind === "hang-up") endFollowing(turn, moment.from, message.id);
  if (message.kind !== "request") return;
  const { request, id } = message;
  const respond = (response: ApiResponse): void => {
    turn.effects.push({ kind: "send", to: moment.from, message: { kind: "response", id, response } });
  };
  const [, verb = "", namespace = "", name = "", ...rest] = request.path.split("/");
  if (request.path === "/healthz") return respond({ code: 200, body: "ok" });
  if (request.path === "/pods") return respond({ code: 200, body: podList(turn) });
  if (!SERVED.includes(verb)) return respond({ code: 404, body: "404 page not found\n" });
  // exec may carry the pod's uid between name and container: /exec/namespace/pod/uid/container.
  const query = request.query ?? {};
  const found = containerOf(turn, {
    namespace,
    name,
    container: rest.at(-1) ?? "",
    isPrevious: query["previous"] === "true",
  });
  if (typeof found === "string") return respond({ code: verb === "containerLogs" ? 400 : 404, body: found });
  const visitor = turn.state.nextId;
  const entry: Visitor = {
    client: moment.from,
    id,
    container: found.id,
    kind: verb === "containerLogs" ? "logs" : "exec",
    query,
    hasBegun: false,
  };
  turn.state = { ...turn.state, nextId: visitor + 1, visitors: set(turn.state.visitors, visitor, entry) };
  if (entry.kind === "exec")
    callRuntime(
      turn,
      { kind: "visitor", visitor },
      { call: "ExecSync", container: found.id, command: commandOf(request) },
    );
  else if (query["follow"] === "true") follow(turn, visitor, found.id, respond);
  else callRuntime(turn, { kind: "visitor", visitor }, { call: "ReadLogs", container: found.id });
}

const SERVED: readonly string[] = ["containerLogs", "exec", "run"];

function podList(turn: Turn): unknown {
  return {
    kind: "PodList",
    apiVersion: "v1",
    metadata: {},
    items: values(turn.state.workers).map((worker) => worker.pod),
  };
}

/** `kubectl logs -f`: what is there, then each new line, until the container exits. */
function follow(turn: Turn, visitor: number, container: string, respond: (response: ApiResponse) => void): void {
  respond({ code: 200, headers: { "content-type": "text/plain" }, body: undefined });
  turn.effects.push({
    kind: "send",
    to: turn.state.settings.runtime,
    message: { kind: "follow", id: visitor, container },
  });
}

/** New lines of a log that a visitor follows. */
export function passLines(
  turn: Turn,
  { id: number, lines, isOver }: Extract<FromRuntime, { readonly kind: "logged" }>,
): void {
  const visitor = get(turn.state.visitors, number);
  if (visitor === undefined) return;
  const { client, id, query, hasBegun } = visitor;
  const text = hasBegun
    ? printLogs(lines, { timestamps: query["timestamps"] ?? "" }, turn.state.epochMillis, 0)
    : printLogs(lines, query, turn.state.epochMillis, turn.state.epochMillis + turn.now);
  if (text !== "") turn.effects.push({ kind: "send", to: client, message: { kind: "stream", id, channel: 1, text } });
  if (isOver) turn.effects.push({ kind: "send", to: client, message: { kind: "closed", id } });
  const visitors = isOver
    ? remove(turn.state.visitors, number)
    : set(turn.state.visitors, number, { ...visitor, hasBegun: true });
  turn.state = { ...turn.state, visitors };
}

/** A visitor who follows a log goes away. */
function endFollowing(turn: Turn, client: string, id: number): void {
  forEach(turn.state.visitors, (visitor, number) => {
    if (visitor.client !== client || visitor.id !== id) return;
    turn.state = { ...turn.state, visitors: remove(turn.state.visitors, number) };
    turn.effects.push({ kind: "send", to: turn.state.settings.runtime, message: { kind: "unfollow", id: number } });
  });
}

function commandOf(request: ApiRequest): readonly string[] {
  return (request.query?.["command"] ?? "").split("\0");
}

interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly isPrevious: boolean;
}

/** The container that is asked for, or the complaint. Source: golden/h-kubelet-kubectl/02-run-logs-exec. */
function containerOf(turn: Turn, wanted: Wanted): { readonly id: string } | string {
  const worker = values(turn.state.workers).find(
    ({ pod }: { readonly pod: Pod }) =>
      pod.metadata.name === wanted.name && pod.metadata.namespace === wanted.namespace,
  );
  if (worker === undefined) return `pod "${wanted.name}" not found`;
  const views = (get(turn.state.actual, worker.uid) ?? NOTHING_RUNS).containers.filter(
    (view) => view.name === wanted.container,
  );
  const view = wanted.isPrevious ? views[1] : views[0];
  if (view !== undefined) return { id: view.id };
  if (wanted.isPrevious) return `previous terminated container "${wanted.container}" in pod "${wanted.name}" not found`;
  return `container not found ("${wanted.container}")`;
}

/** The runtime has answered a visitor's wish. */
export function answerVisitor(turn: Turn, number: number, reply: CriReply): void {
  const visitor = get(turn.state.visitors, number);
  if (visitor === undefined) return;
  turn.state = { ...turn.state, visitors: remove(turn.state.visitors, number) };
  const { client, id } = visitor;
  const say = (message: unknown): void => {
    turn.effects.push({ kind: "send", to: client, message });
  };
  if (reply.kind === "logs") {
    const body = printLogs(reply.lines, visitor.query, turn.state.epochMillis + 0, turn.state.epochMillis + turn.now);
    say({ kind: "response", id, response: { code: 200, headers: { "content-type": "text/plain" }, body } });
    return;
  }
  if (reply.kind === "error") {
    say({
      kind: "response",
      id,
      response: {
        code: 500,
        body: `error: Internal error occurred: error executing command in container: ${reply.message}`,
      },
    });
    return;
  }
  if (reply.kind !== "executed") return;
  say({ kind: "response", id, response: { code: 101, body: undefined } });
  if (reply.stdout !== "") say({ kind: "stream", id, channel: 1, text: reply.stdout });
  if (reply.stderr !== "") say({ kind: "stream", id, channel: 2, text: reply.stderr });
  say({ kind: "closed", id, status: exitStatus(reply.exitCode) });
}

/** How a stream says how its command ended. Source: k8s.io/apimachinery remotecommand, NonZeroExitCode. */
function exitStatus(code: number): unknown {
  if (code === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}

/** Source: pkg/kubelet/kuberuntime/logs: tailLines, sinceSeconds, timestamps, limitBytes. */
function printLogs(
  lines: readonly LogLine[],
  query: Readonly<Record<string, string>>,
  epochMillis: number,
  nowMillis: number,
): string {
  const since = query["sinceSeconds"];
  const from = since === undefined ? Number.NEGATIVE_INFINITY : nowMillis - Number(since) * 1000;
  const recent = lines.filter((line) => epochMillis + line.at >= from);
  const tail = query["tailLines"];
  const kept = tail === undefined ? recent : recent.slice(recent.length - Math.min(recent.length, Number(tail)));
  const stamped = query["timestamps"] === "true";
  const text = kept.map((line) => `${stamped ? `${rfc3339Micro(epochMillis + line.at)} ` : ""}${line.text}\n`).join("");
  const limit = query["limitBytes"];
  return limit === undefined ? text : text.slice(0, Number(limit));
}
