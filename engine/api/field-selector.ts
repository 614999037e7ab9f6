// After kubernetes v1.36 apimachinery/pkg/fields/selector.go.

/** A field selector: all terms must hold. */
export interface FieldSelector {
  readonly terms: readonly FieldTerm[];
}

export interface FieldTerm {
  /** `metadata.name`, `spec.nodeName`, `status.phase`, … */
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Whether the selector selects the object; `valueOf` gives the object's value of a field, "" where it has none. */
export function matchesFields(selector: FieldSelector, valueOf: (field: string) => string): boolean {
  for (const { field, operator, value } of selector.terms) {
    if ((valueOf(field) === value) !== (operator === "=")) return false;
  }
  return true;
}

/** The one value that the selector requires of the field, if it requires one. */
export function requiredValue(selector: FieldSelector, field: string): string | undefined {
  return selector.terms.find((term) => term.field === field && term.operator === "=")?.value;
}

/** The selector, or the sentence that says why the text is none. */
export function parseFieldSelector(text: string): FieldSelector | string {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text)) {
    if (part === "") continue;
    const term = parseTerm(part);
    if (term === undefined) return `invalid selector: '${text}'; can't understand '${part}'`;
    const value = unescapeValue(term.value);
    if (value === undefined) return `invalid field selector: invalid escape sequence: ${invalidEscape(term.value)}`;
    terms.push({ ...term, value });
  }
  return { terms: terms.toSorted((one, other) => (one.field < other.field ? -1 : one.field > other.field ? 1 : 0)) };
}

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

/** The first operator in the term decides; `!=` and `==` before `=`. */
function parseTerm(term: string): FieldTerm | undefined {
  for (let at = 0; at < term.length; at++) {
    const two = term.slice(at, at + 2);
    if (two === "!=") return { field: term.slice(0, at), operator: "!=", value: term.slice(at + 2) };
    if (two === "==") return { field: term.slice(0, at), operator: "=", value: term.slice(at + 2) };
    if (term.charAt(at) === "=") return { field: term.slice(0, at), operator: "=", value: term.slice(at + 1) };
  }
  return undefined;
}

function unescapeValue(value: string): string | undefined {
  if (!/[\\,=]/.test(value)) return value;
  return /^(?:[^\\,=]|\\[\\,=])*$/.test(value) ? value.replace(/\\([\\,=])/g, "$1") : undefined;
}

function invalidEscape(value: string): string {
  return /\\[^\\,=]?/.exec(value)?.[0] ?? value;
}
