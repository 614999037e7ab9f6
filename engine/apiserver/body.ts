// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers (create.go, update.go, rest.go transformDecodeError).
import type { KubernetesObject } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import { prune, type StructuralSchema } from "./custom/structural.ts";
import { badRequest } from "./failure.ts";
import { decode } from "./registry/decode.ts";
import type { Served } from "./served.ts";
import type { Call } from "./state.ts";

/** A body that was read, or why it cannot be. */
export type Body =
  | { readonly kind: "object"; readonly object: KubernetesObject }
  | { readonly kind: "refused"; readonly status: Status };

export interface Expected {
  /** `apps/v1` and `Deployment`: what the body must be. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: string | undefined;
}

export function expectedOf(served: Served): Expected {
  return { apiVersion: served.apiVersion, kind: served.strategy.resource.kind, schema: served.schema };
}

function refused(message: string): Body {
  return { kind: "refused", status: badRequest(message) };
}

/** Reads the body of a create or update as the kind that is expected; `known` is the old object of an update. */
export function readBody(call: Call, expected: Expected, known?: KubernetesObject): Body {
  const { request } = call.exchange;
  if (request.body === undefined) return unreadable(request.text ?? "", expected);
  return readValue(call, { value: request.body, expected, known });
}

interface Reading {
  readonly value: unknown;
  readonly expected: Expected;
  readonly known: KubernetesObject | undefined;
  /** What is said instead of the usual when the value is no object of the kind. */
  readonly refuse?: (problem: string) => Status;
}

/** The same for a value that a patch has made. */
export function readValue(call: Call, reading: Reading): Body {
  const { value, expected, known } = reading;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return notAnObject(value, expected);
  const given = value as { readonly kind?: unknown; readonly apiVersion?: unknown };
  const kindProblem = problemOfKind(given, expected);
  if (kindProblem !== undefined) return refused(kindProblem);
  if (expected.schema === undefined) return readCustom(call, value as KubernetesObject, expected);
  const decoded = decode(value, expected.schema, known);
  const version = expected.apiVersion.slice(expected.apiVersion.indexOf("/") + 1);
  const sentence = (problem: string): string =>
    `${expected.kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ${problem}`;
  const refuse = (problem: string): Body =>
    reading.refuse === undefined ? refused(sentence(problem)) : { kind: "refused", status: reading.refuse(problem) };
  if (decoded.kind === "failed") return refuse(decoded.message);
  if (decoded.unknown.length > 0) {
    const mode = call.exchange.request.query?.["fieldValidation"] ?? "Warn";
    if (mode === "Strict") return refuse(`strict decoding error: ${decoded.unknown.join(", ")}`);
    if (mode !== "Ignore") call.warnings.push(...decoded.unknown);
  }
  return withMetadata(decoded.value as KubernetesObject, expected);
}

/** A custom resource: its metadata is that of every object, the rest is pruned by its own schema. */
function readCustom(call: Call, value: KubernetesObject, expected: Expected): Body {
  const unknown: string[] = [];
  const pruned = prune(value, (call.served.openApiSchema ?? {}) as StructuralSchema, {
    path: "",
    unknown,
  }) as KubernetesObject;
  const metadata = decode((value as Partial<KubernetesObject>).metadata ?? {}, "ObjectMeta");
  if (metadata.kind === "failed") return refused(metadata.message);
  const strict = [...unknown, ...metadata.unknown.map((text) => text.replace('"', '"metadata.'))];
  const mode = call.exchange.request.query?.["fieldValidation"] ?? "Warn";
  if (strict.length > 0 && mode === "Strict") {
    const version = expected.apiVersion.slice(expected.apiVersion.indexOf("/") + 1);
    return refused(
      `${expected.kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: strict decoding error: ${strict.join(", ")}`,
    );
  }
  if (mode !== "Ignore") call.warnings.push(...strict);
  const object = { ...pruned, metadata: metadata.value as KubernetesObject["metadata"] };
  return withMetadata(object, expected);
}

function withMetadata(object: KubernetesObject, expected: Expected): Body {
  const { kind, apiVersion, metadata } = object as Partial<KubernetesObject>;
  if (kind === expected.kind && apiVersion === expected.apiVersion && metadata !== undefined)
    return { kind: "object", object };
  return {
    kind: "object",
    object: { ...object, kind: expected.kind, apiVersion: expected.apiVersion, metadata: metadata ?? {} },
  };
}

function problemOfKind(
  given: { readonly kind?: unknown; readonly apiVersion?: unknown },
  expected: Expected,
): string | undefined {
  const { kind = "", apiVersion = "" } = given;
  if ((kind === "" || kind === expected.kind) && (apiVersion === "" || apiVersion === expected.apiVersion))
    return undefined;
  if (typeof kind !== "string")
    return unrecognized(
      expected,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof kind} into Go struct field .kind of type string`,
    );
  if (typeof apiVersion !== "string")
    return unrecognized(
      expected,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof apiVersion} into Go struct field .apiVersion of type string`,
    );
  if (kind === expected.kind || kind === "") {
    return `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`;
  }
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const problem = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  return `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ${problem}`;
}

function unrecognized(expected: Expected, problem: string): string {
  return `the object provided is unrecognized (must be of type ${expected.kind}): ${problem}`;
}

function notAnObject(value: unknown, expected: Expected): Body {
  const text = JSON.stringify(value) ?? "";
  const word = Array.isArray(value)
    ? "array"
    : value === null
      ? "null"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
  const problem = `couldn't get version/kind; json parse error: json: cannot unmarshal ${word} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  return refused(`${unrecognized(expected, problem)} (${summary(text)})`);
}

/** Source: apiserver/pkg/endpoints/handlers/rest.go summarizeData: thirty bytes. */
function summary(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)} ...` : text;
}

/** A body that is not JSON. */
function unreadable(text: string, expected: Expected): Body {
  const problem = text === "" ? "unexpected end of JSON input" : jsonProblem(text);
  const shown = text === "" ? "" : ` (${summary(text)})`;
  return refused(`${unrecognized(expected, `couldn't get version/kind; json parse error: ${problem}`)}${shown}`);
}

/** Go's sentence for the first character that cannot be: encoding/json/scanner.go. The usual cases only. */
export function jsonProblem(text: string): string {
  if (text === "") return "unexpected end of JSON input";
  const trimmed = text.trimStart();
  const second = trimmed.slice(1).trimStart().charAt(0);
  if (trimmed.startsWith("{") && second !== "" && second !== '"' && second !== "}") {
    return `invalid character '${second}' looking for beginning of object key string`;
  }
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return "unexpected end of JSON input";
  return `invalid character '${trimmed.charAt(0)}' looking for beginning of value`;
}
