// After github.com/robfig/cron/v3 parser.go ParseStandard; only what can be wrong, not when it is due.
import { goQuote } from "../../../api/go-quote.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const days = "sun mon tue wed thu fri sat".split(" ");

/** Minute, hour, day of month, month, day of week. Sunday may be 7 nowhere. */
const fields: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];

const descriptors: ReadonlySet<string> = new Set(
  "@yearly @annually @monthly @weekly @daily @midnight @hourly".split(" "),
);
const duration = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;

/** Why the text is no schedule; undefined when it is one. */
export function scheduleProblem(text: string): string | undefined {
  if (text === "") return "empty spec string";
  let spec = text;
  if (spec.startsWith("TZ=") || spec.startsWith("CRON_TZ=")) spec = spec.slice(spec.indexOf(" ") + 1).trim();
  if (spec.startsWith("@")) return descriptorProblem(spec);
  const parts = spec.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== fields.length) {
    return `expected exactly ${fields.length} fields, found ${parts.length}: [${parts.join(" ")}]`;
  }
  for (const [index, bounds] of fields.entries()) {
    const problem = fieldProblem(parts[index] ?? "", bounds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function descriptorProblem(spec: string): string | undefined {
  if (descriptors.has(spec)) return undefined;
  if (!spec.startsWith("@every ")) return `unrecognized descriptor: ${spec}`;
  const length = spec.slice("@every ".length);
  return duration.test(length)
    ? undefined
    : `failed to parse duration ${spec}: time: invalid duration ${goQuote(length)}`;
}

function fieldProblem(field: string, bounds: Bounds): string | undefined {
  for (const range of field.split(",")) {
    if (range === "") continue;
    const problem = rangeProblem(range, bounds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function rangeProblem(text: string, bounds: Bounds): string | undefined {
  const [head = "", stepText, ...moreSteps] = text.split("/");
  const [first = "", second = first, ...moreEnds] = head.split("-");
  const isAll = first === "*" || first === "?";
  if (!isAll && moreEnds.length > 0) return `too many hyphens: ${text}`;
  if (moreSteps.length > 0) return `too many slashes: ${text}`;
  const start = isAll ? bounds.min : readNumber(first, bounds.names);
  if (typeof start === "string") return start;
  const last = isAll ? bounds.max : readNumber(second, bounds.names);
  if (typeof last === "string") return last;
  const step = stepText === undefined ? 1 : readNumber(stepText, []);
  if (typeof step === "string") return step;
  const end = stepText !== undefined && !head.includes("-") ? bounds.max : last;
  return boundsProblem({ start, end, step, text }, bounds);
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly text: string;
}

function boundsProblem({ start, end, step, text }: Range, { min, max }: Bounds): string | undefined {
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

const digits = /^[-+]?\d+$/;

/** A number or a name; the sentence when it is neither. */
function readNumber(text: string, names: readonly string[]): number | string {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return names === months ? index + 1 : index;
  if (!digits.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`;
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}
