import type { Variant } from "../../verify/mistake.ts";
import { solution, withProbes } from "./solution.ts";

const REFERENCE = solution.files["apps.yaml"] ?? "";

/** Other right answers. */
export const alternatives: readonly Variant[] = [
  {
    id: "redirecting-path",
    says: "/old for the HTTP app: a redirect is success, and a hung app does not redirect",
    submission: withProbes({
      web: "          livenessProbe:\n            httpGet: { path: /old, port: 8080 }\n            periodSeconds: 5\n",
    }),
  },
  {
    id: "named-service",
    says: "the gRPC service by its name",
    submission: withProbes({
      rpc: "          livenessProbe:\n            grpc: { port: 50051, service: orders }\n            periodSeconds: 5\n",
    }),
  },
  {
    id: "with-startup",
    says: "startup probes before liveness",
    submission: withProbes({
      web: `          startupProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 1
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /, port: 8080 }
            timeoutSeconds: 3
`,
      queue: `          startupProbe:
            tcpSocket: { port: 9000 }
            failureThreshold: 10
          livenessProbe:
            tcpSocket: { port: 9000 }
            periodSeconds: 4
            failureThreshold: 4
`,
    }),
  },
  {
    id: "age-by-stat",
    says: "the age of the heartbeat worked out from date and stat",
    submission: withProbes({
      batch: `          livenessProbe:
            exec:
              command:
                - sh
                - -c
                - test $(( $(date +%s) - $(stat -c %Y /tmp/heartbeat) )) -lt 20
            initialDelaySeconds: 15
`,
    }),
  },
];

/** Changes that alter nothing that was asked for. */
export const harmless: readonly Variant[] = [
  edited("extra-label", "one more label", (text) =>
    text.replace("labels: { app: web }", "labels: { app: web, tier: front }"),
  ),
  edited("comment", "a comment", (text) => `# My answer\n${text}`),
  edited("annotation", "an annotation", (text) =>
    text.replace("  name: web\nspec:", "  name: web\n  annotations: { note: mine }\nspec:"),
  ),
  edited("order", "the Deployments in another order", (text) => text.split("---\n").toReversed().join("---\n")),
  edited("named-port", "the port by its name", (text) =>
    text
      .replace("- containerPort: 9000", "- { name: queue, containerPort: 9000 }")
      .replace("tcpSocket: { port: 9000 }", "tcpSocket: { port: queue }"),
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
      "tcpSocket: { port: 9000 }",
      "tcpSocket: { port: 9000 }\n            periodSeconds: 10\n            failureThreshold: 3",
    ),
  ),
  edited("readiness-too", "a readiness probe beside liveness", (text) =>
    text.replace(
      "            httpGet: { path: /healthz, port: 8080 }\n",
      "            httpGet: { path: /healthz, port: 8080 }\n          readinessProbe:\n            httpGet: { path: /ready, port: 8080 }\n",
    ),
  ),
];

function edited(id: string, says: string, edit: (text: string) => string): Variant {
  return { id, says, submission: { ...solution, files: { "apps.yaml": edit(REFERENCE) } } };
}
