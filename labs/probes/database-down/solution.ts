import type { Submission } from "../../lab.ts";
import { API } from "./start.ts";

const TEMPLATE_PROBE = `          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 5
            failureThreshold: 2
`;

/** The template with other probes in place of its own. */
export function withProbes(probes: string): Submission {
  const files = { "api.yaml": API.replace(TEMPLATE_PROBE, probes) };
  return { files, answers: { restarted: 6, recovery: "late" }, commands: [] };
}

/** Liveness asks the process, readiness asks the database, often enough to be back within 10 s. */
export const solution: Submission = withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 3
            failureThreshold: 2
`);
