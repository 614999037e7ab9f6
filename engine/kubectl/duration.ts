// After Go's time.ParseDuration and time.Duration.String (go1.26).

export type DurationReading =
  | { readonly kind: "duration"; readonly millis: number }
  | { readonly kind: "refused"; readonly message: string };

const UNIT_MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

export function parseDuration(written: string): DurationReading {
  const refuse = (message: string): DurationReading => ({
    kind: "refused",
    message: `time: ${message} ${JSON.stringify(written)}`,
  });
  const sign = written.startsWith("-") ? -1 : 1;
  let rest = written.replace(/^[+-]/, "");
  if (written === "" || written === "0")
    return written === "" ? { kind: "duration", millis: 0 } : { kind: "duration", millis: 0 };
  if (rest === "0") return { kind: "duration", millis: 0 };
  let millis = 0;
  while (rest !== "") {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return refuse("invalid duration");
    rest = rest.slice(number.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0] ?? "";
    if (unit === "") return refuse("missing unit in duration");
    const each = UNIT_MILLIS[unit];
    if (each === undefined)
      return {
        kind: "refused",
        message: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(written)}`,
      };
    millis += Number(number) * each;
    rest = rest.slice(unit.length);
  }
  return { kind: "duration", millis: sign * millis };
}
