import { expect, test } from "vitest";
import { completionOf, type Vocabulary } from "./completion.ts";

const vocabulary: Vocabulary = {
  programs: ["kubectl", "ls", "cat"],
  verbs: ["get", "delete", "describe", "apply", "logs", "rollout"],
  kinds: ["pods", "pod", "deployments", "services"],
  files: ["web.yaml", "notes/"],
  namesOf: (kind) => (kind.startsWith("po") ? ["web-1", "web-2", "db-0"] : []),
};

test.each([
  { says: "one program", text: "kub", insert: "ectl ", options: [] },
  { says: "a verb, up to where they differ", text: "kubectl d", insert: "e", options: ["delete", "describe"] },
  { says: "a kind", text: "kubectl get dep", insert: "loyments ", options: [] },
  { says: "a name, up to where they differ", text: "kubectl get pods w", insert: "eb-", options: ["web-1", "web-2"] },
  { says: "a name behind a slash", text: "kubectl delete pod/d", insert: "b-0 ", options: [] },
  { says: "a pod for logs", text: "kubectl logs d", insert: "b-0 ", options: [] },
  { says: "a flag does not count as a word", text: "kubectl get -w po", insert: "d", options: ["pod", "pods"] },
  { says: "a file after -f", text: "kubectl apply -f w", insert: "eb.yaml ", options: [] },
  { says: "a folder stays open", text: "cat no", insert: "tes/", options: [] },
  { says: "after a pipe a program again", text: "ls | ca", insert: "t ", options: [] },
  { says: "nothing fits", text: "kubectl get zz", insert: "", options: [] },
])("Tab completes $says", ({ text, insert, options }) => {
  expect(completionOf(text, text.length, vocabulary)).toEqual({ insert, options });
});
