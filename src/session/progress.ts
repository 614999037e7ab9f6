/** What a learner has done, as plain data. Each part is read by itself: damage to one loses only that one. */
export interface Progress {
  readonly schema: typeof PROGRESS_SCHEMA;
  readonly labs: Readonly<Record<string, LabProgress>>;
  /** By chapter and item: `probes/how-often`. */
  readonly items: Readonly<Record<string, ItemProgress>>;
}

export const PROGRESS_SCHEMA = "workbook.progress/v1";

export interface LabProgress {
  readonly version: number;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  /** Different answers that were checked. */
  readonly attempts: number;
  /** How many hints were opened. */
  readonly hints: number;
  readonly files: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, string>>;
  readonly savedAt: number;
}

export interface ItemProgress {
  readonly isRight: boolean;
  readonly attempts: number;
  /** Whether the first answer was right: what a review goes by. */
  readonly wasRightFirst: boolean;
  readonly savedAt: number;
}

export const noProgress: Progress = { schema: PROGRESS_SCHEMA, labs: {}, items: {} };

export type Read =
  | { readonly kind: "read"; readonly progress: Progress; readonly lost: readonly string[] }
  | { readonly kind: "damaged"; readonly why: string };

/** Reads stored or imported text. What cannot be read is named; the rest is kept. */
export function readProgress(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "damaged", why: "it is not JSON" };
  }
  if (!isRecord(value)) return { kind: "damaged", why: "it is not an object" };
  if (value["schema"] !== PROGRESS_SCHEMA) {
    return {
      kind: "damaged",
      why: `its schema is ${JSON.stringify(value["schema"]) ?? "missing"}, expected ${PROGRESS_SCHEMA}`,
    };
  }
  const lost: string[] = [];
  const labs = readEach(value["labs"], readLab, lost);
  const items = readEach(value["items"], readItem, lost);
  return { kind: "read", progress: { schema: PROGRESS_SCHEMA, labs, items }, lost };
}

function readEach<Part>(
  value: unknown,
  read: (part: unknown) => Part | undefined,
  lost: string[],
): Record<string, Part> {
  const found: Record<string, Part> = {};
  for (const [id, part] of Object.entries(isRecord(value) ? value : {})) {
    const one = read(part);
    if (one === undefined || id === "__proto__") lost.push(id);
    else found[id] = one;
  }
  return found;
}

function readLab(value: unknown): LabProgress | undefined {
  if (!isRecord(value) || typeof value["passed"] !== "boolean") return undefined;
  const { version, points, maxPoints, attempts, hints, savedAt } = value;
  if (![version, points, maxPoints, attempts, hints, savedAt].every(isCount)) return undefined;
  const files = readTexts(value["files"]);
  const answers = readTexts(value["answers"]);
  if (files === undefined || answers === undefined) return undefined;
  const numbers = { version, points, maxPoints, attempts, hints, savedAt } as Readonly<Record<string, number>>;
  return {
    ...(numbers as unknown as Omit<LabProgress, "passed" | "files" | "answers">),
    passed: value["passed"],
    files,
    answers,
  };
}

function readItem(value: unknown): ItemProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { isRight, wasRightFirst, attempts, savedAt } = value;
  if (typeof isRight !== "boolean" || typeof wasRightFirst !== "boolean") return undefined;
  return isCount(attempts) && isCount(savedAt) ? { isRight, wasRightFirst, attempts, savedAt } : undefined;
}

function readTexts(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Both together. The order does not matter, and doing it twice changes nothing: the better answer stays, then the later one. */
export function mergeProgress(one: Progress, other: Progress): Progress {
  return {
    schema: PROGRESS_SCHEMA,
    labs: mergeEach(one.labs, other.labs, mergeLabs),
    items: mergeEach(one.items, other.items, mergeItems),
  };
}

function mergeEach<Part>(
  one: Readonly<Record<string, Part>>,
  other: Readonly<Record<string, Part>>,
  merge: (one: Part, other: Part) => Part,
): Record<string, Part> {
  const found: Record<string, Part> = {};
  for (const id of [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted()) {
    const [left, right] = [one[id], other[id]];
    const part = left !== undefined && right !== undefined ? merge(left, right) : (left ?? right);
    if (part !== undefined) found[id] = part;
  }
  return found;
}

function mergeLabs(one: LabProgress, other: LabProgress): LabProgress {
  const best = rankOfLab(one) >= rankOfLab(other) ? one : other;
  return { ...best, attempts: Math.max(one.attempts, other.attempts), hints: Math.max(one.hints, other.hints) };
}

/** A text that orders answers: a newer lab, passed, more points, later, and then anything that is the same on both sides. */
function rankOfLab(lab: LabProgress): string {
  const numbers = [lab.version, lab.passed ? 1 : 0, lab.points, lab.savedAt].map((number) =>
    String(number).padStart(16, "0"),
  );
  return [...numbers, JSON.stringify([lab.maxPoints, sorted(lab.files), sorted(lab.answers)])].join(" ");
}

function sorted(texts: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function mergeItems(one: ItemProgress, other: ItemProgress): ItemProgress {
  const first = firstOf(one, other);
  return {
    isRight: one.isRight || other.isRight,
    wasRightFirst: first.wasRightFirst,
    attempts: Math.max(one.attempts, other.attempts),
    savedAt: Math.max(one.savedAt, other.savedAt),
  };
}

/** Fewer attempts is nearer to the first answer; where that is equal, the stricter account counts. */
function firstOf(one: ItemProgress, other: ItemProgress): ItemProgress {
  return one.wasRightFirst ? other : one;
}
