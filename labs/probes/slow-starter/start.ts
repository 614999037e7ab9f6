import type { LabFile } from "../../lab.ts";

/** The template of the lab: a liveness probe every 10 s, and nothing that knows of slow starts. */
export const APP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: 1
  selector:
    matchLabels: { app: app }
  template:
    metadata:
      labels: { app: app }
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: app
          image: workbook.example/slow-starter:1.0
          ports:
            - containerPort: 8080
          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 10
`;

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: app
spec:
  selector: { app: app }
  ports:
    - port: 80
      targetPort: 8080
`;

export const start: readonly LabFile[] = [
  { path: "app.yaml", text: APP, isEditable: true },
  { path: "service.yaml", text: SERVICE, isEditable: false },
];
