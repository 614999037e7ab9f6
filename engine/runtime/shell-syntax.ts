// After POSIX.1-2017, Shell Command Language, 2.10; not modelled: functions, here-documents, `read`, arithmetic beyond integers, aliases, job control.

/** The parts of a word; `isQuoted` parts are not split into fields. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted: boolean }
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly fallback: string | undefined;
      readonly isQuoted: boolean;
    }
  | { readonly kind: "command"; readonly source: string; readonly isQuoted: boolean }
  | { readonly kind: "arithmetic"; readonly text: string; readonly isQuoted: boolean };

export type Word = readonly Part[];

export interface Redirect {
  readonly descriptor: number;
  readonly operator: ">" | ">>" | "<" | ">&";
  readonly target: Word;
}

export type Syntax =
  | {
      readonly kind: "simple";
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: "pipeline"; readonly commands: readonly Syntax[] }
  | { readonly kind: "not"; readonly body: Syntax }
  | { readonly kind: "and" | "or"; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: "list"; readonly items: readonly Syntax[] }
  | { readonly kind: "background" | "subshell"; readonly body: Syntax }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: Syntax | undefined }
  | { readonly kind: "loop"; readonly isUntil: boolean; readonly condition: Syntax; readonly body: Syntax }
  | { readonly kind: "for"; readonly name: string; readonly words: readonly Word[]; readonly body: Syntax }
  | { readonly kind: "case"; readonly word: Word; readonly arms: readonly Arm[] };

export interface Branch {
  readonly condition: Syntax;
  readonly body: Syntax;
}

export interface Arm {
  readonly patterns: readonly Word[];
  readonly body: Syntax;
}

export type Token =
  | { readonly kind: "word"; readonly word: Word; readonly plain: string | undefined }
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "redirect"; readonly descriptor: number; readonly operator: Redirect["operator"] };

/** A script that does not parse, with the shell's complaint. */
export interface SyntaxProblem {
  readonly problem: string;
}
