import type { Submission } from "../../lab.ts";
import { APP } from "./start.ts";

const TEMPLATE_PROBE = `          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 10
`;

/** The template with other probes in place of its own. */
export function withProbes(probes: string): Submission {
  return {
    files: { "app.yaml": APP.replace(TEMPLATE_PROBE, probes) },
    answers: { restarts: "for-ever" },
    commands: [],
  };
}

/** 21 × 10 s of budget for the start; 3 × 5 s to see a hang. */
export const solution: Submission = withProbes(`          startupProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 10
            failureThreshold: 21
          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 5
            failureThreshold: 3
`);
