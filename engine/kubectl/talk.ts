import type { ApiRequest, ApiResponse } from "../api/wire.ts";
import type { CommandAnswer, CommandAsk, Invocation } from "../client/command.ts";
import { failureOfResponse, thrown } from "./failure.ts";
import type { Flags } from "./flag-set.ts";
import type { Kubeconfig } from "./connection.ts";
import type { ResourceMapping } from "./resource-mapping.ts";

/** A part of a command: it asks, and in the end has a result. */
export type Talk<Result> = Generator<CommandAsk, Result, CommandAnswer>;

/** One run of a command. */
export interface Session {
  readonly invocation: Invocation;
  /** The command's words: `create deployment`. */
  readonly path: string;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly argsBeforeDash: number;
  readonly config: Kubeconfig;
  readonly memory: Memory;
}

/** What this run has learned so far; it lives as long as the run and is made anew with it. */
export interface Memory {
  mappings: readonly ResourceMapping[] | undefined;
  readonly warnings: Set<string>;
  streams: number;
  /** Files read or written in this run, by path. */
  readonly files: Map<string, string>;
}

export function* print(text: string): Talk<void> {
  if (text !== "") yield { kind: "print", to: "stdout", text };
}

export function* complain(text: string): Talk<void> {
  if (text !== "") yield { kind: "print", to: "stderr", text };
}

export function* printLine(text: string): Talk<void> {
  yield { kind: "print", to: "stdout", text: `${text}\n` };
}

export function* warn(text: string): Talk<void> {
  yield { kind: "print", to: "stderr", text: `Warning: ${text}\n` };
}

/** Sends a request and answers the response, whatever its code. */
export function* exchange(session: Session, request: ApiRequest): Talk<ApiResponse> {
  if (session.config.elsewhere) throw refused(session);
  const answer = yield { kind: "request", request: withIdentity(session, request) };
  return yield* received(session, answer);
}

/** Sends a request; a refusal ends the command. */
export function* send(session: Session, request: ApiRequest): Talk<ApiResponse> {
  const response = yield* exchange(session, request);
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  return response;
}

export interface OpenStream {
  readonly stream: number;
  readonly response: ApiResponse;
}

/** Opens a watch, a log, an exec. */
export function* open(session: Session, request: ApiRequest): Talk<OpenStream> {
  const stream = session.memory.streams;
  session.memory.streams = stream + 1;
  const answer = yield { kind: "open", request: withIdentity(session, request) };
  const response = yield* received(session, answer);
  return { stream, response };
}

export type Arrival = Extract<CommandAnswer, { readonly kind: "event" | "data" | "closed" | "timeout" }>;

/** The next thing on an open stream. */
export function* arrival(stream: number, timeoutMillis?: number): Talk<Arrival> {
  const answer = yield timeoutMillis === undefined
    ? { kind: "next", stream }
    : { kind: "next", stream, timeoutMillis: Math.max(0, Math.ceil(timeoutMillis)) };
  switch (answer.kind) {
    case "event":
    case "data":
    case "closed":
    case "timeout":
      return answer;
    default:
      return { kind: "closed" };
  }
}

/** Milliseconds since 1970. */
export function* now(): Talk<number> {
  const answer = yield { kind: "now" };
  return answer.kind === "now" ? answer.millis : 0;
}

export function* sleep(millis: number): Talk<void> {
  yield { kind: "sleep", millis };
}

export interface File {
  readonly text: string;
  readonly entries?: readonly string[];
}

export function* readFile(session: Session, path: string): Talk<File | undefined> {
  const answer = yield { kind: "read", path: expandHome(session, path) };
  if (answer.kind !== "file") return undefined;
  return answer.entries === undefined ? { text: answer.text } : { text: answer.text, entries: answer.entries };
}

export function* writeFile(session: Session, path: string, text: string): Talk<void> {
  yield { kind: "write", path: expandHome(session, path), text };
}

export function* readStdin(): Talk<string> {
  const answer = yield { kind: "stdin" };
  return answer.kind === "file" ? answer.text : "";
}

function expandHome(session: Session, path: string): string {
  return path.startsWith("~/") ? `${session.invocation.environment["HOME"] ?? ""}${path.slice(1)}` : path;
}

function* received(session: Session, answer: CommandAnswer): Talk<ApiResponse> {
  if (answer.kind === "unreachable") {
    throw thrown({ kind: "unreachable", host: hostOf(session.config.server), message: answer.message });
  }
  if (answer.kind !== "response")
    throw thrown({ kind: "unreachable", host: hostOf(session.config.server), message: "unexpected EOF" });
  yield* showWarnings(session, answer.response);
  return answer.response;
}

/** Nothing listens where the line says the server is. */
function refused(session: Session): Error {
  return thrown({ kind: "unreachable", host: hostOf(session.config.server), message: "connection refused" });
}

export function hostOf(server: string): string {
  return server.replace(/^\w+:\/\//, "").split("/")[0] ?? server;
}

/** Warnings are shown once each. Source: kubectl pkg/cmd/cmd.go, rest.NewWarningWriter with Deduplicate. */
function* showWarnings(session: Session, response: ApiResponse): Talk<void> {
  const header = response.headers?.["warning"];
  if (header === undefined) return;
  for (const line of header.split("\n")) {
    const said = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replace(/\\(.)/g, "$1");
    if (said === undefined || session.memory.warnings.has(said)) continue;
    session.memory.warnings.add(said);
    yield* warn(said);
  }
}

function withIdentity(session: Session, request: ApiRequest): ApiRequest {
  const { impersonation, token } = session.config;
  if (impersonation === undefined && token === "") return request;
  const authorization: Readonly<Record<string, string>> = token === "" ? {} : { authorization: `Bearer ${token}` };
  return { ...request, headers: { ...request.headers, ...authorization, ...impersonation } };
}
