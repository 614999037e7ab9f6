import type { Caller } from "../client/requests.ts";
import type { Address } from "../kernel/process.ts";

/** Where the API server is, unless the settings say otherwise. */
export const API_SERVER: Address = "control-plane/kube-apiserver";

/** Who a controller is to the API server: its own service account, as with --use-service-account-credentials. */
export function callerOf(name: string): Caller {
  const user = `system:serviceaccount:kube-system:${name}`;
  const groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"];
  const userAgent = `kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/system:serviceaccount:kube-system:${name}`;
  return { identity: { user, groups }, userAgent };
}

/** `pods` of `/api/v1/namespaces/default/pods/web`, `replicasets.apps` of `/apis/apps/v1/…`. */
export function collectionOf(path: string): string {
  const [, root = "", ...parts] = path.split("/");
  const group = root === "api" ? "" : (parts.shift() ?? "");
  const rest = parts.slice(1);
  const plural = rest[0] === "namespaces" && rest.length > 2 ? rest[2] : rest[0];
  return group === "" ? (plural ?? "") : `${plural ?? ""}.${group}`;
}
