// After kubernetes v1.36 pkg/registry/admissionregistration/*admissionpolicy*/strategy.go, pkg/apis/admissionregistration/{v1/defaults,validation/validation}.go; not modelled: the compilation of CEL (the admission room does it).
import type * as api from "../../../api/generated/types.ts";
import { compileProblem } from "../../cel.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { type Errors, isSet } from "../rules.ts";
import { mapShared, withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { validateRule } from "./webhooks.ts";

const GROUP = "admissionregistration.k8s.io";

type Policy = DecodedObject<api.ValidatingAdmissionPolicy>;
type Binding = DecodedObject<api.ValidatingAdmissionPolicyBinding>;
type MutatingPolicy = DecodedObject<api.MutatingAdmissionPolicy>;
type MutatingBinding = DecodedObject<api.MutatingAdmissionPolicyBinding>;
type Match = Decoded<api.MatchResources>;

export const validatingPolicies: Strategy<Policy> = kindStrategy<Policy>({
  place: [GROUP, "v1", "validatingadmissionpolicies"],
  generationOf: ["spec"],
  defaults: (policy) =>
    withParts(policy, {
      spec: (spec) => withParts(withDefaults(spec, { failurePolicy: "Fail" }), { matchConstraints: defaultMatch }),
    }),
  validate: validatePolicy,
  cells: (policy, now) => [
    nameOf(policy),
    (policy.spec?.validations ?? []).length,
    kindCell(policy.spec?.paramKind),
    age(policy, now),
  ],
});

export const validatingPolicyBindings: Strategy<Binding> = kindStrategy<Binding>({
  place: [GROUP, "v1", "validatingadmissionpolicybindings"],
  generationOf: ["spec"],
  defaults: (binding) => withParts(binding, { spec: (spec) => withParts(spec, { matchResources: defaultMatch }) }),
  validate: (binding) => {
    const errors: Errors = [];
    const { policyName, validationActions = [], matchResources } = binding.spec ?? {};
    if (!isSet(policyName)) errors.push(required("spec.policyName"));
    validateActions(validationActions ?? [], errors);
    if (matchResources !== undefined) validateMatch(matchResources, "spec.matchResouces", errors);
    return errors;
  },
  cells: (binding, now) => [
    nameOf(binding),
    binding.spec?.policyName ?? "",
    refCell(binding.spec?.paramRef),
    age(binding, now),
  ],
});

export const mutatingPolicies: Strategy<MutatingPolicy> = kindStrategy<MutatingPolicy>({
  place: [GROUP, "v1", "mutatingadmissionpolicies"],
  generationOf: ["spec"],
  defaults: (policy) =>
    withParts(policy, {
      spec: (spec) => withParts(withDefaults(spec, { failurePolicy: "Fail" }), { matchConstraints: defaultMatch }),
    }),
  validate: (policy) => {
    const errors: Errors = [];
    const { matchConstraints, mutations = [] } = policy.spec ?? {};
    if (matchConstraints === undefined) errors.push(required("spec.matchConstraints"));
    else validateConstraints(matchConstraints, errors);
    if (mutations.length === 0) errors.push(required("spec.mutations", "mutations must contain at least one item"));
    return errors;
  },
  cells: (policy, now) => [
    nameOf(policy),
    (policy.spec?.mutations ?? []).length,
    kindCell(policy.spec?.paramKind),
    age(policy, now),
  ],
});

export const mutatingPolicyBindings: Strategy<MutatingBinding> = kindStrategy<MutatingBinding>({
  place: [GROUP, "v1", "mutatingadmissionpolicybindings"],
  generationOf: ["spec"],
  defaults: (binding) => withParts(binding, { spec: (spec) => withParts(spec, { matchResources: defaultMatch }) }),
  validate: (binding) => (isSet(binding.spec?.policyName) ? [] : [required("spec.policyName")]),
  cells: (binding, now) => [
    nameOf(binding),
    binding.spec?.policyName ?? "",
    refCell(binding.spec?.paramRef),
    age(binding, now),
  ],
});

function defaultMatch(match: Match): Match {
  const filled = withDefaults(match, { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} });
  return withParts(filled, {
    resourceRules: (list) => mapShared(list, (rule) => withDefaults(rule, { scope: "*" })),
    excludeResourceRules: (list) => mapShared(list, (rule) => withDefaults(rule, { scope: "*" })),
  });
}

type Validations = NonNullable<NonNullable<Policy["spec"]>["validations"]>;

function validatePolicy({ spec = {} }: Policy): readonly FieldError[] {
  const errors: Errors = [];
  const { failurePolicy, matchConstraints, validations = [], auditAnnotations = [] } = spec;
  if (failurePolicy === undefined) errors.push(required("spec.failurePolicy"));
  else if (failurePolicy !== "Fail" && failurePolicy !== "Ignore") {
    errors.push(notSupported("spec.failurePolicy", failurePolicy, ["Fail", "Ignore"]));
  }
  if (spec.paramKind !== undefined) {
    if (!isSet(spec.paramKind.apiVersion)) errors.push(required("spec.paramKind.apiVersion"));
    if (!isSet(spec.paramKind.kind)) errors.push(required("spec.paramKind.kind"));
  }
  if (matchConstraints === undefined) errors.push(required("spec.matchConstraints"));
  else validateConstraints(matchConstraints, errors);
  validateExpressions(validations, auditAnnotations.length, errors);
  return errors;
}

function validateExpressions(validations: Validations, auditAnnotations: number, errors: Errors): void {
  if (validations.length === 0 && auditAnnotations === 0) {
    errors.push(required("spec.validations", "validations or auditAnnotations must contain at least one item"));
    errors.push(required("spec.auditAnnotations", "validations or auditAnnotations must contain at least one item"));
  }
  for (const [index, { expression = "", reason }] of validations.entries()) {
    const path = `spec.validations[${index}]`;
    if (expression.trim() === "") errors.push(required(`${path}.expression`, "expression is not specified"));
    else validateCompiles(expression, `${path}.expression`, errors);
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, reasons));
  }
}

/** The compiler's own sentence differs from upstream's. */
function validateCompiles(expression: string, path: string, errors: Errors): void {
  const problem = compileProblem(expression);
  if (problem !== undefined) errors.push(invalid(path, expression, `compilation failed: ${problem}`));
}

/** Printed sorted. Source: supportedValidationPolicyReason. */
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];

function validateConstraints(match: Match, errors: Errors): void {
  validateMatch(match, "spec.matchConstraints", errors);
  if ((match.resourceRules ?? []).length === 0) errors.push(required("spec.matchConstraints.resourceRules"));
}

function validateMatch(match: Match, path: string, errors: Errors): void {
  const { matchPolicy } = match;
  if (matchPolicy !== undefined && matchPolicy !== "Equivalent" && matchPolicy !== "Exact") {
    errors.push(notSupported(`${path}.matchPolicy`, matchPolicy, ["Equivalent", "Exact"]));
  }
  validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`, errors);
  validateLabelSelector(match.objectSelector, `${path}.labelSelector`, errors);
  for (const [index, rule] of (match.resourceRules ?? []).entries())
    validateRule(rule, `${path}.resourceRules[${index}]`, errors);
  for (const [index, rule] of (match.excludeResourceRules ?? []).entries()) {
    validateRule(rule, `${path}.excludeResourceRules[${index}]`, errors);
  }
}

function validateActions(actions: readonly string[], errors: Errors): void {
  const path = "spec.validationActions";
  const known = ["Audit", "Deny", "Warn"];
  if (actions.length === 0) errors.push(required(path, "at least one validation action is required"));
  for (const [index, action] of actions.entries()) {
    if (!known.includes(action)) errors.push(notSupported(`${path}[${index}]`, action, known));
    if (actions.indexOf(action) < index)
      errors.push({ type: "FieldValueDuplicate", field: `${path}[${index}]`, badValue: action, detail: "" });
  }
  if (actions.includes("Deny") && actions.includes("Warn")) {
    errors.push(
      invalid(
        path,
        actions,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  }
}

function kindCell(kind: Decoded<api.ParamKind> | undefined): string {
  return kind === undefined ? "<unset>" : `${kind.apiVersion ?? ""}/${kind.kind ?? ""}`;
}

function refCell(ref: Decoded<api.ParamRef> | undefined): string {
  if (ref === undefined) return "<unset>";
  if (!isSet(ref.name)) return "*";
  return isSet(ref.namespace) ? `${ref.namespace}/${ref.name}` : `*/${ref.name}`;
}
