import { useEffect, useState } from "react";
import { cardNameOf, type LabCard, type QuizCard } from "./card.ts";

export type Loaded<Card> =
  | { readonly kind: "loading" }
  | { readonly kind: "missing" }
  | { readonly kind: "there"; readonly card: Card };

export function useLabCard(id: string): Loaded<LabCard> {
  return useLoaded<LabCard>(() => import(`@generated/workbook/default/lab-${cardNameOf(id)}.json`));
}

export function useQuizCard(chapter: string): Loaded<QuizCard> {
  return useLoaded<QuizCard>(() => import(`@generated/workbook/default/quiz-${chapter}.json`));
}

/** The build wrote these files in exactly this shape (src/tools/lab-cards.ts), so they are taken at their word. */
function useLoaded<Card>(load: () => Promise<unknown>): Loaded<Card> {
  const [loaded, setLoaded] = useState<Loaded<Card>>({ kind: "loading" });
  useEffect(() => {
    let isCurrent = true;
    const finish = (next: Loaded<Card>): void => {
      if (isCurrent) setLoaded(next);
    };
    load().then(
      (module) => finish({ kind: "there", card: (module as { readonly default: Card }).default }),
      () => finish({ kind: "missing" }),
    );
    return () => {
      isCurrent = false;
    };
    // The card of an id never changes while the page stands.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return loaded;
}
