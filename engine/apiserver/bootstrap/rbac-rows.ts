import type { KubernetesObject } from "../../api/object.ts";

/** A role in short: each rule is `verbs groups:resources names`, or `verbs url:paths`. */
export interface RoleRow {
  readonly name: string;
  readonly namespace?: string;
  readonly aggregatesTo?: string;
  readonly aggregatedFrom?: string;
  readonly rules: readonly string[];
}

/** A binding in short; a subject is `u user`, `g group` or `s namespace/account`. */
export interface BindingRow {
  readonly name: string;
  readonly namespace?: string;
  readonly role?: string;
  readonly isClusterRole?: boolean;
  readonly subjects: readonly string[];
}

const GROUP = "rbac.authorization.k8s.io";
const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "true" };
const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };

/** A Role or ClusterRole. */
export function roleOf(row: RoleRow): KubernetesObject {
  const { name, namespace, aggregatesTo, aggregatedFrom } = row;
  const own = aggregatesTo === undefined ? labels : { ...labels, [`${GROUP}/aggregate-to-${aggregatesTo}`]: "true" };
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), annotations, labels: own };
  const selectors =
    aggregatedFrom === undefined
      ? {}
      : {
          aggregationRule: {
            clusterRoleSelectors: [{ matchLabels: { [`${GROUP}/aggregate-to-${aggregatedFrom}`]: "true" } }],
          },
        };
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const body = { apiVersion: `${GROUP}/v1`, kind, metadata, ...selectors, rules: row.rules.map(ruleOf) };
  return body;
}

function ruleOf(text: string): object {
  const [verbs = "", target = "", names] = text.split(" ");
  if (target.startsWith("url:")) return { nonResourceURLs: target.slice(4).split(","), verbs: verbs.split(",") };
  const colon = target.indexOf(":");
  return {
    apiGroups: target.slice(0, colon).split(","),
    ...(names === undefined ? {} : { resourceNames: names.split(",") }),
    resources: target.slice(colon + 1).split(","),
    verbs: verbs.split(","),
  };
}

/** A RoleBinding or ClusterRoleBinding. */
export function bindingOf(row: BindingRow): KubernetesObject {
  const { name, namespace, role = name } = row;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), annotations, labels };
  const roleKind = namespace === undefined || row.isClusterRole === true ? "ClusterRole" : "Role";
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const body = {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata,
    roleRef: { apiGroup: GROUP, kind: roleKind, name: role },
    subjects: row.subjects.map(subjectOf),
  };
  return body;
}

function subjectOf(text: string): object {
  const name = text.slice(2);
  if (text.startsWith("u ")) return { apiGroup: GROUP, kind: "User", name };
  if (text.startsWith("g ")) return { apiGroup: GROUP, kind: "Group", name };
  const slash = name.indexOf("/");
  return { kind: "ServiceAccount", name: name.slice(slash + 1), namespace: name.slice(0, slash) };
}
