// After kubernetes v1.36 plugin/pkg/auth/authorizer/node/node_authorizer.go; not modelled: attached volumes, certificates of service accounts.
import type { Pod } from "../../api/generated/types.ts";
import { get } from "../../kernel/sorted-map.ts";
import { values } from "../../kernel/sorted-map.ts";
import { nodeOf } from "../registry-fields.ts";
import { collectionAt, type ServerState } from "../state.ts";
import type { Attributes } from "./rbac.ts";

const PREFIX = "system:node:";

/** What every kubelet may do, as `verbs groups:resources`. Source: bootstrappolicy NodeRules. */
const nodeRules: readonly {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
}[] = [
  { verbs: ["create"], group: "authentication.k8s.io", resources: ["tokenreviews"] },
  {
    verbs: ["create"],
    group: "authorization.k8s.io",
    resources: ["localsubjectaccessreviews", "subjectaccessreviews"],
  },
  { verbs: ["get", "list", "watch"], group: "", resources: ["services"] },
  { verbs: ["create", "get", "list", "watch"], group: "", resources: ["nodes"] },
  { verbs: ["patch", "update"], group: "", resources: ["nodes/status", "nodes"] },
  { verbs: ["create", "patch", "update"], group: "", resources: ["events"] },
  { verbs: ["get", "list", "watch"], group: "", resources: ["pods"] },
  { verbs: ["create", "delete"], group: "", resources: ["pods"] },
  { verbs: ["patch", "update"], group: "", resources: ["pods/status"] },
  { verbs: ["create"], group: "", resources: ["pods/eviction"] },
  {
    verbs: ["create", "get", "list", "watch"],
    group: "certificates.k8s.io",
    resources: ["certificatesigningrequests"],
  },
  { verbs: ["create", "delete", "get", "patch", "update"], group: "coordination.k8s.io", resources: ["leases"] },
  { verbs: ["get"], group: "storage.k8s.io", resources: ["volumeattachments"] },
  { verbs: ["get", "list", "watch"], group: "storage.k8s.io", resources: ["csidrivers"] },
  { verbs: ["create", "delete", "get", "patch", "update"], group: "storage.k8s.io", resources: ["csinodes"] },
  { verbs: ["get", "list", "watch"], group: "node.k8s.io", resources: ["runtimeclasses"] },
  { verbs: ["get"], group: "", resources: ["endpoints"] },
  { verbs: ["get", "list", "watch"], group: "discovery.k8s.io", resources: ["endpointslices"] },
];

/** What a kubelet may read only because a pod of its node uses it. */
const bound: ReadonlySet<string> = new Set([
  "configmaps",
  "secrets",
  "persistentvolumeclaims",
  "persistentvolumes",
  "serviceaccounts/token",
]);

/** Undefined: no opinion; else why a node may not, "" when it may. */
export function nodeOpinion(state: ServerState, attributes: Attributes): string | undefined {
  const { user, resource, verb, group } = attributes;
  if (!user.groups.includes("system:nodes") || !user.name.startsWith(PREFIX) || attributes.path !== undefined)
    return undefined;
  const node = user.name.slice(PREFIX.length);
  if (group === "" && bound.has(resource)) return boundOpinion(state, attributes, node);
  const isAllowed = nodeRules.some(
    (rule) => rule.group === group && rule.resources.includes(resource) && rule.verbs.includes(verb),
  );
  return isAllowed ? "" : undefined;
}

function boundOpinion(state: ServerState, attributes: Attributes, node: string): string {
  const { resource, verb, namespace, name } = attributes;
  const isTaken =
    resource === "serviceaccounts/token" ? verb === "create" : verb === "get" || verb === "list" || verb === "watch";
  if (!isTaken) return "can only read resources of this type";
  if (name === "") return "No Object name found";
  const uses = values(collectionAt(state, "pods").objects).some(
    (object) => nodeOf(object) === node && podUses(state, object as Pod, { resource, namespace, name }),
  );
  return uses ? "" : `no relationship found between node '${node}' and this object`;
}

interface Target {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

function podUses(state: ServerState, pod: Pod, target: Target): boolean {
  if (target.resource === "persistentvolumes")
    return claimsOf(pod).some((claim) => volumeOf(state, pod, claim) === target.name);
  if (pod.metadata.namespace !== target.namespace) return false;
  if (target.resource === "serviceaccounts/token") return (pod.spec?.serviceAccountName ?? "") === target.name;
  if (target.resource === "persistentvolumeclaims") return claimsOf(pod).includes(target.name);
  const text = JSON.stringify(pod.spec ?? {});
  return text.includes(JSON.stringify(target.name));
}

function claimsOf(pod: Pod): readonly string[] {
  return (pod.spec?.volumes ?? [])
    .map((volume) => volume.persistentVolumeClaim?.claimName ?? "")
    .filter((name) => name !== "");
}

function volumeOf(state: ServerState, pod: Pod, claim: string): string {
  const key = `${pod.metadata.namespace ?? ""}/${claim}`;
  const found = get(collectionAt(state, "persistentvolumeclaims").objects, key);
  return (found?.spec as { readonly volumeName?: string } | undefined)?.volumeName ?? "";
}
