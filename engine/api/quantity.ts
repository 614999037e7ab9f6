// After kubernetes v1.36 apimachinery/pkg/api/resource/quantity.go, amount.go, suffix.go; not modelled: CBOR.

/**
 * A fixed-point number of the API: `100m`, `1.5Gi`, `1e3`. `value × 10^scale` is exact; `format` remembers how it was
 * written, because a quantity is printed in the family of suffixes in which it came.
 */
export interface Quantity {
  readonly value: bigint;
  readonly scale: number;
  readonly format: "DecimalSI" | "DecimalExponent" | "BinarySI";
  /** The text as it was written, where it counts as canonical: it is printed again unchanged. */
  readonly text?: string;
  /** Whether Go keeps it as an arbitrary-precision decimal instead of an int64; only hashes can tell. */
  readonly isDecimal?: boolean;
}

export const QUANTITY_FORMAT_PROBLEM =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const QUANTITY_NUMBER_PROBLEM = "unable to parse numeric part of quantity";
export const QUANTITY_SUFFIX_PROBLEM = "unable to parse quantity's suffix";

const INT64_MAX = 9_223_372_036_854_775_807n;

/** Finer than a nano is rounded up. Source: quantity.go, Nano. */
const SCALE_MIN = -9;

/** How many digits an int64 surely holds. Source: quantity.go, maxInt64Factors. */
const INT64_DIGITS = 18;

const DECIMAL_SUFFIXES: readonly (readonly [string, number])[] = [
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
];

const BINARY_SUFFIXES: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Sign, leading zeros, digits, fraction, suffix; what upstream scans by hand. */
const QUANTITY = /^([+-]?)(0*)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** The quantity, or the sentence that says why the text is none. White space around it is not taken away. */
export function parseQuantity(text: string): Quantity | string {
  if (text === "") return QUANTITY_FORMAT_PROBLEM;
  if (text === "0") return { value: 0n, scale: 0, format: "DecimalSI", text };
  const match = QUANTITY.exec(text);
  if (match === null) return QUANTITY_FORMAT_PROBLEM;
  const [, sign = "", zeros = "", digits = "", point, fraction = "", suffix = ""] = match;
  const meaning = meaningOf(suffix);
  if (meaning === undefined) return QUANTITY_SUFFIX_PROBLEM;
  const whole = digits === "" ? "0" : digits;
  const parts: Parts = { isNegative: sign === "-", digits: whole, fraction, ...meaning };
  const isBare = zeros === "" && digits === "" && (fraction === "" || point === undefined);
  return fastQuantity(parts, text) ?? (isBare ? QUANTITY_NUMBER_PROBLEM : slowQuantity(parts));
}

interface Parts {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly fraction: string;
  /** Of ten, or of two for BinarySI. */
  readonly exponent: number;
  readonly format: Quantity["format"];
}

function meaningOf(suffix: string): Pick<Parts, "exponent" | "format"> | undefined {
  const decimal = DECIMAL_SUFFIXES.find(([name]) => name === suffix);
  if (decimal !== undefined) return { exponent: decimal[1], format: "DecimalSI" };
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary > 0) return { exponent: binary * 10, format: "BinarySI" };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) return undefined;
  return { exponent: Number(suffix.slice(1)), format: "DecimalExponent" };
}

/** What fits in an int64. Such a quantity keeps its text when the text is canonical already, or looks so to upstream. */
function fastQuantity(parts: Parts, text: string): Quantity | undefined {
  const { digits, fraction, exponent, format } = parts;
  const isBinary = format === "BinarySI";
  if (isBinary && fraction !== "") return undefined;
  const precision = isBinary
    ? 15 - digits.length - Math.trunc((exponent * 3) / 10) - 1
    : INT64_DIGITS - digits.length - fraction.length;
  const scale = isBinary ? 0 : exponent - fraction.length;
  if (precision < 0 || scale < SCALE_MIN) return undefined;
  const shifted = digits + fraction;
  const number = BigInt(shifted);
  const value = isBinary ? number << BigInt(exponent) : number;
  const isCanonical = isBinary
    ? (number & 7n) !== 0n
    : scale % 3 === 0 && !shifted.endsWith("000") && !shifted.startsWith("0");
  const quantity = { value: parts.isNegative ? -value : value, scale, format };
  return isCanonical ? { ...quantity, text } : quantity;
}

function slowQuantity({ isNegative, digits, fraction, exponent, format }: Parts): Quantity {
  const isBinary = format === "BinarySI";
  const number = BigInt(digits + fraction);
  let value = isBinary ? number << BigInt(exponent) : number;
  let scale = (isBinary ? 0 : exponent) - fraction.length;
  if (scale < SCALE_MIN) {
    value = scaled(value, scale, SCALE_MIN);
    scale = SCALE_MIN;
  }
  const isCapped = isBinary && compareScaled({ value, scale }, { value: INT64_MAX, scale: 0 }) > 0;
  if (isCapped) return { value: isNegative ? -INT64_MAX : INT64_MAX, scale: 0, format, isDecimal: true };
  const isFraction = isBinary && value > 0n && compareScaled({ value, scale }, { value: 1n, scale: 0 }) < 0;
  return { value: isNegative ? -value : value, scale, format: isFraction ? "DecimalSI" : format, isDecimal: true };
}

/** `value × 10^from` in units of `10^to`, rounded away from zero. */
function scaled(value: bigint, from: number, to: number): bigint {
  if (from >= to) return value * 10n ** BigInt(from - to);
  const unit = 10n ** BigInt(to - from);
  const whole = value / unit;
  if (whole * unit === value) return whole;
  return value < 0n ? whole - 1n : whole + 1n;
}

type Amount = Pick<Quantity, "value" | "scale">;

function compareScaled(one: Amount, other: Amount): number {
  const scale = Math.min(one.scale, other.scale);
  const left = scaled(one.value, one.scale, scale);
  const right = scaled(other.value, other.scale, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The text of a quantity in canonical form. */
export function formatQuantity(quantity: Quantity): string {
  const { value, scale, format, text } = quantity;
  if (text !== undefined) return text;
  if (value === 0n) return "0";
  if (format === "BinarySI" && isPrintedBinary(quantity)) return formatBinary(scaled(value, scale, 0));
  return formatDecimal(value, scale, format === "BinarySI" ? "DecimalSI" : format);
}

/** Small numbers and fractions of a binary quantity are printed as decimals, so that nothing is lost. */
function isPrintedBinary({ value, scale }: Amount): boolean {
  const size = { value: value < 0n ? -value : value, scale };
  if (compareScaled(size, { value: 1024n, scale: 0 }) < 0) return false;
  return scale >= 0 || value % 10n ** BigInt(-scale) === 0n;
}

function formatBinary(value: bigint): string {
  let mantissa = value;
  let step = 0;
  for (; mantissa % 1024n === 0n && step < BINARY_SUFFIXES.length - 1; step++) mantissa /= 1024n;
  return `${mantissa}${BINARY_SUFFIXES[step]}`;
}

function formatDecimal(value: bigint, scale: number, format: "DecimalSI" | "DecimalExponent"): string {
  let mantissa = value;
  let exponent = scale;
  for (; mantissa % 10n === 0n; exponent++) mantissa /= 10n;
  for (; exponent % 3 !== 0; exponent--) mantissa *= 10n;
  const suffix = DECIMAL_SUFFIXES.find(([, power]) => power === exponent)?.[0];
  if (format === "DecimalSI" && suffix !== undefined) return `${mantissa}${suffix}`;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
}

/** The quantity that stored or defaulted text means. Text that is no quantity counts as 0: validation refused it before. */
export function quantityOf(text: string | number): Quantity {
  const parsed = parseQuantity(String(text).trim());
  return typeof parsed === "string" ? ZERO_QUANTITY : parsed;
}

export const ZERO_QUANTITY: Quantity = { value: 0n, scale: 0, format: "DecimalSI" };

/** The form in which the API stores a quantity: `0.5` as `500m`, `1024Mi` as `1Gi`. */
export function canonicalQuantity(text: string | number): string {
  return formatQuantity(quantityOf(text));
}

/** The quantity in units of `10^scale`, rounded away from zero, as defaulting does with resources at milli (-3). */
export function roundUpQuantity(quantity: Quantity, scale: number): Quantity {
  if (quantity.scale >= scale && quantity.isDecimal !== true) return quantity;
  const { text: _, ...rest } = quantity;
  if (quantity.scale >= scale) return rest;
  return { ...rest, value: scaled(quantity.value, quantity.scale, scale), scale };
}

/**
 * Whether the API server takes the quantity for a fraction, and so warns about bytes. It asks for thousandths in an int64,
 * so for sizes beyond 8 Pi the answer can be wrong; it is the same wrong one here. Source: pkg/api/pod/warnings.go.
 */
export function isFractional({ value, scale, isDecimal }: Quantity): boolean {
  const thousandths = scaled(value, scale, -3);
  const wrapped = BigInt.asIntN(64, thousandths);
  return (isDecimal === true || wrapped === thousandths) && wrapped % 1000n !== 0n;
}

/** Negative, zero or positive, as the first is less than, equal to or more than the second. */
export function compareQuantities(one: Quantity, other: Quantity): number {
  return compareScaled(one, other);
}

/** The sum; a sum that starts from zero takes the format of what is added. */
export function addQuantities(one: Quantity, other: Quantity): Quantity {
  const scale = Math.min(one.scale, other.scale);
  const value = scaled(one.value, one.scale, scale) + scaled(other.value, other.scale, scale);
  return { value, scale, format: one.value === 0n ? other.format : one.format };
}

export function subtractQuantities(one: Quantity, other: Quantity): Quantity {
  return addQuantities(one, { ...other, value: -other.value });
}

/** The value in whole units, rounded away from zero: bytes, devices. */
export function wholeValue(text: string | number): number {
  const quick = quickValue(text, 0);
  if (quick !== undefined) return quick;
  const { value, scale } = quantityOf(text);
  return Number(scaled(value, scale, 0));
}

/** The value in thousandths, rounded away from zero: `100m` is 100. */
export function milliValue(text: string | number): number {
  const quick = quickValue(text, 3);
  if (quick !== undefined) return quick;
  const { value, scale } = quantityOf(text);
  return Number(scaled(value, scale, -3));
}

/** The common forms (`2`, `100m`, `64Mi`) without big integers; undefined for all others. */
function quickValue(text: string | number, shift: 0 | 3): number | undefined {
  const characters = String(text);
  let digits = 0;
  let index = 0;
  for (; index < characters.length && index < 10; index++) {
    const digit = characters.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) break;
    digits = digits * 10 + digit;
  }
  if (index === 0) return undefined;
  const factor = quickFactor(characters, index);
  if (factor === undefined) return undefined;
  if (factor === 0) return shift === 3 ? digits : Math.ceil(digits / 1000);
  return digits * factor * (shift === 3 ? 1000 : 1);
}

/** What the suffix multiplies by; 0 stands for milli. */
function quickFactor(text: string, at: number): number | undefined {
  if (at === text.length) return 1;
  switch (text.slice(at)) {
    case "m":
      return 0;
    case "k":
      return 1000;
    case "Ki":
      return 1024;
    case "Mi":
      return 1_048_576;
    case "Gi":
      return 1_073_741_824;
    default:
      return undefined;
  }
}
