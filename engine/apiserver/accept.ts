// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go; not modelled: protobuf, CBOR, quality values.
import type { Status } from "../api/status.ts";
import { failure } from "./failure.ts";

/** The shape in which an answer is wanted. */
export type Shape =
  | { readonly kind: "object" }
  | { readonly kind: "table" }
  /** PartialObjectMetadata and its list. */
  | { readonly kind: "metadata" };

const OBJECT: Shape = { kind: "object" };
const TABLE: Shape = { kind: "table" };
const METADATA: Shape = { kind: "metadata" };

/** The first shape of an `accept` header that the server can give. */
export function shapeOf(accept: string | undefined): Shape | Status {
  if (accept === undefined || accept === "" || accept === "application/json" || accept === "*/*") return OBJECT;
  for (const clause of accept.split(",")) {
    const shape = clauseShape(clause.trim());
    if (shape !== undefined) return shape;
  }
  return notAcceptable();
}

const jsonTypes: ReadonlySet<string> = new Set(["application/json", "application/yaml", "*/*", "application/*"]);

function clauseShape(clause: string): Shape | undefined {
  const [type = "", ...parameters] = clause.split(";").map((part) => part.trim());
  if (!jsonTypes.has(type)) return undefined;
  const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3);
  if (as === undefined) return OBJECT;
  if (as === "Table") return TABLE;
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? METADATA : undefined;
}

function notAcceptable(): Status {
  const message =
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, " +
    "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
  return failure(406, "NotAcceptable", { message, details: {} });
}
