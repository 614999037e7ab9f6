/** The line that the learner types: bash's habits as a pure machine. What it means is somebody else's business. */
export interface Line {
  readonly text: string;
  readonly cursor: number;
  /** Lines entered before, the oldest first. */
  readonly history: readonly string[];
  /** Which line of the history is shown; `history.length` is the line being typed. */
  readonly shown: number;
  readonly draft: string;
  readonly search: Search | null;
  /** What Ctrl-W, Ctrl-U and Ctrl-K took away last, for Ctrl-Y. */
  readonly killed: string;
}

interface Search {
  readonly query: string;
  readonly found: number;
}

export type LineEvent =
  | { readonly kind: "submit"; readonly line: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "complete"; readonly text: string; readonly cursor: number }
  | { readonly kind: "clear" }
  | { readonly kind: "leave" };

export interface Edited {
  readonly line: Line;
  readonly events: readonly LineEvent[];
}

/** How many lines the history keeps. Source: bash's HISTSIZE, default 500. */
export const HISTORY_MAX = 500;

export function emptyLine(history: readonly string[] = []): Line {
  const kept = history.slice(-HISTORY_MAX);
  return { text: "", cursor: 0, history: kept, shown: kept.length, draft: "", search: null, killed: "" };
}

/** Takes what a terminal sends: keys, sequences, pasted text. */
export function typed(line: Line, data: string): Edited {
  let next = line;
  const events: LineEvent[] = [];
  for (const key of keysOf(data)) {
    const edited = next.search === null ? press(next, key) : pressInSearch(next, key);
    next = edited.line;
    events.push(...edited.events);
  }
  return { line: next, events };
}

/** Puts text in at the cursor, as a completion does. */
export function insert(line: Line, text: string): Line {
  const next = line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor);
  return { ...line, text: next, cursor: line.cursor + text.length };
}

// oxlint-disable-next-line no-control-regex
const sequence = /\x1b\[20[01]~|\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[a-z\x7f]|\r\n|[\s\S]/gu;

/** What a terminal sends, key by key. */
export function keysOf(data: string): readonly string[] {
  return data.match(sequence) ?? [];
}

type Move = (line: Line) => Line;

const moves: Readonly<Record<string, Move>> = {
  "\x1b[D": (line) => at(line, before(line)),
  "\x02": (line) => at(line, before(line)),
  "\x1b[C": (line) => at(line, after(line)),
  "\x06": (line) => at(line, after(line)),
  "\x1b[H": (line) => at(line, 0),
  "\x1bOH": (line) => at(line, 0),
  "\x1b[1~": (line) => at(line, 0),
  "\x01": (line) => at(line, 0),
  "\x1b[F": (line) => at(line, line.text.length),
  "\x1bOF": (line) => at(line, line.text.length),
  "\x1b[4~": (line) => at(line, line.text.length),
  "\x05": (line) => at(line, line.text.length),
  "\x1bb": (line) => at(line, wordBefore(line)),
  "\x1b[1;5D": (line) => at(line, wordBefore(line)),
  "\x1bf": (line) => at(line, wordAfter(line)),
  "\x1b[1;5C": (line) => at(line, wordAfter(line)),
  "\x7f": (line) => cut(line, before(line), line.cursor),
  "\b": (line) => cut(line, before(line), line.cursor),
  "\x1b[3~": (line) => cut(line, line.cursor, after(line)),
  "\x17": (line) => kill(line, wordBefore(line), line.cursor),
  "\x1b\x7f": (line) => kill(line, wordBefore(line), line.cursor),
  "\x15": (line) => kill(line, 0, line.cursor),
  "\x0b": (line) => kill(line, line.cursor, line.text.length),
  "\x19": (line) => insert(line, line.killed),
  "\x1b[A": (line) => recall(line, line.shown - 1),
  "\x1bOA": (line) => recall(line, line.shown - 1),
  "\x10": (line) => recall(line, line.shown - 1),
  "\x1b[B": (line) => recall(line, line.shown + 1),
  "\x1bOB": (line) => recall(line, line.shown + 1),
  "\x0e": (line) => recall(line, line.shown + 1),
  "\x12": (line) => ({ ...line, search: { query: "", found: line.history.length } }),
};

function press(line: Line, key: string): Edited {
  const move = moves[key];
  if (move !== undefined) return quiet(move(line));
  switch (key) {
    case "\r":
    case "\n":
    case "\r\n":
      return submit(line);
    case "\x03":
      return { line: { ...emptyLine(line.history), killed: line.killed }, events: [{ kind: "interrupt" }] };
    case "\x04":
      return line.text === "" ? { line, events: [{ kind: "leave" }] } : quiet(cut(line, line.cursor, after(line)));
    case "\t":
      return { line, events: [{ kind: "complete", text: line.text, cursor: line.cursor }] };
    case "\x0c":
      return { line, events: [{ kind: "clear" }] };
    default:
      return quiet(isPrintable(key) ? insert(line, key) : line);
  }
}

/** Ctrl-R: each key narrows the search; any other editing key takes the line that was found. */
function pressInSearch(line: Line, key: string): Edited {
  const { search } = line;
  if (search === null) return press(line, key);
  if (key === "\x12") return quiet(searched(line, search.query, search.found - 1));
  if (key === "\x7f" || key === "\b") return quiet(searched(line, search.query.slice(0, -1), line.history.length - 1));
  if (key === "\x07" || key === "\x1b" || key === "\x03") return quiet({ ...line, search: null });
  if (isPrintable(key))
    return quiet(searched(line, search.query + key, Math.min(search.found, line.history.length - 1)));
  return press({ ...line, search: null }, key);
}

function searched(line: Line, query: string, from: number): Line {
  for (let index = from; index >= 0; index--) {
    const text = line.history[index] ?? "";
    if (query !== "" && text.includes(query)) {
      return { ...line, text, cursor: text.length, shown: index, search: { query, found: index } };
    }
  }
  return { ...line, search: { query, found: line.search?.found ?? line.history.length } };
}

function submit(line: Line): Edited {
  const { text } = line;
  const isNew = text.trim() !== "" && text !== line.history.at(-1);
  const history = isNew ? [...line.history, text] : line.history;
  return { line: { ...emptyLine(history), killed: line.killed }, events: [{ kind: "submit", line: text }] };
}

function recall(line: Line, index: number): Line {
  if (index < 0 || index > line.history.length) return line;
  const draft = line.shown === line.history.length ? line.text : line.draft;
  const text = index === line.history.length ? draft : (line.history[index] ?? "");
  return { ...line, text, cursor: text.length, shown: index, draft };
}

function quiet(line: Line): Edited {
  return { line, events: [] };
}

function at(line: Line, cursor: number): Line {
  return { ...line, cursor };
}

function cut(line: Line, from: number, to: number): Line {
  return { ...line, text: line.text.slice(0, from) + line.text.slice(to), cursor: from };
}

function kill(line: Line, from: number, to: number): Line {
  return from === to ? line : { ...cut(line, from, to), killed: line.text.slice(from, to) };
}

/** One character back; a pair of surrogates is one character. */
function before({ text, cursor }: Line): number {
  const isPair = cursor > 1 && /[\uDC00-\uDFFF]/.test(text[cursor - 1] ?? "");
  return Math.max(0, cursor - (isPair ? 2 : 1));
}

function after({ text, cursor }: Line): number {
  const isPair = /[\uD800-\uDBFF]/.test(text[cursor] ?? "");
  return Math.min(text.length, cursor + (isPair ? 2 : 1));
}

function wordBefore({ text, cursor }: Line): number {
  return /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0;
}

function wordAfter({ text, cursor }: Line): number {
  return cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0);
}

function isPrintable(key: string): boolean {
  const code = key.codePointAt(0) ?? 0;
  return !key.startsWith("\x1b") && code >= 32 && code !== 127;
}

/** Whether a shell would ask for more: an open quote, a backslash at the end, a here-document without its end. */
export function isComplete(text: string): boolean {
  const document = /<<-?\s*(['"]?)(\w+)\1/.exec(text);
  if (document !== null)
    return text
      .split("\n")
      .slice(1)
      .some((line) => line.trim() === document[2]);
  return !/(^|[^\\])(\\\\)*\\$/.test(text) && !hasOpenQuote(text);
}

function hasOpenQuote(text: string): boolean {
  let open = "";
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (character === "\\" && open !== "'") index++;
    else if (open === character) open = "";
    else if (open === "" && (character === "'" || character === '"')) open = character;
  }
  return open !== "";
}
