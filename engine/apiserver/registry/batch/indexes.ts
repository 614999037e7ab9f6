// After kubernetes v1.36 pkg/apis/batch/validation/validation.go validateIndexesFormat and apimachinery/pkg/util/validation IsDomainPrefixedPath.
import { dnsSubdomainProblems } from "../../../api/names.ts";
import { goQuote } from "../../../api/go-quote.ts";
import { invalid, required } from "../field-error.ts";
import { type Errors, sayInvalid } from "../rules.ts";

const whole = /^[+-]?\d+$/;

/** How many indexes `1,3-5` names, or what is wrong with it. */
export function countIndexes(text: string, completions: number): number | string {
  let total = 0;
  let last = -1;
  if (text === "") return total;
  for (const interval of text.split(",")) {
    const ends = interval.split("-");
    if (ends.length > 2) {
      return `the fragment ${goQuote(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    }
    const before = last;
    for (const [position, end] of ends.entries()) {
      if (!whole.test(end)) return `cannot convert string to integer for index: ${goQuote(end)}`;
      const index = Number(end);
      if (index >= completions) return `too large index: ${goQuote(end)}`;
      const isFirst = position === 0 && before === -1;
      if (!isFirst && last >= index) return `non-increasing order, previous: ${last}, current: ${index}`;
      total += position === 0 ? 1 : index - last;
      last = index;
    }
  }
  return total;
}

const httpPath = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

/** `acme.io/foo`. */
export function validateDomainPath(text: string, path: string, errors: Errors): void {
  if (text === "") return void errors.push(required(path));
  const slash = text.indexOf("/");
  const [host, rest] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  if (slash < 0 || host === "" || rest === "") {
    return void errors.push(invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  }
  sayInvalid(dnsSubdomainProblems(host), host, path, errors);
  if (!httpPath.test(rest)) {
    errors.push(invalid(path, rest, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"));
  }
}
