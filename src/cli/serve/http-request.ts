import type { IncomingMessage } from "node:http";
import type { ApiRequest } from "@workbook/engine";
import { decodeObject } from "./protobuf/decode.ts";

/** The largest body. Source: k8s.io/apiserver MaxRequestBodyBytes, 3 MiB. */
export const BODY_BYTES_MAX: number = 3 * 1024 * 1024;

/** A body that is larger than the server reads. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** The HTTP request as the engine's API server takes it. */
export function apiRequestOf(message: IncomingMessage, body: Buffer): ApiRequest {
  const [path = "/", search = ""] = (message.url ?? "/").split("?", 2);
  const headers = headersOf(message);
  const method = METHODS.includes(message.method ?? "") ? (message.method as ApiRequest["method"]) : "GET";
  const given = bodyOf(body, headers["content-type"] ?? "");
  const isDecoded = given.body !== undefined && headers["content-type"]?.includes("protobuf") === true;
  const plain = isDecoded ? { ...headers, "content-type": "application/json" } : headers;
  return { method, path: decoded(path), query: queryOf(search), headers: plain, ...given };
}

/** Reads the whole body; a body that is too large is not read to its end. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new BodyTooLarge("Request entity too large: limit is 3145728");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The typed clients of client-go send protobuf, everybody else JSON; what is neither is passed on as text. */
function bodyOf(bytes: Buffer, contentType: string): { readonly body?: unknown; readonly text?: string } {
  if (bytes.length === 0) return {};
  const text = bytes.toString("utf8");
  if (contentType.includes("yaml")) return { text };
  if (contentType.includes("protobuf")) {
    const body = decodeObject(bytes);
    return body === undefined ? { text } : { body };
  }
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}

function headersOf(message: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join("\n") : value;
  }
  return headers;
}

/** Repeated parameters, such as the words of `command`, are joined by "\0". */
function queryOf(search: string): Readonly<Record<string, string>> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    const former = query.get(name);
    query.set(name, former === undefined ? value : `${former}\0${value}`);
  }
  return Object.fromEntries(query);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
