import type { Submission } from "../../lab.ts";

export const solution: Submission = {
  files: {},
  answers: { service: "refused", "pod-ip": "answered", open: "goes-on", restarts: 0, endpoint: "marked" },
  commands: [],
};
