import type { LabFile } from "../../lab.ts";

/** Four Deployments without a probe, as one file; `probes` goes into each container by the name of the app. */
export function appsWith(probes: Readonly<Record<string, string>>): string {
  return [
    deployment("web", "web-app", 8080),
    deployment("queue", "tcp-server", 9000),
    deployment("rpc", "grpc-server", 50_051),
    deployment("batch", "batch-job", undefined),
  ]
    .map(({ name, text }) => text + (probes[name] ?? ""))
    .join("---\n");
}

function deployment(
  name: string,
  image: string,
  port: number | undefined,
): { readonly name: string; readonly text: string } {
  const ports = port === undefined ? "" : `          ports:\n            - containerPort: ${port}\n`;
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: ${name}
          image: workbook.example/${image}:1.0
${ports}`;
  return { name, text };
}

export const start: readonly LabFile[] = [{ path: "apps.yaml", text: appsWith({}), isEditable: true }];
