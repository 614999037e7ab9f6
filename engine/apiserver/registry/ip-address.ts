// After kubernetes v1.36 apimachinery/pkg/util/validation/ip.go: IsValidIP, IsValidCIDR; not modelled: zones.
import { type FieldError, invalid } from "./field-error.ts";
import type { Errors } from "./rules.ts";

const part = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4 = new RegExp(`^0*${part}(?:\\.0*${part}){3}$`);
const group = /^[0-9A-Fa-f]{1,4}$/;

/** Four numbers as text; leading zeros are let pass, as upstream's sloppy parser does. */
export function isIpv4(text: string): boolean {
  return ipv4.test(text);
}

export function isIpv6(text: string): boolean {
  return text.includes(":") && ipv6Groups(text) !== undefined;
}

/** The eight groups, or undefined when the text is no IPv6 address. */
function ipv6Groups(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => 0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, one] of parts.entries()) {
    if (group.test(one)) groups.push(Number.parseInt(one, 16));
    else if (index === parts.length - 1 && isIpv4(one)) groups.push(...pairOf(one));
    else return undefined;
  }
  return groups;
}

function pairOf(address: string): [number, number] {
  const [one = 0, two = 0, three = 0, four = 0] = address.split(".").map(Number);
  return [one * 256 + two, three * 256 + four];
}

export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** `10.0.0.0/8`, `fd00::/64`. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  if (!lengthText.test(length)) return false;
  return isIpv4(address) ? Number(length) <= 32 : isIpv6(address) && Number(length) <= 128;
}

const lengthText = /^\d{1,3}$/;

export function validateIp(text: string, path: string, errors: Errors): void {
  if (!isIp(text)) errors.push(ipProblem(path, text));
}

function ipProblem(path: string, text: string): FieldError {
  return invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
}

export function validateCidr(text: string, path: string, errors: Errors): void {
  if (!isCidr(text))
    errors.push(invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
}

/** Addresses that no endpoint can have. Source: ValidateNonSpecialIP. */
export function validateNonSpecialIp(text: string, path: string, errors: Errors): void {
  if (!isIp(text)) return void errors.push(invalid(path, text, "must be a valid IP address"));
  const kind = isIpv4(text) ? specialIpv4(text) : specialIpv6(ipv6Groups(text) ?? []);
  const details: Readonly<Record<string, string>> = {
    unspecified: `may not be unspecified (${text})`,
    loopback: "may not be in the loopback range (127.0.0.0/8, ::1/128)",
    local: "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
    multicast: "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
  };
  const detail = kind === undefined ? undefined : details[kind];
  if (detail !== undefined) errors.push(invalid(path, text, detail));
}

function specialIpv4(text: string): string | undefined {
  const [one = 0, two = 0, three = 0, four = 0] = text.split(".").map(Number);
  if (one + two + three + four === 0) return "unspecified";
  if (one === 127) return "loopback";
  if (one === 169 && two === 254) return "local";
  return one === 224 && two === 0 && three === 0 ? "multicast" : undefined;
}

function specialIpv6(groups: readonly number[]): string | undefined {
  const [first = 0] = groups;
  const rest = groups.slice(0, 7).every((value) => value === 0);
  if (rest && groups[7] === 0) return "unspecified";
  if (rest && groups[7] === 1) return "loopback";
  if ((first & 0xffc0) === 0xfe80) return "local";
  return (first & 0xff0f) === 0xff02 ? "multicast" : undefined;
}

/** Whether the first range lies in the second and is smaller. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const one = rangeOf(inner);
  const other = rangeOf(outer);
  if (one.bits.length !== other.bits.length || one.length <= other.length) return false;
  return one.bits.slice(0, other.length) === other.bits.slice(0, other.length);
}

function rangeOf(cidr: string): { readonly bits: string; readonly length: number } {
  const [address = "", length = "0"] = cidr.split("/");
  const bits = isIpv4(address)
    ? address.split(".").map((part) => Number(part).toString(2).padStart(8, "0"))
    : (ipv6Groups(address) ?? []).map((value) => value.toString(2).padStart(16, "0"));
  return { bits: bits.join(""), length: Number(length) };
}
