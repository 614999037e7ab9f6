// After kubernetes v1.36 apimachinery/pkg/apis/meta/v1/{time,micro_time}.go.
import { goQuote } from "../../api/go-quote.ts";
import { parseTime, rfc3339, rfc3339Micro } from "../../api/time.ts";

/** How the API prints times. */
const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const canonicalMicro = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The time in UTC with whole seconds; undefined when the text is no RFC 3339 time. */
export function readTime(text: string): string | undefined {
  if (canonical.test(text)) return text;
  const millis = parseTime(text);
  return millis === undefined ? undefined : rfc3339(millis);
}

/** The time in UTC with six digits of a second. */
export function readMicroTime(text: string): string | undefined {
  if (canonicalMicro.test(text)) return text;
  const millis = parseTime(text);
  return millis === undefined ? undefined : rfc3339Micro(millis);
}

/** Go's sentence for what is no time. */
export function timeProblem(value: unknown, isMicro: boolean): string {
  if (typeof value !== "string") {
    const word = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `json: cannot unmarshal ${word} into Go value of type string`;
  }
  const layout = isMicro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
  return `parsing time ${goQuote(value)} as "${layout}": cannot parse ${goQuote(value)} as "2006"`;
}
