/** Whether two JSON values are equal; an absent member and an undefined one are the same. Shared parts cost nothing. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && areListsEqual(one, other, isEqual);
  }
  return areRecordsEqual(one as JsonRecord, other as JsonRecord, isEqual);
}

/**
 * Whether two values mean the same to a controller: as `isEqual`, but an empty list or record equals an absent one.
 * Source: apimachinery/pkg/api/equality Semantic.DeepEqual, which does so for Go's nil slices and maps.
 */
export function isSemanticallyEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  const left = withoutEmpty(one);
  const right = withoutEmpty(other);
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && areListsEqual(left, right, isSemanticallyEqual);
  }
  return areRecordsEqual(left as JsonRecord, right as JsonRecord, isSemanticallyEqual);
}

type JsonRecord = Readonly<Record<string, unknown>>;
type Equality = (one: unknown, other: unknown) => boolean;

function withoutEmpty(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  for (const _ in value) return value;
  return undefined;
}

function areListsEqual(one: readonly unknown[], other: readonly unknown[], equal: Equality): boolean {
  return one.length === other.length && one.every((item, index) => equal(item, other[index]));
}

function areRecordsEqual(one: JsonRecord, other: JsonRecord, equal: Equality): boolean {
  for (const key in one) if (!equal(one[key], other[key])) return false;
  for (const key in other) if (!(key in one) && !equal(undefined, other[key])) return false;
  return true;
}
