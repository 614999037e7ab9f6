// RFC 7386, as kubernetes v1.36 applies it to stored objects.
import { isEqual } from "./semantic-equal.ts";

type Json = Readonly<Record<string, unknown>>;

/** The target with the patch merged in: records are merged, null removes, all else replaces. Unchanged parts are shared. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return isEqual(target, patch) ? target : patch;
  const base: Json = isRecord(target) ? target : {};
  let merged: Record<string, unknown> | undefined = isRecord(target) ? undefined : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null) {
      if (Object.hasOwn(base, key)) delete (merged ??= { ...base })[key];
      continue;
    }
    const next = applyMergePatch(base[key], value);
    if (next !== base[key] || !Object.hasOwn(base, key)) (merged ??= { ...base })[key] = next;
  }
  return merged ?? target;
}

/** The merge patch that turns one value into the other; `{}` when they are equal. Nulls in `to` cannot be said. */
export function createMergePatch(from: unknown, to: unknown): unknown {
  if (!isRecord(from) || !isRecord(to)) return to;
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key) || to[key] === undefined) patch[key] = null;
  for (const key of Object.keys(to)) {
    if (to[key] === undefined || isEqual(from[key], to[key])) continue;
    patch[key] = createMergePatch(from[key], to[key]);
  }
  return patch;
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
