import type { Variant } from "../../verify/mistake.ts";
import { solution, withProbes } from "./solution.ts";

const REFERENCE = solution.files["api.yaml"] ?? "";

/** Other right answers. */
export const alternatives: readonly Variant[] = [
  {
    id: "port-for-the-process",
    says: "readiness every second, liveness every 5 s",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
            periodSeconds: 5
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 1
`),
  },
  {
    id: "healthz-for-readiness",
    says: "/healthz for readiness instead of /ready",
    submission: withProbes(`          readinessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 5
            failureThreshold: 1
          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
            failureThreshold: 2
`),
  },
  {
    id: "startup-too",
    says: "all three probes",
    submission: withProbes(`          startupProbe:
            httpGet: { path: /livez, port: 8080 }
            periodSeconds: 1
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
            timeoutSeconds: 2
          readinessProbe:
            httpGet: { path: /, port: 8080 }
            periodSeconds: 2
            failureThreshold: 3
`),
  },
];

/** Changes that alter nothing that was asked for. */
export const harmless: readonly Variant[] = [
  edited("extra-label", "one more label", (text) =>
    text.replace("labels: { app: api }", "labels: { app: api, tier: back }"),
  ),
  edited("comment", "a comment", (text) => `# My answer\n${text}`),
  edited("annotation", "an annotation", (text) =>
    text.replace("  name: api\nspec:", "  name: api\n  annotations: { note: mine }\nspec:"),
  ),
  edited("flow-style", "flow style for a probe", (text) =>
    text.replace(
      /readinessProbe:[\s\S]*$/,
      "readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 3, failureThreshold: 2 }\n",
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
      "path: /livez, port: 8080 }",
      "path: /livez, port: 8080, scheme: HTTP }\n            periodSeconds: 10\n            timeoutSeconds: 1",
    ),
  ),
  {
    id: "applied-twice",
    says: "the same command twice",
    submission: { ...solution, commands: ["kubectl apply -f api.yaml", "kubectl apply -f api.yaml"] },
  },
];

function edited(id: string, says: string, edit: (text: string) => string): Variant {
  return { id, says, submission: { ...solution, files: { "api.yaml": edit(REFERENCE) } } };
}
