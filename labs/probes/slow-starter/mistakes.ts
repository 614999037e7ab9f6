import type { Mistake } from "../../verify/mistake.ts";
import { withProbes } from "./solution.ts";

const HTTP = "httpGet: { path: /healthz, port: 8080 }";

/** Wrong answers that people give, each with the check that must refuse it and the words that they must read. */
export const mistakes: readonly Mistake[] = [
  {
    id: "long-initial-delay",
    says: "initialDelaySeconds 200 instead of a startup probe",
    submission: withProbes(`          livenessProbe:
            ${HTTP}
            initialDelaySeconds: 200
            periodSeconds: 5
`),
    refusedBy: "hang-replaced",
    reason: "delay-leaves-gap",
  },
  {
    id: "startup-once",
    says: "a startup probe that may fail once, as if it ran only once",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 1
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`),
    refusedBy: "survives-start",
    reason: "startup-once",
  },
  {
    id: "patient-liveness",
    says: "a huge failureThreshold on liveness",
    submission: withProbes(`          livenessProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 30
`),
    refusedBy: "hang-replaced",
    reason: "too-patient",
  },
  {
    id: "small-budget",
    says: "a startup probe with the default failureThreshold",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`),
    refusedBy: "survives-start",
    reason: "budget-too-small",
  },
  {
    id: "budget-for-the-average",
    says: "a startup budget of 120 s: the average start survives",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 5
            failureThreshold: 24
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`),
    refusedBy: "survives-start",
    reason: "budget-too-small",
  },
  {
    id: "liveness-left-alone",
    says: "a good startup probe, and liveness as in the template: 31 s and the grace period",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 21
          livenessProbe:
            ${HTTP}
            periodSeconds: 10
`),
    refusedBy: "hang-replaced",
    reason: "one-second-late",
  },
  {
    id: "open-port-is-enough",
    says: "tcpSocket for liveness",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 21
          livenessProbe:
            tcpSocket: { port: 8080 }
            periodSeconds: 5
`),
    refusedBy: "hang-replaced",
    reason: "port-only",
  },
  {
    id: "startup-only",
    says: "a startup probe and no liveness probe",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 10
            failureThreshold: 21
`),
    refusedBy: "hang-replaced",
    reason: "no-liveness",
  },
  {
    id: "short-initial-delay",
    says: "initialDelaySeconds 60: enough for some starts",
    submission: withProbes(`          livenessProbe:
            ${HTTP}
            initialDelaySeconds: 60
            periodSeconds: 5
`),
    refusedBy: "survives-start",
    reason: "delay-too-short",
  },
  {
    id: "lazy-startup",
    says: "a startup probe every 100 s: up, but without traffic for long",
    submission: withProbes(`          startupProbe:
            ${HTTP}
            periodSeconds: 100
            failureThreshold: 3
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`),
    refusedBy: "serves",
    reason: "serves",
  },
  {
    id: "another-image",
    says: "the image replaced by one that starts fast",
    submission: (() => {
      const good = withProbes(`          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`);
      const text = good.files["app.yaml"] ?? "";
      return { ...good, files: { "app.yaml": text.replace("slow-starter:1.0", "web-app:1.0") } };
    })(),
    refusedBy: "same-app",
    reason: "same-app",
  },
  {
    id: "faster-by-environment",
    says: "START_SECONDS set in the environment",
    submission: (() => {
      const good = withProbes(`          env: [{ name: START_SECONDS, value: "1" }]
          livenessProbe:
            ${HTTP}
            periodSeconds: 5
`);
      return good;
    })(),
    refusedBy: "same-app",
    reason: "same-app",
  },
];
