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

/** A JSON scalar as Go's `%v` prints it; records and lists as JSON, which only wrong input brings here. */
export function scalarText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return value === null || value === undefined ? "" : JSON.stringify(value);
  }
}

/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`. */
export function goPrint(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goPrint).join(" ")}]`;
  if (value === null || value === undefined) return "<nil>";
  if (typeof value !== "object") return scalarText(value);
  const record = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(record)
    .toSorted()
    .map((key) => `${key}:${goPrint(record[key])}`);
  return `map[${members.join(" ")}]`;
}
