import { translate } from "@docusaurus/Translate";

/** Every word of the labs' and the quiz's frame. The words of a lab itself stand with the lab. */
export const words = {
  points: (count: number): string => translate({ id: "lab.points", message: "{count} points" }, { count }),
  earned: (points: number, of: number): string =>
    translate({ id: "lab.earned", message: "{points} of {of} points" }, { points, of }),
  solved: (): string => translate({ id: "lab.solved", message: "solved" }),
  start: (): string => translate({ id: "lab.start", message: "Start the lab" }),
  goOn: (): string => translate({ id: "lab.goOn", message: "Go on with the lab" }),
  close: (): string => translate({ id: "lab.close", message: "Close the lab" }),
  starting: (): string => translate({ id: "lab.starting", message: "The cluster is starting …" }),
  predictFirst: (): string => translate({ id: "lab.predictFirst", message: "Predict first, then run" }),
  predictWhy: (): string =>
    translate({
      id: "lab.predictWhy",
      message: "Your answers are stored before anything runs. A wrong guess costs nothing and makes the result stick.",
    }),
  storeAndStart: (): string => translate({ id: "lab.storeAndStart", message: "Store and start" }),
  changePredictions: (): string => translate({ id: "lab.changePredictions", message: "Change my answers" }),
  yourAnswers: (): string => translate({ id: "lab.yourAnswers", message: "Your answers" }),
  missingAnswers: (): string =>
    translate({ id: "lab.missingAnswers", message: "Answer every question, or choose “not sure”." }),
  unitSeconds: (): string => translate({ id: "lab.unitSeconds", message: "seconds, such as 35 or 1m30s" }),
  unitCount: (): string => translate({ id: "lab.unitCount", message: "a number" }),
  terms: (): string => translate({ id: "lab.terms", message: "Terms" }),
  simplified: (): string => translate({ id: "lab.simplified", message: "What this lab simplifies" }),
  quiz: (): string => translate({ id: "quiz.title", message: "Quiz" }),
  quizResult: (right: number, of: number): string =>
    translate({ id: "quiz.result", message: "{right} of {of} right" }, { right, of }),
  answer: (): string => translate({ id: "quiz.answer", message: "Answer" }),
  again: (): string => translate({ id: "quiz.again", message: "Try again" }),
  notSure: (): string => translate({ id: "quiz.notSure", message: "I am not sure" }),
  right: (): string => translate({ id: "quiz.right", message: "Right." }),
  wrong: (): string => translate({ id: "quiz.wrong", message: "Not quite." }),
  partly: (percent: number): string =>
    translate({ id: "quiz.partly", message: "Partly right: {percent} %." }, { percent }),
  belief: (): string => translate({ id: "quiz.belief", message: "Behind it is often this belief:" }),
  source: (): string => translate({ id: "quiz.source", message: "Source" }),
  up: (): string => translate({ id: "quiz.up", message: "Move up" }),
  down: (): string => translate({ id: "quiz.down", message: "Move down" }),
  choose: (): string => translate({ id: "quiz.choose", message: "Choose …" }),
  confidence: (): string => translate({ id: "quiz.confidence", message: "How sure are you?" }),
  sure: (): string => translate({ id: "quiz.sure", message: "Sure" }),
  guess: (): string => translate({ id: "quiz.guess", message: "A guess" }),
  wrongAndSure: (): string =>
    translate({ id: "quiz.wrongAndSure", message: "You were sure: read this one twice, it is worth it." }),
  loading: (): string => translate({ id: "frame.loading", message: "Loading …" }),
} as const;
