/** One recorded case that the engine is held against. */
export interface ParityCase {
  readonly name: string;
  /** The first difference from the recording, or undefined when all is equal. */
  compare(): string | undefined;
}

/** What a kind's file exports as `cases`: the cases in a folder that is laid out like the recordings of that kind. */
export type Cases = (directory: string) => Iterable<ParityCase>;

/** The first place where two JSON values differ, as `path: expected …, got …`; undefined when they are equal. */
export function difference(expected: unknown, got: unknown, path = ""): string | undefined {
  if (Object.is(expected, got)) return undefined;
  if (Array.isArray(expected) && Array.isArray(got)) return differenceOfLists(expected, got, path);
  if (isRecord(expected) && isRecord(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const found = difference(expected[key], got[key], path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return `${path === "" ? "" : `${path}: `}expected ${brief(expected)}, got ${brief(got)}`;
}

function differenceOfLists(expected: readonly unknown[], got: readonly unknown[], path: string): string | undefined {
  for (let index = 0; index < Math.max(expected.length, got.length); index++) {
    const found = difference(expected[index], got[index], `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
