import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** There are three probe mechanisms: HTTP, TCP and command. */
export const threeMechanisms: Misconception = {
  id: "probes/three-mechanisms",
  claims: ["002-52", "002-55"],
  source: LIFECYCLE,
  counterexample: "redirect",
};
