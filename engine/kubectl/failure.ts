// After kubernetes v1.36 staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (CheckErr and what it calls).
import { goQuote } from "../api/go-quote.ts";
import { list, rowsAt, text, textAt, fields, type Fields } from "./json.ts";

/**
 * Why a command stops. kubectl leaves a command from any depth through CheckErr; a failure is thrown in the same way and is
 * caught in one place, where it becomes the message and the exit code.
 */
export type Failure =
  /** A sentence; printed after `error: `. */
  | { readonly kind: "text"; readonly message: string }
  /** The API server's refusal. */
  | { readonly kind: "status"; readonly status: Fields }
  /** Printed as it is. */
  | { readonly kind: "plain"; readonly message: string; readonly code: number }
  | { readonly kind: "unreachable"; readonly host: string; readonly message: string }
  | { readonly kind: "several"; readonly failures: readonly Failure[] };

export const DEFAULT_EXIT_CODE = 1;

interface Thrown extends Error {
  readonly failure: Failure;
}

/** What is thrown for a failure. */
export function thrown(failure: Failure): Error {
  return Object.assign(new Error(messageOf(failure)), { failure });
}

export function refusal(message: string): Error {
  return thrown({ kind: "text", message });
}

/** Ends the command with a message for stderr as it is, and an exit code. */
export function exit(message: string, code: number = DEFAULT_EXIT_CODE): Error {
  return thrown({ kind: "plain", message, code });
}

/** A mistake in the words of the command line: UsageErrorf. */
export function usageRefusal(path: string, message: string): Error {
  return refusal(`${message}\nSee '${path} -h' for help and examples`);
}

/** The failure inside what was caught; anything else is a broken invariant and goes on up. */
export function failureOf(caught: unknown): Failure {
  if (caught instanceof Error && "failure" in caught) return (caught as Thrown).failure;
  throw caught;
}

/** Go's err.Error(). */
export function messageOf(failure: Failure): string {
  switch (failure.kind) {
    case "text":
    case "plain":
    case "unreachable":
      return failure.message;
    case "status":
      return text(failure.status["message"]);
    case "several":
      return joined(failure.failures.map(messageOf));
  }
}

function joined(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
}

/** Several failures as one; none is undefined. */
export function together(failures: readonly Failure[]): Failure | undefined {
  const flat = failures.flatMap((failure) => (failure.kind === "several" ? failure.failures : [failure]));
  return flat.length > 1 ? { kind: "several", failures: flat } : flat[0];
}

/** The same failure with other words before its message: fmt.Errorf("…: %v", err), which keeps nothing of a status. */
export function prefixed(failure: Failure, prefix: string): Failure {
  return { kind: "text", message: prefix + messageOf(failure) };
}

/** cmdutil.AddSourceToErr: says which file it was, and keeps the kind of a status. */
export function addSource(failure: Failure, verb: string, source: string): Failure {
  if (source === "") return failure;
  const prefix = `error when ${verb} ${goQuote(source)}: `;
  if (failure.kind !== "status") return prefixed(failure, prefix);
  return { kind: "status", status: { ...failure.status, message: prefix + text(failure.status["message"]) } };
}

export function reasonOf(failure: Failure): string {
  return failure.kind === "status" ? text(failure.status["reason"]) : "";
}

export interface Ending {
  readonly message: string;
  readonly code: number;
}

/** What CheckErr prints to stderr, and the exit code. */
export function endingOf(failure: Failure): Ending {
  return { message: withNewline(report(failure)), code: failure.kind === "plain" ? failure.code : DEFAULT_EXIT_CODE };
}

function withNewline(message: string): string {
  return message === "" || message.endsWith("\n") ? message : `${message}\n`;
}

function report(failure: Failure): string {
  if (failure.kind === "plain") return failure.message;
  if (failure.kind === "status" && reasonOf(failure) === "Invalid") return invalidMessage(failure.status);
  if (failure.kind === "several") return failure.failures.map(standardMessage).join("\n");
  if (failure.kind !== "text") return standardMessage(failure);
  return failure.message.startsWith("error: ") ? failure.message : `error: ${failure.message}`;
}

/** cmdutil.StandardErrorMessage, or the plain message where there is none. */
export function standardMessage(failure: Failure): string {
  if (failure.kind === "status") return statusMessage(failure.status);
  if (failure.kind !== "unreachable") return messageOf(failure);
  return failure.message.includes("connection refused")
    ? `The connection to the server ${failure.host} was refused - did you specify the right host or port?`
    : `Unable to connect to the server: ${failure.message}`;
}

function statusMessage(status: Fields): string {
  const [reason, message] = [text(status["reason"]), text(status["message"])];
  if (reason === "Unauthorized") return `error: You must be logged in to the server (${message})`;
  return reason === "" ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`;
}

function invalidMessage(status: Fields): string {
  const details = status["details"];
  const message = textAt(status, "message");
  if (details === undefined) return `The request is invalid: ${message}`;
  const [kind, name] = [textAt(details, "kind"), textAt(details, "name")];
  const causes = rowsAt(details, "causes");
  let line = "The request is invalid";
  if (kind !== "" || name !== "") line = `The ${kind} ${goQuote(name)} is invalid`;
  else if (message !== "" && causes.length === 0) line = `${line}: ${message}`;
  if (causes.length === 0) return line;
  const lines = [...new Set(causes.map((cause) => `${textAt(cause, "field")}: ${textAt(cause, "message")}`))];
  return lines.length === 1 ? `${line}: ${lines[0] ?? ""}` : `${line}: ${lines.map((each) => `\n* ${each}`).join("")}`;
}

/** The failure for an answer of the API server with a code of 400 or more. */
export function failureOfResponse(code: number, body: unknown): Failure {
  const status = fields(body);
  if (status["kind"] === "Status") return { kind: "status", status };
  const [reason, message] = GENERIC[code] ?? ["", "an error on the server has prevented the request from succeeding"];
  const said = typeof body === "string" && code >= 500 ? ` (${goQuote(body.trim())})` : "";
  return { kind: "status", status: { kind: "Status", status: "Failure", code, reason, message: message + said } };
}

/** Source: k8s.io/apimachinery pkg/api/errors NewGenericServerResponse. */
const GENERIC: Readonly<Record<number, readonly [string, string]>> = {
  400: ["BadRequest", "the server rejected our request for an unknown reason"],
  401: ["Unauthorized", "the server has asked for the client to provide credentials"],
  403: ["Forbidden", "forbidden"],
  404: ["NotFound", "the server could not find the requested resource"],
  405: ["MethodNotAllowed", "the server does not allow this method on the requested resource"],
  406: ["NotAcceptable", "the server was unable to respond with a content type that the client supports"],
  415: ["UnsupportedMediaType", "the server was unable to process the content type"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
};

/** Go's %v of a list of strings. */
export function bracketed(values: readonly unknown[]): string {
  return `[${list(values).map(text).join(" ")}]`;
}
