import type { Mistake } from "../../verify/mistake.ts";
import { solution, withProbes } from "./solution.ts";

/** Wrong answers that people give, each with the check that must refuse it and the words that they must read. */
export const mistakes: readonly Mistake[] = [
  {
    id: "tcp-for-http",
    says: "tcpSocket for the HTTP app",
    submission: withProbes({ web: "          livenessProbe:\n            tcpSocket: { port: 8080 }\n" }),
    refusedBy: "web",
    reason: "web/port-only",
  },
  {
    id: "redirect-must-fail",
    says: "expects that a 301 fails the probe",
    submission: { ...solution, answers: { redirect: "failure" } },
    refusedBy: "redirect",
    reason: "redirect/failure",
  },
  {
    id: "tcp-for-grpc",
    says: "tcpSocket for the gRPC server",
    submission: withProbes({ rpc: "          livenessProbe:\n            tcpSocket: { port: 50051 }\n" }),
    refusedBy: "rpc",
    reason: "rpc/port-only",
  },
  {
    id: "http-for-tcp",
    says: "httpGet for an app that does not speak HTTP",
    submission: withProbes({ queue: "          livenessProbe:\n            httpGet: { path: /, port: 9000 }\n" }),
    refusedBy: "queue",
    reason: "queue/false-alarm",
  },
  {
    id: "file-exists",
    says: "the batch probe asks only whether the heartbeat file exists",
    submission: withProbes({
      batch: "          livenessProbe:\n            exec: { command: [cat, /tmp/heartbeat] }\n",
    }),
    refusedBy: "batch",
    reason: "batch/blind",
  },
  {
    id: "impatient-batch",
    says: "the heartbeat must be younger than 3 s, but comes every 5 s",
    submission: withProbes({
      batch: `          livenessProbe:
            exec:
              command: [sh, -c, "test -n \\"$(find /tmp/heartbeat -mmin -0.05)\\""]
            periodSeconds: 1
            failureThreshold: 1
`,
    }),
    refusedBy: "batch",
    reason: "batch/false-alarm",
  },
  {
    id: "readiness-instead",
    says: "readiness instead of liveness for the HTTP app",
    submission: withProbes({ web: "          readinessProbe:\n            httpGet: { path: /healthz, port: 8080 }\n" }),
    refusedBy: "web",
    reason: "web/no-liveness",
  },
  {
    id: "wrong-port",
    says: "the gRPC probe on the port of the HTTP app",
    submission: withProbes({ rpc: "          livenessProbe:\n            grpc: { port: 8080 }\n" }),
    refusedBy: "rpc",
    reason: "rpc/false-alarm",
  },
  {
    id: "no-probe-for-batch",
    says: "no probe for the app without a port",
    submission: withProbes({ batch: "" }),
    refusedBy: "batch",
    reason: "batch/no-liveness",
  },
  {
    id: "slow-web",
    says: "an HTTP probe every minute",
    submission: withProbes({
      web: "          livenessProbe:\n            httpGet: { path: /healthz, port: 8080 }\n            periodSeconds: 60\n",
    }),
    refusedBy: "web",
    reason: "web/late",
  },
  {
    id: "one-image-for-all",
    says: "the batch job replaced by a web app",
    submission: {
      ...solution,
      files: { "apps.yaml": (solution.files["apps.yaml"] ?? "").replace("batch-job:1.0", "web-app:1.0") },
    },
    refusedBy: "same-apps",
    reason: "same-apps",
  },
];
