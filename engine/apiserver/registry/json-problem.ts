// After Go 1.26 encoding/json/scanner.go: the sentence of a syntax error.
import { goQuote } from "../../api/go-quote.ts";

/** Why the text is no JSON object, as Go says it; undefined when it is one. */
export function jsonProblem(text: string): string | undefined {
  const reader: Reader = { text, at: 0 };
  const problem = readValue(reader, "looking for beginning of value") ?? readEnd(reader);
  if (problem !== undefined) return problem;
  const first = text.trim().charAt(0);
  if (first === "{" || first === "n") return undefined;
  const word = first === '"' ? "string" : first === "[" ? "array" : first === "t" || first === "f" ? "bool" : "number";
  return `json: cannot unmarshal ${word} into Go value of type map[string]interface {}`;
}

interface Reader {
  readonly text: string;
  at: number;
}

const UNEXPECTED_END = "unexpected end of JSON input";

function wrong(reader: Reader, where: string): string {
  const character = reader.text[reader.at];
  if (character === undefined) return UNEXPECTED_END;
  const quoted = character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${goQuote(character).slice(1, -1)}'`;
  return `invalid character ${quoted} ${where}`;
}

function skipSpace(reader: Reader): void {
  while (" \t\r\n".includes(reader.text[reader.at] ?? "x")) reader.at++;
}

function readEnd(reader: Reader): string | undefined {
  skipSpace(reader);
  return reader.at < reader.text.length ? wrong(reader, "after top-level value") : undefined;
}

function readValue(reader: Reader, where: string): string | undefined {
  skipSpace(reader);
  const character = reader.text[reader.at];
  switch (character) {
    case "{":
      return readObject(reader);
    case "[":
      return readArray(reader);
    case '"':
      return readString(reader);
    case "t":
      return readLiteral(reader, "true");
    case "f":
      return readLiteral(reader, "false");
    case "n":
      return readLiteral(reader, "null");
    default:
      return readNumber(reader, where);
  }
}

function readLiteral(reader: Reader, word: string): string | undefined {
  for (const expected of word) {
    if (reader.text[reader.at] !== expected) return wrong(reader, `in literal ${word} (expecting '${expected}')`);
    reader.at++;
  }
  return undefined;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

function readNumber(reader: Reader, where: string): string | undefined {
  number.lastIndex = reader.at;
  const match = number.exec(reader.text);
  if (match === null) return wrong(reader, where);
  reader.at += match[0].length;
  return undefined;
}

function readString(reader: Reader): string | undefined {
  for (reader.at++; ; reader.at++) {
    const character = reader.text[reader.at];
    if (character === undefined) return UNEXPECTED_END;
    if (character === '"') break;
    if (character < " ") return wrong(reader, "in string literal");
    if (character !== "\\") continue;
    reader.at++;
    if (!'"\\/bfnrtu'.includes(reader.text[reader.at] ?? "x")) return wrong(reader, "in string escape code");
  }
  reader.at++;
  return undefined;
}

function readObject(reader: Reader): string | undefined {
  reader.at++;
  for (let count = 0; ; count++) {
    skipSpace(reader);
    if (count === 0 && reader.text[reader.at] === "}") break;
    if (reader.text[reader.at] !== '"') return wrong(reader, "looking for beginning of object key string");
    const problem = readString(reader) ?? readColon(reader) ?? readValue(reader, "looking for beginning of value");
    if (problem !== undefined) return problem;
    skipSpace(reader);
    if (reader.text[reader.at] === "}") break;
    if (reader.text[reader.at] !== ",") return wrong(reader, "after object key:value pair");
    reader.at++;
  }
  reader.at++;
  return undefined;
}

function readColon(reader: Reader): string | undefined {
  skipSpace(reader);
  if (reader.text[reader.at] !== ":") return wrong(reader, "after object key");
  reader.at++;
  return undefined;
}

function readArray(reader: Reader): string | undefined {
  reader.at++;
  for (let count = 0; ; count++) {
    skipSpace(reader);
    if (count === 0 && reader.text[reader.at] === "]") break;
    const problem = readValue(reader, "looking for beginning of value");
    if (problem !== undefined) return problem;
    skipSpace(reader);
    if (reader.text[reader.at] === "]") break;
    if (reader.text[reader.at] !== ",") return wrong(reader, "after array element");
    reader.at++;
  }
  reader.at++;
  return undefined;
}
