// After go.yaml.in/yaml/v2 resolve.go: what a plain scalar of YAML 1.1 means to kubectl and the API server.

export type YamlScalar = string | number | boolean | null;

const WORDS: ReadonlyMap<string, YamlScalar> = new Map<string, YamlScalar>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const DECIMAL = /^[-+]?(0|[1-9][0-9]*)$/;
const OCTAL = /^([-+]?)0o?([0-7]+)$/;
const HEXADECIMAL = /^([-+]?)0[xX]([0-9a-fA-F]+)$/;
const BINARY = /^([-+]?)0[bB]([01]+)$/;
const TIMESTAMP =
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d+)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?)?$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** The value of an unquoted scalar. A timestamp stays text. */
export function resolveScalar(text: string): YamlScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charAt(0);
  if (first === ".") return FLOAT.test(text) ? Number(text) : text;
  if (!/[-+0-9]/.test(first) || TIMESTAMP.test(text)) return text;
  return numberOf(text.replaceAll("_", "")) ?? text;
}

function numberOf(plain: string): number | undefined {
  if (DECIMAL.test(plain)) return Number(plain);
  return (
    based(OCTAL.exec(plain), 8) ??
    based(HEXADECIMAL.exec(plain), 16) ??
    based(BINARY.exec(plain), 2) ??
    (FLOAT.test(plain) ? Number(plain) : undefined)
  );
}

function based(match: RegExpExecArray | null, base: number): number | undefined {
  if (match === null) return undefined;
  const value = Number.parseInt(match[2] ?? "", base);
  return match[1] === "-" ? -value : value;
}

/** Whether text must be quoted because it would mean something else without quotes. */
export function needsQuotes(text: string): boolean {
  return (
    typeof resolveScalar(text) !== "string" ||
    TIMESTAMP.test(text) ||
    BASE_60.test(text) ||
    text === "<<" ||
    text === "="
  );
}
