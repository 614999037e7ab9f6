/** Two words of 32 bits that everything seen so far has gone into. */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

export const EMPTY: Fingerprint = { high: 0xdeadbeef, low: 0x41c6ce57 };

/** The fingerprint after one more text. The mixing step is that of cyrb53 (bryc, public domain), as in the engine's digest. */
export function absorb(print: Fingerprint, text: string): Fingerprint {
  let { high, low } = print;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  return { high: Math.imul(high ^ 0x1f, 0x9e3779b1), low: Math.imul(low ^ 0x1f, 0x5f356495) };
}

/** As 16 hexadecimal digits. */
export function hexOf(print: Fingerprint): string {
  return word(mixed(print.high, print.low)) + word(mixed(print.low, print.high));
}

/** A number in [0, 2^32) that depends on the whole text and on nothing else: chance by name. */
export function chanceOf(name: string): number {
  const { high, low } = absorb(EMPTY, name);
  return mixed(high, low);
}

function mixed(one: number, other: number): number {
  const first = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return (Math.imul(first ^ (first >>> 15), 0x27d4eb2f) ^ (first >>> 13)) >>> 0;
}

function word(value: number): string {
  return value.toString(16).padStart(8, "0");
}
