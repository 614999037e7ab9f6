import type { Mistake } from "../../verify/mistake.ts";
import { solution, withProbes } from "./solution.ts";

/** Wrong answers that people give, each with the check that must refuse it and the words that they must read. */
export const mistakes: readonly Mistake[] = [
  {
    id: "longer-timeout",
    says: "a longer timeout on the same liveness probe",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            timeoutSeconds: 10
`),
    refusedBy: "no-restarts",
    reason: "timeout-only",
  },
  {
    id: "no-probes",
    says: "all probes removed",
    submission: withProbes(""),
    refusedBy: "withheld",
    reason: "no-probes",
  },
  {
    id: "more-patience",
    says: "liveness on the database with a failureThreshold that outlasts the outage",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            failureThreshold: 30
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 3
`),
    refusedBy: "deadlock-seen",
    reason: "too-patient",
  },
  {
    id: "readiness-only",
    says: "liveness removed, readiness kept",
    submission: withProbes(`          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 3
`),
    refusedBy: "deadlock-seen",
    reason: "no-liveness",
  },
  {
    id: "added-readiness",
    says: "readiness added, liveness still on the database",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 3
`),
    refusedBy: "no-restarts",
    reason: "liveness-on-database",
  },
  {
    id: "slow-readiness",
    says: "readiness asks every 30 s: traffic comes back late",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 30
            failureThreshold: 1
`),
    refusedBy: "errors-end",
    reason: "slow-return",
  },
  {
    id: "cautious-return",
    says: "successThreshold 5 on readiness",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 4
            successThreshold: 5
`),
    refusedBy: "errors-end",
    reason: "slow-return",
  },
  {
    id: "liveness-only",
    says: "liveness moved to /livez, no readiness",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
`),
    refusedBy: "withheld",
    reason: "no-readiness",
  },
  {
    id: "readiness-without-database",
    says: "readiness asks /livez too",
    submission: withProbes(`          livenessProbe:
            httpGet: { path: /livez, port: 8080 }
          readinessProbe:
            httpGet: { path: /livez, port: 8080 }
            periodSeconds: 3
`),
    refusedBy: "withheld",
    reason: "withheld",
  },
  {
    id: "one-replica",
    says: "one replica instead of six",
    submission: {
      ...solution,
      files: { "api.yaml": (solution.files["api.yaml"] ?? "").replace("replicas: 6", "replicas: 1") },
    },
    refusedBy: "same-app",
    reason: "same-app",
  },
  {
    id: "no-dependency",
    says: "DEPENDS_ON emptied in the environment",
    submission: {
      ...solution,
      files: {
        "api.yaml": (solution.files["api.yaml"] ?? "").replace(
          "          ports:",
          `          env: [{ name: DEPENDS_ON, value: "database:1" }]\n          ports:`,
        ),
      },
    },
    refusedBy: "same-app",
    reason: "same-app",
  },
];
