/** Text as Go's `%q` prints it: in double quotes, with what does not print escaped. Source: strconv.Quote. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    quoted +=
      ESCAPES[character] ?? (isPrintable(text.charCodeAt(index)) ? character : escapeOf(text.charCodeAt(index)));
  }
  return `${quoted}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function isPrintable(code: number): boolean {
  if (code < 0x20 || code === 0x7f) return false;
  return code < 0x80 || (code > 0xa0 && code !== 0xad && code !== 0xfeff && !(code >= 0x2000 && code <= 0x200f));
}

function escapeOf(code: number): string {
  const digits = code.toString(16);
  return code < 0x80 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`;
}

/** Text as `encoding/json` writes it: like JSON.stringify, but `<`, `>`, `&` and the two line separators are escaped. */
export function goJson(value: unknown): string {
  const json = JSON.stringify(value) ?? "null";
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
