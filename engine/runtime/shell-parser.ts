import { tokensOf } from "./shell-tokens.ts";
import type { Arm, Branch, Redirect, Syntax, SyntaxProblem, Token, Word } from "./shell-syntax.ts";

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  problem: string | undefined;
}

/** The structure of a script, or what is wrong with it. */
export function parseScript(text: string): Syntax | SyntaxProblem {
  const reader: Reader = { tokens: tokensOf(text), at: 0, problem: undefined };
  const script = listUntil(reader, []);
  if (reader.problem === undefined && reader.at < reader.tokens.length)
    reader.problem = `unexpected "${plainAt(reader)}"`;
  return reader.problem === undefined ? script : { problem: `syntax error: ${reader.problem}` };
}

function plainAt(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined) return "end of file";
  return token.kind === "word" ? (token.plain ?? "word") : token.kind === "operator" ? token.text : token.operator;
}

function isOperator(reader: Reader, ...texts: readonly string[]): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === "operator" && texts.includes(token.text);
}

function isKeyword(reader: Reader, ...texts: readonly string[]): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === "word" && token.plain !== undefined && texts.includes(token.plain);
}

function expect(reader: Reader, keyword: string): void {
  if (isKeyword(reader, keyword) || isOperator(reader, keyword)) reader.at += 1;
  else reader.problem ??= `unexpected "${plainAt(reader)}" (expecting "${keyword}")`;
}

function skipNewlines(reader: Reader): void {
  while (isOperator(reader, "\n")) reader.at += 1;
}

/** Commands separated by `;`, `&` or line ends, up to one of the keywords. */
function listUntil(reader: Reader, keywords: readonly string[]): Syntax {
  const items: Syntax[] = [];
  for (;;) {
    while (isOperator(reader, ";", "\n")) reader.at += 1;
    const isOver = reader.at >= reader.tokens.length || reader.problem !== undefined;
    if (isOver || isKeyword(reader, ...keywords) || isOperator(reader, ")", ";;")) break;
    const from = reader.at;
    const command = andOr(reader);
    if (isOperator(reader, "&")) {
      reader.at += 1;
      items.push({ kind: "background", body: command });
    } else items.push(command);
    if (reader.at === from) break;
  }
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: "list", items };
}

function andOr(reader: Reader): Syntax {
  let left = pipeline(reader);
  while (isOperator(reader, "&&", "||")) {
    const kind = isOperator(reader, "&&") ? "and" : "or";
    reader.at += 1;
    skipNewlines(reader);
    left = { kind, left, right: pipeline(reader) };
  }
  return left;
}

function pipeline(reader: Reader): Syntax {
  if (isKeyword(reader, "!")) {
    reader.at += 1;
    return { kind: "not", body: pipeline(reader) };
  }
  const commands = [command(reader)];
  while (isOperator(reader, "|")) {
    reader.at += 1;
    skipNewlines(reader);
    commands.push(command(reader));
  }
  return commands.length === 1 && commands[0] !== undefined ? commands[0] : { kind: "pipeline", commands };
}

function command(reader: Reader): Syntax {
  if (isKeyword(reader, "if")) return conditional(reader);
  if (isKeyword(reader, "while", "until")) return loop(reader);
  if (isKeyword(reader, "for")) return forLoop(reader);
  if (isKeyword(reader, "case")) return caseOf(reader);
  if (isKeyword(reader, "{")) return enclosed(reader, "}");
  if (isOperator(reader, "(")) return { kind: "subshell", body: enclosed(reader, ")") };
  return simple(reader);
}

function enclosed(reader: Reader, end: string): Syntax {
  reader.at += 1;
  const body = listUntil(reader, [end]);
  expect(reader, end);
  return body;
}

function conditional(reader: Reader): Syntax {
  const branches: Branch[] = [];
  while (isKeyword(reader, "if", "elif")) {
    reader.at += 1;
    const condition = listUntil(reader, ["then"]);
    expect(reader, "then");
    branches.push({ condition, body: listUntil(reader, ["elif", "else", "fi"]) });
  }
  let otherwise: Syntax | undefined;
  if (isKeyword(reader, "else")) {
    reader.at += 1;
    otherwise = listUntil(reader, ["fi"]);
  }
  expect(reader, "fi");
  return { kind: "if", branches, otherwise };
}

function loop(reader: Reader): Syntax {
  const isUntil = isKeyword(reader, "until");
  reader.at += 1;
  const condition = listUntil(reader, ["do"]);
  return { kind: "loop", isUntil, condition, body: doBlock(reader) };
}

function doBlock(reader: Reader): Syntax {
  expect(reader, "do");
  const body = listUntil(reader, ["done"]);
  expect(reader, "done");
  return body;
}

function forLoop(reader: Reader): Syntax {
  reader.at += 1;
  const name = plainAt(reader);
  reader.at += 1;
  const words: Word[] = [];
  if (isKeyword(reader, "in")) {
    reader.at += 1;
    for (let token = reader.tokens[reader.at]; token?.kind === "word"; token = reader.tokens[reader.at]) {
      words.push(token.word);
      reader.at += 1;
    }
  }
  while (isOperator(reader, ";", "\n")) reader.at += 1;
  return { kind: "for", name, words, body: doBlock(reader) };
}

function caseOf(reader: Reader): Syntax {
  reader.at += 1;
  const word = wordHere(reader);
  expect(reader, "in");
  const arms: Arm[] = [];
  skipNewlines(reader);
  while (reader.problem === undefined && reader.at < reader.tokens.length && !isKeyword(reader, "esac")) {
    arms.push(arm(reader));
    skipNewlines(reader);
  }
  expect(reader, "esac");
  return { kind: "case", word, arms };
}

function arm(reader: Reader): Arm {
  if (isOperator(reader, "(")) reader.at += 1;
  const patterns = [wordHere(reader)];
  while (isOperator(reader, "|")) {
    reader.at += 1;
    patterns.push(wordHere(reader));
  }
  expect(reader, ")");
  const body = listUntil(reader, ["esac"]);
  if (isOperator(reader, ";;")) reader.at += 1;
  return { patterns, body };
}

function wordHere(reader: Reader): Word {
  const token = reader.tokens[reader.at];
  if (token?.kind !== "word") {
    reader.problem ??= `unexpected "${plainAt(reader)}"`;
    return [];
  }
  reader.at += 1;
  return token.word;
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;

function simple(reader: Reader): Syntax {
  const assignments: { name: string; value: Word }[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (let token = reader.tokens[reader.at]; token !== undefined; token = reader.tokens[reader.at]) {
    if (token.kind === "operator") break;
    reader.at += 1;
    if (token.kind === "redirect") {
      redirects.push({ descriptor: token.descriptor, operator: token.operator, target: wordHere(reader) });
      continue;
    }
    const assignment = words.length === 0 ? assignmentOf(token.word) : undefined;
    if (assignment === undefined) words.push(token.word);
    else assignments.push(assignment);
  }
  if (words.length === 0 && assignments.length === 0 && redirects.length === 0) {
    reader.problem ??= `unexpected "${plainAt(reader)}"`;
  }
  return { kind: "simple", assignments, words, redirects };
}

function assignmentOf(word: Word): { readonly name: string; readonly value: Word } | undefined {
  const [head, ...tail] = word;
  if (head?.kind !== "text" || head.isQuoted) return undefined;
  const match = ASSIGNMENT.exec(head.text);
  if (match?.[1] === undefined) return undefined;
  const rest = head.text.slice(match[0].length);
  return { name: match[1], value: rest === "" ? tail : [{ ...head, text: rest }, ...tail] };
}
