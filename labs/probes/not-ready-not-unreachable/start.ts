import type { LabFile } from "../../lab.ts";

const WEB = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: { app: web }
spec:
  containers:
    - name: web
      image: workbook.example/web-app:1.0
      ports:
        - containerPort: 8080
      readinessProbe:
        exec:
          command: [sh, -c, "test ! -e /tmp/closed"]
        periodSeconds: 5
        failureThreshold: 3
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports:
    - port: 8080
`;

export const start: readonly LabFile[] = [{ path: "web.yaml", text: WEB, isEditable: false }];
