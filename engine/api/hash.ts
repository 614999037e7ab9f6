// After kubernetes v1.36 pkg/controller/controller_utils.go ComputeHash, pkg/util/hash, pkg/controller/history,
// apimachinery/pkg/util/rand SafeEncodeString.
import type { PodTemplateSpec } from "./generated/types.ts";
import { goDump } from "./go-dump.ts";
import { goJson } from "./go-quote.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over bytes (Fowler, Noll, Vo), 32 bits. */
export function fnv32a(bytes: readonly number[]): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/** FNV-1: multiplies first, then mixes the byte in. */
export function fnv32(bytes: readonly number[]): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash, FNV_PRIME) ^ byte;
  return hash >>> 0;
}

/** The bytes of a text in UTF-8. */
export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? 0);
  return bytes;
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
}

const SAFE_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A text with each byte replaced by one that never spells a word. */
export function safeEncode(text: string): string {
  return utf8(text)
    .map((byte) => SAFE_CHARACTERS.charAt(byte % SAFE_CHARACTERS.length))
    .join("");
}

/** The pod-template-hash of a defaulted template: what a Deployment's ReplicaSets and a DaemonSet's pods are told apart by. */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  const bytes = utf8(goDump(template, "v1.PodTemplateSpec"));
  if (collisionCount !== undefined) {
    for (let shift = 0; shift < 32; shift += 8) bytes.push((collisionCount >>> shift) & 255);
    bytes.push(0, 0, 0, 0);
  }
  return safeEncode(String(fnv32a(bytes)));
}

/**
 * The hash in the name of a StatefulSet's ControllerRevision: of its data and of the collisions counted so far. (A DaemonSet's
 * ControllerRevision takes the pod-template-hash.)
 */
export function revisionHash(data: unknown, collisionCount: number): string {
  return safeEncode(String(fnv32(utf8(goJson(sortedKeys(data)) + String(collisionCount)))));
}

/** What a StatefulSet or a DaemonSet keeps of itself in a ControllerRevision. */
export function revisionData(template: PodTemplateSpec): Readonly<Record<string, unknown>> {
  return { spec: { template: { ...template, $patch: "replace" } } };
}

/** The value with the keys of every record in order, as Go marshals maps. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(record)
      .toSorted()
      .map((key) => [key, sortedKeys(record[key])]),
  );
}
