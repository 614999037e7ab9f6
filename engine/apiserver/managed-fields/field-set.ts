// After sigs.k8s.io/structured-merge-diff/v6 fieldpath (set.go, serialize.go): sets of fields in the form in which objects carry them (FieldsV1).

/**
 * A set of fields as a tree: `{"f:spec": {"f:replicas": {}}}`. A node without children is a member; a node with children is one when it
 * has `.`. Trees are immutable and shared.
 */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** One field and nothing below it. */
export const LEAF: FieldSet = {};

const SELF = ".";

export function isMember(set: FieldSet): boolean {
  if (SELF in set) return true;
  for (const _ in set) return false;
  return true;
}

function hasChildren(set: FieldSet): boolean {
  for (const step in set) if (step !== SELF) return true;
  return false;
}

/** What is in either. */
export function union(one: FieldSet | undefined, other: FieldSet | undefined): FieldSet | undefined {
  if (one === undefined || one === other) return other;
  if (other === undefined) return one;
  const merged: Record<string, FieldSet> = {};
  if (isMember(one) || isMember(other)) merged[SELF] = LEAF;
  for (const step in one) if (step !== SELF) merged[step] = one[step] ?? LEAF;
  for (const step in other) {
    if (step !== SELF) merged[step] = union(merged[step], other[step]) ?? LEAF;
  }
  return isSame(merged, one) ? one : withoutBareSelf(merged);
}

function withoutBareSelf(set: FieldSet): FieldSet {
  return hasChildren(set) ? set : LEAF;
}

function isSame(one: FieldSet, other: FieldSet): boolean {
  const steps = Object.keys(one);
  if (!hasChildren(one)) return !hasChildren(other) && isMember(other);
  return steps.length === Object.keys(other).length && steps.every((step) => one[step] === other[step]);
}

/** What is in the first and not in the second; undefined when nothing is left. */
export function difference(one: FieldSet | undefined, other: FieldSet | undefined): FieldSet | undefined {
  if (one === undefined || other === undefined) return one;
  const left: Record<string, FieldSet> = {};
  if (isMember(one) && !isMember(other)) left[SELF] = LEAF;
  for (const step in one) {
    if (step === SELF) continue;
    const kept = difference(one[step], other[step]);
    if (kept !== undefined) left[step] = kept;
  }
  if (isSame(left, one) && (isMember(one) === SELF in left || hasChildren(left))) return sameOr(left, one);
  if (hasChildren(left)) return left;
  return SELF in left ? LEAF : undefined;
}

function sameOr(left: FieldSet, one: FieldSet): FieldSet | undefined {
  if (hasChildren(left)) return isMember(left) === isMember(one) ? one : left;
  return SELF in left ? one : undefined;
}

/** What is in both; undefined when nothing is. */
export function intersection(one: FieldSet | undefined, other: FieldSet | undefined): FieldSet | undefined {
  if (one === undefined || other === undefined) return undefined;
  const both: Record<string, FieldSet> = {};
  if (isMember(one) && isMember(other)) both[SELF] = LEAF;
  for (const step in one) {
    if (step === SELF) continue;
    const common = intersection(one[step], other[step]);
    if (common !== undefined) both[step] = common;
  }
  if (hasChildren(both)) return both;
  return SELF in both ? LEAF : undefined;
}

/** The paths of a set as messages print them: `.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet, prefix = ""): readonly string[] {
  const own = isMember(set) && prefix !== "" ? [prefix] : [];
  const below = Object.keys(set)
    .filter((step) => step !== SELF)
    .toSorted()
    .flatMap((step) => pathsOf(set[step] ?? LEAF, prefix + printStep(step)));
  return [...own, ...below];
}

function printStep(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith("f:")) return `.${rest}`;
  if (!step.startsWith("k:")) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Readonly<Record<string, unknown>>;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",")}]`;
}
