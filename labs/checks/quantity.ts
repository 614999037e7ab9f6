/** A number with its unit, as people write one: `31`, `31 s`, `31s`, `0.5 min`, `31000 ms`, `1m1s`. */
const MILLIS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  秒: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  分: 60_000,
  分钟: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** The longest answer that is read as a number. */
const LENGTH_MAX = 40;

/** The answer in seconds; a bare number is seconds. Undefined when it is not a length of time. */
export function secondsOf(answer: unknown): number | undefined {
  if (typeof answer === "number") return Number.isFinite(answer) && answer >= 0 ? answer : undefined;
  if (typeof answer !== "string" || answer.length > LENGTH_MAX) return undefined;
  const text = answer
    .trim()
    .toLowerCase()
    .replace(/^[~≈]\s*/, "");
  if (/^\d+(?:[.,]\d+)?$/.test(text)) return Number(text.replace(",", "."));
  return sumOfParts(text);
}

/** The answer as a whole number: `3`, `"3"`, `3 times`. */
export function countOf(answer: unknown): number | undefined {
  if (typeof answer === "number") return Number.isInteger(answer) && answer >= 0 ? answer : undefined;
  if (typeof answer !== "string" || answer.length > LENGTH_MAX) return undefined;
  const digits = /^(\d{1,9})(?:\s*(?:x|times|次|个|restarts?|pods?))?$/.exec(answer.trim().toLowerCase())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function sumOfParts(text: string): number | undefined {
  let rest = text;
  let millis = 0;
  while (rest !== "") {
    const [whole, amount, unit] = /^(\d+(?:[.,]\d+)?)\s*([a-z秒分钟]+)\s*/.exec(rest) ?? [];
    const factor = unit !== undefined && Object.hasOwn(MILLIS, unit) ? MILLIS[unit] : undefined;
    if (whole === undefined || amount === undefined || factor === undefined) return undefined;
    millis += Number(amount.replace(",", ".")) * factor;
    rest = rest.slice(whole.length);
  }
  return text === "" ? undefined : millis / 1000;
}
