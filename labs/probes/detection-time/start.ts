import type { LabFile } from "../../lab.ts";

/** Six Pods, six settings. START_SECONDS says how long the program needs until it listens. */
const PROBES = `${pod(
  "hang",
  2,
  `      livenessProbe:
        httpGet: { path: /healthz, port: 8080 }
`,
)}---
${pod(
  "unready",
  2,
  `      readinessProbe:
        httpGet: { path: /ready, port: 8080 }
        periodSeconds: 5
        failureThreshold: 3
`,
)}---
${pod(
  "delay",
  2,
  `      livenessProbe:
        httpGet: { path: /healthz, port: 8080 }
        initialDelaySeconds: 30
        periodSeconds: 5
        timeoutSeconds: 2
        failureThreshold: 3
`,
)}---
${pod(
  "slow-start",
  42,
  `      startupProbe:
        httpGet: { path: /healthz, port: 8080 }
        periodSeconds: 10
        failureThreshold: 30
`,
)}---
${pod(
  "delayed-ready",
  3,
  `      readinessProbe:
        httpGet: { path: /ready, port: 8080 }
        initialDelaySeconds: 20
        periodSeconds: 10
`,
)}---
${pod(
  "budget",
  300,
  `      startupProbe:
        httpGet: { path: /healthz, port: 8080 }
        periodSeconds: 5
        failureThreshold: 6
`,
)}`;

function pod(name: string, startSeconds: number, probes: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  terminationGracePeriodSeconds: 5
  containers:
    - name: app
      image: workbook.example/web-app:1.0
      env:
        - name: START_SECONDS
          value: "${startSeconds}"
${probes}`;
}

export const start: readonly LabFile[] = [{ path: "probes.yaml", text: PROBES, isEditable: false }];
