// RFC 6902, as evanphx/json-patch v4 (kubernetes v1.36 vendors it) applies it; not modelled: accumulated copy size.
import { isEqual } from "./semantic-equal.ts";

export interface JsonPatchOperation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

/** The document after the patch, or why it does not apply. */
export type JsonPatched =
  | { readonly kind: "patched"; readonly value: unknown }
  | { readonly kind: "problem"; readonly message: string };

/** Source: apiserver/pkg/endpoints/handlers/patch.go, maxJSONPatchOperations. */
export const JSON_PATCH_OPERATIONS_MAX = 10_000;

/** Applies the operations in order, all or none. Unchanged parts are shared. */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): JsonPatched {
  let value = document;
  for (const operation of operations) {
    const result = applyOperation(value, operation);
    if (result.kind === "problem") return result;
    value = result.value;
  }
  return { kind: "patched", value };
}

function problem(message: string): JsonPatched {
  return { kind: "problem", message };
}

function applyOperation(document: unknown, { op, path, from, value }: JsonPatchOperation): JsonPatched {
  const steps = stepsOf(path);
  if (steps === undefined)
    return problem(`${String(op)} operation does not apply: doc is missing path: "${String(path)}"`);
  switch (op) {
    case "add":
      return edit(document, steps, { kind: "add", value });
    case "replace":
      return edit(document, steps, { kind: "replace", value });
    case "remove":
      return edit(document, steps, { kind: "remove" });
    case "test":
      return isEqual(lookUp(document, steps) ?? null, value ?? null)
        ? { kind: "patched", value: document }
        : problem(`testing value ${String(path)} failed: test failed`);
    case "move":
    case "copy":
      return transfer(document, { op, from: stepsOf(from), to: steps });
    default:
      return problem(`Unexpected kind: ${String(op)}`);
  }
}

function transfer(
  document: unknown,
  { op, from, to }: { readonly op: "move" | "copy"; readonly from: Steps | undefined; readonly to: Steps },
): JsonPatched {
  if (from === undefined) return problem(`${op} operation does not apply: doc is missing from path`);
  const value = lookUp(document, from);
  if (op === "copy") return edit(document, to, { kind: "add", value: value ?? null });
  const removed = edit(document, from, { kind: "remove" });
  return removed.kind === "problem" ? removed : edit(removed.value, to, { kind: "add", value });
}

type Steps = readonly string[];

/** The steps of a JSON pointer; undefined for the whole document, which upstream refuses too. */
function stepsOf(pointer: unknown): Steps | undefined {
  if (typeof pointer !== "string" || !pointer.includes("/")) return undefined;
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function lookUp(value: unknown, steps: Steps): unknown {
  let found = value;
  for (const step of steps) {
    if (Array.isArray(found)) found = found[indexOf(step, found.length)];
    else if (isRecord(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

type Edit = { readonly kind: "add" | "replace"; readonly value: unknown } | { readonly kind: "remove" };

function edit(container: unknown, steps: Steps, change: Edit): JsonPatched {
  const [step = "", ...rest] = steps;
  if (rest.length > 0) return editInside(container, step, { rest, change });
  if (Array.isArray(container)) return editArray(container, step, change);
  if (isRecord(container)) return editRecord(container, step, change);
  return problem(`${change.kind} operation does not apply: doc is missing path`);
}

function editInside(
  container: unknown,
  step: string,
  { rest, change }: { readonly rest: Steps; readonly change: Edit },
): JsonPatched {
  const inner = edit(lookUp(container, [step]), rest, change);
  if (inner.kind === "problem") return inner;
  if (Array.isArray(container)) {
    return { kind: "patched", value: container.with(indexOf(step, container.length), inner.value) };
  }
  return { kind: "patched", value: { ...(container as object), [step]: inner.value } };
}

function editRecord(record: Readonly<Record<string, unknown>>, key: string, change: Edit): JsonPatched {
  if (change.kind !== "remove") return { kind: "patched", value: { ...record, [key]: change.value } };
  if (!Object.hasOwn(record, key)) return problem(`Unable to remove nonexistent key: ${key}: missing value`);
  const { [key]: _, ...rest } = record;
  return { kind: "patched", value: rest };
}

function editArray(list: readonly unknown[], step: string, change: Edit): JsonPatched {
  const isAppended = step === "-" && change.kind === "add";
  const index = isAppended ? list.length : indexOf(step, change.kind === "add" ? list.length + 1 : list.length);
  const limit = change.kind === "add" ? list.length : list.length - 1;
  if (!(index >= 0 && index <= limit))
    return problem(`Unable to access invalid index: ${step}: invalid index referenced`);
  if (change.kind === "remove") return { kind: "patched", value: list.toSpliced(index, 1) };
  if (change.kind === "add") return { kind: "patched", value: list.toSpliced(index, 0, change.value) };
  return { kind: "patched", value: list.with(index, change.value) };
}

/** A negative index counts from the end. */
function indexOf(step: string, length: number): number {
  if (!/^-?[0-9]+$/.test(step)) return Number.NaN;
  const index = Number(step);
  return index < 0 ? index + length : index;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
