// After kubernetes v1.36 plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go.
import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { forEach, get, type SortedMap } from "../../kernel/sorted-map.ts";
import type { User } from "../registry/strategy.ts";
import { collectionAt, type ServerState } from "../state.ts";

/** What somebody wants to do. */
export interface Attributes {
  readonly user: User;
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Set for what is no resource. */
  readonly path?: string;
}

/** The rules that a subject has, everywhere or in one namespace. */
interface Grant {
  /** Empty: in all namespaces and outside of them. */
  readonly namespace: string;
  readonly rules: readonly PolicyRule[];
}

/** By `u name`, `g name`. */
type Grants = ReadonlyMap<string, readonly Grant[]>;

type Objects = SortedMap<string, KubernetesObject>;

/**
 * What follows from one state of the bindings and roles, worked out once: the roots of four immutable trees are the key, so an entry can
 * never be out of date and nothing depends on whether it is there.
 */
const known = new WeakMap<object, { readonly roots: readonly Objects[]; readonly grants: Grants }>();

/** Whether a role that the user has allows it. */
export function isAllowed(state: ServerState, attributes: Attributes): boolean {
  const grants = grantsOf(state);
  for (const subject of subjectsOf(attributes.user)) {
    for (const { namespace, rules } of grants.get(subject) ?? []) {
      if (namespace !== "" && namespace !== attributes.namespace) continue;
      if (rules.some((rule) => allows(rule, attributes))) return true;
    }
  }
  return false;
}

/** The rules that a user has in a namespace. */
export function rulesFor(state: ServerState, user: User, namespace: string): readonly PolicyRule[] {
  const grants = grantsOf(state);
  return subjectsOf(user).flatMap((subject) =>
    (grants.get(subject) ?? [])
      .filter((grant) => grant.namespace === "" || grant.namespace === namespace)
      .flatMap((grant) => grant.rules),
  );
}

function subjectsOf(user: User): readonly string[] {
  return [`u ${user.name}`, ...user.groups.map((group) => `g ${group}`)];
}

function grantsOf(state: ServerState): Grants {
  const roots = ["clusterrolebindings", "clusterroles", "rolebindings", "roles"].map(
    (prefix) => collectionAt(state, prefix).objects,
  );
  const key = roots[0];
  if (key === null || key === undefined) return compile(roots);
  const found = known.get(key);
  if (found !== undefined && found.roots.every((root, index) => root === roots[index])) return found.grants;
  const grants = compile(roots);
  known.set(key, { roots, grants });
  return grants;
}

function compile(roots: readonly Objects[]): Grants {
  const [clusterBindings = null, clusterRoles = null, bindings = null, roles = null] = roots;
  const grants = new Map<string, Grant[]>();
  const add = (binding: ClusterRoleBinding | RoleBinding, namespace: string, rules: readonly PolicyRule[]): void => {
    for (const subject of binding.subjects ?? []) {
      const key = keyOfSubject(subject);
      grants.set(key, [...(grants.get(key) ?? []), { namespace, rules }]);
    }
  };
  const rulesOf = (from: Objects, name: string): readonly PolicyRule[] =>
    (get(from, name) as ClusterRole | undefined)?.rules ?? [];
  forEach(clusterBindings, (object) => {
    const binding = object as ClusterRoleBinding;
    add(binding, "", rulesOf(clusterRoles, binding.roleRef.name));
  });
  forEach(bindings, (object) => {
    const binding = object as RoleBinding;
    const { namespace = "" } = binding.metadata;
    const { kind, name } = binding.roleRef;
    add(
      binding,
      namespace,
      kind === "ClusterRole" ? rulesOf(clusterRoles, name) : rulesOf(roles, `${namespace}/${name}`),
    );
  });
  return grants;
}

function keyOfSubject(subject: { readonly kind: string; readonly name: string; readonly namespace?: string }): string {
  if (subject.kind === "Group") return `g ${subject.name}`;
  return subject.kind === "ServiceAccount"
    ? `u system:serviceaccount:${subject.namespace ?? ""}:${subject.name}`
    : `u ${subject.name}`;
}

/** Source: pkg/apis/rbac/v1/evaluation_helpers.go. */
export function allows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!rule.verbs.includes("*") && !rule.verbs.includes(attributes.verb)) return false;
  if (attributes.path !== undefined) return matchesPath(rule.nonResourceURLs ?? [], attributes.path);
  const { apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (!apiGroups.includes("*") && !apiGroups.includes(attributes.group)) return false;
  if (!matchesResource(resources, attributes.resource)) return false;
  return resourceNames.length === 0 || resourceNames.includes(attributes.name);
}

function matchesPath(urls: readonly string[], path: string): boolean {
  return urls.some((url) => url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))));
}

function matchesResource(resources: readonly string[], wanted: string): boolean {
  if (resources.includes("*") || resources.includes(wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && resources.includes(`*${wanted.slice(slash)}`);
}
