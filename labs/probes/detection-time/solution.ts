import type { Submission } from "../../lab.ts";

/** periodSeconds × failureThreshold + timeoutSeconds after the last good probe; starts wait for the next probe. */
export const solution: Submission = {
  files: {},
  answers: { hang: 31, unready: 15, delay: 17, "slow-start": 50, "delayed-ready": 20, budget: 25 },
  commands: [],
};
