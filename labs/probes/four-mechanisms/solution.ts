import type { Submission } from "../../lab.ts";
import { appsWith } from "./start.ts";

/** A right probe for each app. */
export const RIGHT = {
  web: `          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
`,
  queue: `          livenessProbe:
            tcpSocket: { port: 9000 }
`,
  rpc: `          livenessProbe:
            grpc: { port: 50051 }
`,
  batch: `          livenessProbe:
            exec:
              command: [sh, -c, "test -n \\"$(find /tmp/heartbeat -mmin -0.5)\\""]
            initialDelaySeconds: 10
`,
} as const;

/** The right probes with some of them replaced. */
export function withProbes(probes: Readonly<Record<string, string>>): Submission {
  return { files: { "apps.yaml": appsWith({ ...RIGHT, ...probes }) }, answers: { redirect: "success" }, commands: [] };
}

export const solution: Submission = withProbes({});
