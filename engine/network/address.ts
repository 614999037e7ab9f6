/** IPv4 arithmetic on unsigned 32-bit numbers. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!isOctet(part)) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function isOctet(part: string): boolean {
  if (part.length === 0 || part.length > 3) return false;
  for (let index = 0; index < part.length; index++) {
    const code = part.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return Number(part) < 256 && (part.length === 1 || part[0] !== "0");
}

export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** A range of addresses in prefix notation (RFC 4632). */
export interface Cidr {
  readonly first: number;
  readonly prefixLength: number;
}

export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const address = parseIpv4(text.slice(0, slash));
  const prefixLength = Number(text.slice(slash + 1));
  if (slash < 0 || address === undefined || !(prefixLength >= 0 && prefixLength <= 32)) return undefined;
  return { first: address - (address % sizeOf({ first: 0, prefixLength })), prefixLength };
}

/** How many addresses the range has. */
export function sizeOf(cidr: Cidr): number {
  let count = 1;
  for (let bit = cidr.prefixLength; bit < 32; bit++) count *= 2;
  return count;
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.first && address < cidr.first + sizeOf(cidr);
}
