// RFC 4648, section 4, over UTF-8.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text);
  let out = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [one = 0, two, three] = bytes.slice(index, index + 3);
    const bits = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    out +=
      letter(bits >> 18) +
      letter(bits >> 12) +
      (two === undefined ? "=" : letter(bits >> 6)) +
      (three === undefined ? "=" : letter(bits));
  }
  return out;
}

function letter(bits: number): string {
  return ALPHABET[bits & 63] ?? "";
}

/** The bytes that a text in base64 stands for. */
export function base64Bytes(encoded: string): readonly number[] {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (const character of encoded.replace(/[\s=]/g, "").replaceAll("-", "+").replaceAll("_", "/")) {
    bits = (bits << 6) | Math.max(0, ALPHABET.indexOf(character));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 255);
    bits &= (1 << count) - 1;
  }
  return bytes;
}

export function decodeBase64(encoded: string): string {
  return utf8Text(base64Bytes(encoded));
}

/** The length in bytes of what a text in base64 stands for. */
export function base64Length(encoded: string): number {
  const { length } = encoded.replace(/[\s=]/g, "");
  return Math.floor((length * 3) / 4);
}

export function utf8Bytes(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code));
  }
  return bytes;
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}

function utf8Text(bytes: readonly number[]): string {
  let out = "";
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    for (let more = 1; more < length; more++) code = (code << 6) | ((bytes[index + more] ?? 0) & 0x3f);
    out += String.fromCodePoint(Math.min(code, 0x10ffff));
    index += length;
  }
  return out;
}
