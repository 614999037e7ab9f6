/**
 * A chapter's quiz: which questions there are and what is right, without a word. Stems, options and explanations stand in the words.
 *
 * Every item also takes "not sure". An option that is wrong names the belief that leads to it.
 */
export interface Quiz {
  readonly chapter: string;
  readonly items: readonly Item[];
}

export type Item = ItemFrame & Question;

interface ItemFrame {
  /** Unique in the chapter; progress is stored under it. */
  readonly id: string;
  /** The claims of the notes that it asks about. */
  readonly claims: readonly string[];
  /** What it asks of the learner; recall is the least. */
  readonly asks: "recall" | "reason" | "run";
  /** Whether the learner also says how sure they are. */
  readonly asksConfidence: boolean;
  /** Where the key comes from: the engine, which runs `labs/probes/experiments.ts`, or a pinned source. */
  readonly key:
    | { readonly from: "engine"; readonly experiment: string }
    | { readonly from: "source"; readonly url: string };
}

export type Question =
  | {
      /** One option. `predict-output` shows commands and asks what they print; `predict-run` runs the world after the answer. */
      readonly kind: "single" | "predict-output" | "predict-run";
      readonly options: readonly Option[];
    }
  | { readonly kind: "multiple"; readonly options: readonly Option[] }
  | {
      readonly kind: "number";
      readonly unit: "s" | "count";
      readonly right: number;
      readonly tolerance: number;
      /** Numbers that a wrong model yields. */
      readonly beliefs: readonly NumberBelief[];
    }
  | {
      readonly kind: "text";
      /** Compared without case and outer spaces. */
      readonly accepted: readonly string[];
      readonly beliefs: readonly TextBelief[];
    }
  | {
      readonly kind: "order";
      readonly steps: readonly string[];
      /** Pairs that must stand in this order; all orders that keep them are right. */
      readonly before: readonly (readonly [string, string])[];
      readonly misconception: string;
    }
  | {
      readonly kind: "match";
      readonly left: readonly string[];
      readonly right: readonly string[];
      readonly pairs: Readonly<Record<string, string>>;
      readonly misconception: string;
    };

export interface Option {
  readonly id: string;
  readonly isRight: boolean;
  readonly misconception?: string;
}

export interface NumberBelief {
  readonly value: number;
  readonly misconception: string;
}

export interface TextBelief {
  readonly value: string;
  readonly misconception: string;
}

/** The words of one item. */
export interface ItemWords {
  /** Markdown. */
  readonly stem: string;
  /** By option, step, left or right id. */
  readonly options: Readonly<Record<string, string>>;
  /** By option id; for other kinds `right`, `wrong` and a text for each misconception. Each names the mechanism. */
  readonly explanations: Readonly<Record<string, string>>;
  /** Where the statement is written down. */
  readonly source?: string;
}

/** What a learner answered: an option's id, several ids, a number or text as typed, an order, pairs. */
export type ItemAnswer = string | readonly string[] | Readonly<Record<string, string>>;

/** How an answer was judged. `explanations` names the texts to show. */
export interface ItemFinding {
  readonly item: string;
  readonly isRight: boolean;
  /** In hundredths: partial credit for tables and several options. */
  readonly earnedPercent: number;
  readonly explanations: readonly string[];
  readonly misconception?: string;
}
