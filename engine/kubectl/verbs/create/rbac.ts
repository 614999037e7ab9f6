// After kubectl pkg/cmd/create/create_role.go, create_clusterrole.go, create_rolebinding.go, create_clusterrolebinding.go.
import { refusal } from "../../failure.ts";
import { isGiven, listFlag, textFlag } from "../../flag-set.ts";
import type { Fields } from "../../json.ts";
import { mappingFor } from "../../mapping.ts";
import { warn, type Session, type Talk } from "../../talk.ts";
import { createGenerated, nameArgument } from "./generate.ts";

const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "use",
  "bind",
  "escalate",
  "impersonate",
  "*",
  "proxy",
  "approve",
  "sign",
];

interface RuleSubject {
  readonly group: string;
  readonly resource: string;
}

function verbsOf(session: Session): readonly string[] {
  const verbs = [...new Set(listFlag(session.flags, "verb"))];
  if (verbs.includes("*")) return ["*"];
  if (verbs.length === 0) throw refusal("at least one verb must be specified");
  return verbs;
}

function* subjectsOf(session: Session): Talk<readonly RuleSubject[]> {
  const subjects: RuleSubject[] = [];
  for (const written of listFlag(session.flags, "resource")) {
    const [resource = "", subresource] = written.split("/");
    if (resource === "*") {
      subjects.push({ group: "*", resource: "*" });
      continue;
    }
    const mapping = yield* mappingFor(session, resource);
    subjects.push({
      group: mapping.group,
      resource: subresource === undefined ? mapping.plural : `${mapping.plural}/${subresource}`,
    });
  }
  return subjects;
}

function* rulesOf(session: Session, verbs: readonly string[]): Talk<readonly Fields[]> {
  for (const verb of verbs) if (!VERBS.includes(verb)) yield* warn(`'${verb}' is not a standard resource verb`);
  const subjects = yield* subjectsOf(session);
  const names = listFlag(session.flags, "resource-name");
  const groups = [...new Set(subjects.map((subject) => subject.group))];
  return groups.map((group) => ({
    verbs,
    apiGroups: [group],
    resources: [...new Set(subjects.filter((subject) => subject.group === group).map((subject) => subject.resource))],
    ...(names.length > 0 ? { resourceNames: names } : {}),
  }));
}

export function* createRole(session: Session): Talk<number> {
  const name = nameArgument(session);
  const verbs = verbsOf(session);
  if (listFlag(session.flags, "resource").length === 0) throw refusal("at least one resource must be specified");
  const rules = yield* rulesOf(session, verbs);
  return yield* createGenerated(
    session,
    { kind: "Role", apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name }, rules },
    undefined,
  );
}

export function* createClusterRole(session: Session): Talk<number> {
  const { flags } = session;
  const name = nameArgument(session);
  const kind = { kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name } };
  const aggregation = listFlag(flags, "aggregation-rule").flatMap((each) => each.split(","));
  if (aggregation.length > 0) {
    if (isGiven(flags, "resource") || isGiven(flags, "non-resource-url"))
      throw refusal("aggregation rule must be specified without nonResourceURLs, resources or resourceNames");
    const matchLabels = Object.fromEntries(
      aggregation.map((pair) => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]),
    );
    const role = { ...kind, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
    return yield* createGenerated(session, role, undefined);
  }
  const verbs = verbsOf(session);
  const urls = listFlag(flags, "non-resource-url");
  if (listFlag(flags, "resource").length === 0 && urls.length === 0)
    throw refusal("at least one resource or nonResourceURL must be specified");
  const rules = [...(yield* rulesOf(session, verbs)), ...(urls.length > 0 ? [{ verbs, nonResourceURLs: urls }] : [])];
  return yield* createGenerated(session, { ...kind, rules }, undefined);
}

function rbacSubjects(session: Session): readonly Fields[] {
  const { flags } = session;
  const apiGroup = "rbac.authorization.k8s.io";
  const accounts = listFlag(flags, "serviceaccount").map((written) => {
    const [namespace = "", name = "", ...rest] = written.split(":");
    if (namespace === "" || name === "" || rest.length > 0) throw refusal("serviceaccount must be <namespace>:<name>");
    return { kind: "ServiceAccount", name, namespace };
  });
  return [
    ...listFlag(flags, "user").map((name) => ({ kind: "User", apiGroup, name })),
    ...listFlag(flags, "group").map((name) => ({ kind: "Group", apiGroup, name })),
    ...accounts,
  ];
}

function binding(session: Session, kind: string, roleRef: Fields): Fields {
  const subjects = rbacSubjects(session);
  return {
    kind,
    apiVersion: "rbac.authorization.k8s.io/v1",
    metadata: { name: nameArgument(session) },
    ...(subjects.length > 0 ? { subjects } : {}),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", ...roleRef },
  };
}

export function* createRoleBinding(session: Session): Talk<number> {
  const [role, clusterRole] = [textFlag(session.flags, "role"), textFlag(session.flags, "clusterrole")];
  nameArgument(session);
  if ((role === "") === (clusterRole === "")) throw refusal("exactly one of clusterrole or role must be specified");
  const roleRef = role === "" ? { kind: "ClusterRole", name: clusterRole } : { kind: "Role", name: role };
  return yield* createGenerated(session, binding(session, "RoleBinding", roleRef), "failed to create rolebinding: ");
}

export function* createClusterRoleBinding(session: Session): Talk<number> {
  const roleRef = { kind: "ClusterRole", name: textFlag(session.flags, "clusterrole") };
  return yield* createGenerated(
    session,
    binding(session, "ClusterRoleBinding", roleRef),
    "failed to create clusterrolebinding: ",
  );
}
