import type { LabFile } from "../../lab.ts";

/** Six replicas whose liveness probe asks the database. */
export const API = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 6
  selector:
    matchLabels: { app: api }
  template:
    metadata:
      labels: { app: api }
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: api
          image: workbook.example/api-with-database:1.0
          ports:
            - containerPort: 8080
          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 5
            failureThreshold: 2
`;

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  selector: { app: api }
  ports:
    - port: 80
      targetPort: 8080
`;

export const start: readonly LabFile[] = [
  { path: "api.yaml", text: API, isEditable: true },
  { path: "service.yaml", text: SERVICE, isEditable: false },
];
