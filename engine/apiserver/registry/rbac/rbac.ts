// After kubernetes v1.36 pkg/registry/rbac/*/strategy.go, pkg/apis/rbac/{v1/defaults,validation/validation}.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems, pathSegmentProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { allowPrefix, type NameRule } from "../metadata.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import { mapShared, withDefaults, withParts } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";

type Role = DecodedObject<api.Role>;
type ClusterRole = DecodedObject<api.ClusterRole>;
type Binding = DecodedObject<api.RoleBinding>;
type Rule = Decoded<api.PolicyRule>;
type Subject = Decoded<api.Subject>;

const GROUP = "rbac.authorization.k8s.io";
const names: NameRule = allowPrefix(pathSegmentProblems);

export const roles: Strategy<Role> = kindStrategy<Role>({
  place: [GROUP, "v1", "roles"],
  nameRule: names,
  createOnUpdate: true,
  validate: (role) => validateRules(role.rules, true),
  cells: (role) => [nameOf(role), role.metadata.creationTimestamp ?? ""],
});

export const clusterRoles: Strategy<ClusterRole> = kindStrategy<ClusterRole>({
  place: [GROUP, "v1", "clusterroles"],
  nameRule: names,
  createOnUpdate: true,
  validate: (role) => {
    const errors: Errors = [...validateRules(role.rules, false)];
    const { aggregationRule } = role;
    if (aggregationRule === undefined) return errors;
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0)
      errors.push(
        required(
          "aggregationRule.clusterRoleSelectors",
          "at least one clusterRoleSelector required if aggregationRule is non-nil",
        ),
      );
    for (const [index, selector] of selectors.entries()) {
      validateLabelSelector(selector, `aggregationRule.clusterRoleSelectors[${index}]`, errors);
    }
    return errors;
  },
  cells: (role) => [nameOf(role), role.metadata.creationTimestamp ?? ""],
});

export const roleBindings: Strategy<Binding> = bindings("rolebindings", true);

export const clusterRoleBindings: Strategy<Binding> = bindings("clusterrolebindings", false);

function bindings(plural: string, isNamespaced: boolean): Strategy<Binding> {
  return kindStrategy<Binding>({
    place: [GROUP, "v1", plural],
    nameRule: names,
    createOnUpdate: true,
    defaults: defaultBinding,
    validate: (binding) => validateBinding(binding, isNamespaced),
    validateUpdate: (binding, old) => {
      const errors = [...validateBinding(binding, isNamespaced)];
      if (!isSemanticallyEqual(binding.roleRef, old.roleRef)) {
        errors.push(invalid("roleRef", goStruct("RoleRef", binding.roleRef), "cannot change roleRef"));
      }
      return errors;
    },
    cells: bindingCells,
  });
}

function validateRules(rules: readonly Rule[] | null | undefined, isNamespaced: boolean): readonly FieldError[] {
  const errors: Errors = [];
  for (const [index, rule] of (rules ?? []).entries())
    validateRule(rule, { path: `rules[${index}]`, isNamespaced, errors });
  return errors;
}

interface RulePlace {
  readonly path: string;
  readonly isNamespaced: boolean;
  readonly errors: Errors;
}

function validateRule(rule: Rule, { path, isNamespaced, errors }: RulePlace): void {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs: urls = [] } = rule;
  if ((rule.verbs ?? []).length === 0) errors.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (urls.length > 0) {
    const at = `${path}.nonResourceURLs`;
    if (isNamespaced) errors.push(invalid(at, urls, "namespaced rules cannot apply to non-resource URLs"));
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      errors.push(invalid(at, urls, "rules cannot apply to both regular resources and non-resource URLs"));
    }
    return;
  }
  if (apiGroups.length === 0)
    errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (resources.length === 0)
    errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
}

function defaultBinding(binding: Binding): Binding {
  return withParts(binding, {
    roleRef: (ref) => withDefaults(ref, { apiGroup: GROUP }),
    subjects: (list) =>
      mapShared(list, (subject) => {
        return subject.kind === "User" || subject.kind === "Group"
          ? withDefaults(subject, { apiGroup: GROUP })
          : subject;
      }),
  });
}

function validateBinding(binding: Binding, isNamespaced: boolean): readonly FieldError[] {
  const errors: Errors = [];
  const { apiGroup = "", kind = "", name = "" } = binding.roleRef ?? {};
  if (apiGroup !== GROUP) errors.push(notSupported("roleRef.apiGroup", apiGroup, [GROUP]));
  const kinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(kind)) errors.push(notSupported("roleRef.kind", kind, kinds));
  if (name === "") errors.push(required("roleRef.name"));
  else sayInvalid(pathSegmentProblems(name), name, "roleRef.name", errors);
  for (const [index, subject] of (binding.subjects ?? []).entries()) {
    validateSubject(subject, { path: `subjects[${index}]`, isNamespaced, errors });
  }
  return errors;
}

function validateSubject(
  { name = "", kind = "", apiGroup = "", namespace = "" }: Subject,
  { path, isNamespaced, errors }: RulePlace,
): void {
  if (name === "") errors.push(required(`${path}.name`));
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") sayInvalid(dnsSubdomainProblems(name), name, `${path}.name`, errors);
      if (apiGroup !== "") errors.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!isNamespaced && namespace === "") errors.push(required(`${path}.namespace`));
      return;
    case "User":
    case "Group":
      if (apiGroup !== GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [GROUP]));
      return;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"]));
  }
}

function bindingCells(binding: Binding, now: number): readonly Cell[] {
  const { roleRef = {}, subjects = [] } = binding;
  const of = (kind: string): string =>
    subjects
      .filter((one) => one.kind === kind)
      .map(({ name = "" }) => name)
      .join(", ");
  const accounts = subjects
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ namespace, name = "" }) => (isSet(namespace) ? `${namespace}/${name}` : `/${name}`));
  return [
    nameOf(binding),
    `${roleRef.kind ?? ""}/${roleRef.name ?? ""}`,
    age(binding, now),
    of("User"),
    of("Group"),
    accounts.join(", "),
  ];
}
