// After Go 1.26 encoding/base64, StdEncoding.DecodeString.

const alphabet = /^[A-Za-z0-9+/]$/;

/** The place of the byte at which Go gives up, or undefined when the text is base64. Line breaks are skipped. */
export function base64Problem(text: string): number | undefined {
  if (plain.test(text)) return undefined;
  let at = 0;
  while (at < text.length) {
    const quantum = readQuantum(text, at);
    if (quantum.problem !== undefined) return quantum.problem;
    if (quantum.isLast) return undefined;
    at = quantum.next;
  }
  return undefined;
}

const plain = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

interface Quantum {
  readonly next: number;
  readonly isLast: boolean;
  readonly problem?: number;
}

function readQuantum(text: string, start: number): Quantum {
  let at = start;
  let count = 0;
  while (count < 4) {
    const character = text[at];
    if (character === undefined) return endOf(at, count);
    at++;
    if (isBreak(character)) continue;
    if (!alphabet.test(character)) return character === "=" ? padding(text, at, count) : broken(at - 1);
    count++;
  }
  return { next: at, isLast: at >= text.length };
}

function endOf(at: number, count: number): Quantum {
  return count === 0 ? { next: at, isLast: true } : broken(at - count);
}

/** The first `=` stands before `at`, after `count` characters of the quantum. */
function padding(text: string, after: number, count: number): Quantum {
  if (count < 2) return broken(after - 1);
  let at = after;
  if (count === 2) {
    at = skipBreaks(text, at);
    if (at === text.length) return broken(text.length);
    if (text[at] !== "=") return broken(at - 1);
    at++;
  }
  at = skipBreaks(text, at);
  return at < text.length ? broken(at) : { next: at, isLast: true };
}

function skipBreaks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBreak(text[at] ?? "")) at++;
  return at;
}

function isBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}

function broken(problem: number): Quantum {
  return { next: problem, isLast: true, problem };
}

const VALUES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** How many bytes base64 text stands for. */
export function base64Length(text: string): number {
  let count = 0;
  for (const character of text) if (alphabet.test(character)) count++;
  return Math.floor((count * 3) / 4);
}

/** The bytes as text, one character per byte. */
export function decodeBase64(text: string): string {
  let bits = 0;
  let held = 0;
  let bytes = "";
  for (const character of text) {
    const value = VALUES.indexOf(character);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += String.fromCharCode((bits >> held) & 0xff);
  }
  return bytes;
}

/** Base64 of the text in UTF-8. */
export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two, three] = bytes.slice(at, at + 3);
    const bits = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    encoded += VALUES.charAt(bits >> 18) + VALUES.charAt((bits >> 12) & 63);
    encoded += two === undefined ? "=" : VALUES.charAt((bits >> 6) & 63);
    encoded += three === undefined ? "=" : VALUES.charAt(bits & 63);
  }
  return encoded;
}

function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
