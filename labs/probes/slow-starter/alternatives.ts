import type { Variant } from "../../verify/mistake.ts";
import { solution, withProbes } from "./solution.ts";

const HTTP = "httpGet: { path: /healthz, port: 8080 }";
const REFERENCE = solution.files["app.yaml"] ?? "";

/** Other right answers. */
export const alternatives: readonly Variant[] = [
  {
    id: "quick-startup",
    says: "a startup probe every second, 240 times",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 1
            failureThreshold: 240
          livenessProbe:
            ${HTTP}
            periodSeconds: 6
            failureThreshold: 2
`),
  },
  {
    id: "port-for-the-start",
    says: "tcpSocket for the start, httpGet for liveness",
    submission: withProbes(`          startupProbe:
            tcpSocket: { port: 8080 }
            periodSeconds: 5
            failureThreshold: 41
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
            timeoutSeconds: 2
`),
  },
  {
    id: "readiness-too",
    says: "all three probes, on /ready for traffic",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            initialDelaySeconds: 30
            periodSeconds: 5
            failureThreshold: 40
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 5
          livenessProbe:
            ${HTTP}
            periodSeconds: 4
`),
  },
  {
    id: "probe-grace",
    says: "the grace period of the liveness probe itself shortened to 1 s",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 22
          livenessProbe:
            ${HTTP}
            periodSeconds: 8
            terminationGracePeriodSeconds: 1
`),
  },
];

/** Changes that alter nothing that was asked for. */
export const harmless: readonly Variant[] = [
  edited("extra-label", "one more label", (text) =>
    text.replace("labels: { app: app }", "labels: { app: app, team: blue }"),
  ),
  edited("comment", "a comment", (text) => `# My answer\n${text}`),
  edited("annotation", "an annotation", (text) =>
    text.replace("  name: app\nspec:", "  name: app\n  annotations: { note: mine }\nspec:"),
  ),
  edited("flow-style", "flow style for a probe", (text) =>
    text.replace(
      /livenessProbe:[\s\S]*$/,
      "livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 5, failureThreshold: 3 }\n",
    ),
  ),
  edited("named-port", "the port by its name", (text) =>
    text
      .replace("- containerPort: 8080", "- { name: http, containerPort: 8080 }")
      .replaceAll("port: 8080 }", "port: http }"),
  ),
  edited("no-container-port", "containerPort left out: it is only information", (text) =>
    text.replace("          ports:\n            - containerPort: 8080\n", ""),
  ),
  edited(
    "other-object",
    "a ConfigMap in the same file",
    (text) => `${text}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\ndata: { a: b }\n`,
  ),
  edited(
    "other-namespace",
    "an object in another namespace",
    (text) => `${text}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes, namespace: kube-public }\n`,
  ),
  edited("explicit-defaults", "defaults written out", (text) =>
    text.replace(
      "periodSeconds: 5",
      "periodSeconds: 5\n            timeoutSeconds: 1\n            successThreshold: 1",
    ),
  ),
  {
    id: "applied-twice",
    says: "the same command twice",
    submission: { ...solution, commands: ["kubectl apply -f app.yaml", "kubectl apply -f app.yaml"] },
  },
];

function edited(id: string, says: string, edit: (text: string) => string): Variant {
  return { id, says, submission: { ...solution, files: { "app.yaml": edit(REFERENCE) } } };
}
