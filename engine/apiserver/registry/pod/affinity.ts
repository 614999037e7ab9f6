// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateAffinity, validateTopologySpreadConstraints, ValidateTolerations.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelValueProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { type LabelSelector, validateLabelSelector } from "../label-selector.ts";
import { validateLabelName } from "../metadata.ts";
import { type Errors, sayInvalid } from "../rules.ts";

type Requirement = Decoded<api.NodeSelectorRequirement>;
type AffinityTerm = Decoded<api.PodAffinityTerm>;

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(affinity: Decoded<api.Affinity>, path: string, errors: Errors): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity !== undefined) validateNodeAffinity(nodeAffinity, `${path}.nodeAffinity`, errors);
  if (podAffinity !== undefined) validatePodAffinity(podAffinity, `${path}.podAffinity`, errors);
  if (podAntiAffinity !== undefined) validatePodAffinity(podAntiAffinity, `${path}.podAntiAffinity`, errors);
}

function validateNodeAffinity(affinity: Decoded<api.NodeAffinity>, path: string, errors: Errors): void {
  const needs = affinity[REQUIRED];
  if (needs !== undefined) validateNodeSelector(needs, `${path}.${REQUIRED}`, errors);
  for (const [index, term] of (affinity[PREFERRED] ?? []).entries()) {
    const at = `${path}.${PREFERRED}[${index}]`;
    validateWeight(term.weight, at, errors);
    validateTerm(term.preference ?? {}, `${at}.preference`, { errors, checksValues: false });
  }
}

function validateWeight(weight = 0, path: string, errors: Errors): void {
  if (weight <= 0 || weight > 100) errors.push(invalid(`${path}.weight`, weight, "must be in the range 1-100"));
}

export function validateNodeSelector(selector: Decoded<api.NodeSelector>, path: string, errors: Errors): void {
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    return void errors.push(required(`${path}.nodeSelectorTerms`, "must have at least one node selector term"));
  }
  for (const [index, term] of terms.entries()) {
    validateTerm(term, `${path}.nodeSelectorTerms[${index}]`, { errors, checksValues: true });
  }
}

interface TermRules {
  readonly errors: Errors;
  readonly checksValues: boolean;
}

function validateTerm(term: Decoded<api.NodeSelectorTerm>, path: string, rules: TermRules): void {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries()) {
    validateExpression(requirement, `${path}.matchExpressions[${index}]`, rules);
  }
  for (const [index, requirement] of (term.matchFields ?? []).entries()) {
    validateFieldRequirement(requirement, `${path}.matchFields[${index}]`, rules.errors);
  }
}

function validateExpression(requirement: Requirement, path: string, { errors, checksValues }: TermRules): void {
  const { operator = "", values = [], key = "" } = requirement;
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  validateLabelName(key, `${path}.key`, errors);
  if (!checksValues) return;
  for (const [index, value] of values.entries())
    sayInvalid(labelValueProblems(value), value, `${path}.values[${index}]`, errors);
}

function validateFieldRequirement(
  { operator = "", values = [], key = "" }: Requirement,
  path: string,
  errors: Errors,
): void {
  if (operator !== "In" && operator !== "NotIn")
    errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  else if (values.length !== 1) {
    errors.push(
      required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  }
  if (key !== "metadata.name") return void errors.push(invalid(`${path}.key`, key, "not a valid field selector key"));
  for (const [index, value] of values.entries())
    sayInvalid(dnsSubdomainProblems(value), value, `${path}.values[${index}]`, errors);
}

function validatePodAffinity(affinity: Decoded<api.PodAffinity>, path: string, errors: Errors): void {
  for (const [index, term] of (affinity[REQUIRED] ?? []).entries()) {
    validateAffinityTerm(term, `${path}.${REQUIRED}[${index}]`, errors);
  }
  for (const [index, { weight, podAffinityTerm = {} }] of (affinity[PREFERRED] ?? []).entries()) {
    const at = `${path}.${PREFERRED}[${index}]`;
    validateWeight(weight, at, errors);
    validateAffinityTerm(podAffinityTerm, `${at}.podAffinityTerm`, errors);
  }
}

function validateAffinityTerm(term: AffinityTerm, path: string, errors: Errors): void {
  validateLabelSelector(term.labelSelector, `${path}.labelSelector`, errors);
  validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`, errors);
  for (const name of term.namespaces ?? []) sayInvalid(dnsLabelProblems(name), name, `${path}.namespace`, errors);
  validateLabelKeys(term, path, errors);
  const key = term.topologyKey ?? "";
  if (key === "") errors.push(required(`${path}.topologyKey`, "can not be empty"));
  validateLabelName(key, `${path}.topologyKey`, errors);
}

/** Keys whose values a pod brings itself. */
function validateLabelKeys(term: AffinityTerm, path: string, errors: Errors): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  for (const list of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = term[list] ?? [];
    if (keys.length > 0 && labelSelector === undefined) {
      errors.push(forbidden(`${path}.${list}`, "must not be specified when labelSelector is not set"));
    } else for (const [index, key] of keys.entries()) validateLabelName(key, `${path}.${list}[${index}]`, errors);
  }
  validateOverlap(matchLabelKeys, labelSelector, path, errors);
  for (const [index, key] of matchLabelKeys.entries()) {
    if (!mismatchLabelKeys.includes(key)) continue;
    errors.push(
      invalid(`${path}.matchLabelKeys[${index}]`, key, "exists in both matchLabelKeys and mismatchLabelKeys"),
    );
  }
}

function validateOverlap(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
  errors: Errors,
): void {
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key = "" } of selector?.matchExpressions ?? []) {
    const index = keys.indexOf(key);
    if (index >= 0 && seen.has(key))
      errors.push(invalid(`${path}[${index}]`, key, "exists in both matchLabelKeys and labelSelector"));
    seen.add(key);
  }
}

export function validateTolerations(
  tolerations: readonly Decoded<api.Toleration>[],
  path: string,
  errors: Errors,
): void {
  for (const [index, toleration] of tolerations.entries()) validateToleration(toleration, `${path}[${index}]`, errors);
}

function validateToleration(toleration: Decoded<api.Toleration>, path: string, errors: Errors): void {
  const { key = "", operator = "", value = "", effect = "" } = toleration;
  if (key !== "") validateLabelName(key, `${path}.key`, errors);
  else if (operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(`${path}.operator`, operator, detail));
  }
  if (toleration.tolerationSeconds !== undefined && effect !== "NoExecute") {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === "Exists") {
    if (value !== "")
      errors.push(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === "Equal" || operator === "") {
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(`${path}.operator`, value, problems.join(";")));
  } else errors.push(notSupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  if (effect !== "") validateTaintEffect(effect, `${path}.effect`, errors);
}

export function validateTaintEffect(effect: string, path: string, errors: Errors): void {
  const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
  if (effect === "") errors.push(required(path));
  else if (!effects.includes(effect)) errors.push(notSupported(path, effect, effects));
}

type Constraint = Decoded<api.TopologySpreadConstraint>;

export function validateSpread(constraints: readonly Constraint[], path: string, errors: Errors): void {
  for (const [index, constraint] of constraints.entries()) {
    validateConstraint(constraint, `${path}[${index}]`, { errors, rest: constraints.slice(index + 1) });
  }
}

interface Others {
  readonly errors: Errors;
  readonly rest: readonly Constraint[];
}

function validateConstraint(constraint: Constraint, path: string, { errors, rest }: Others): void {
  const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", minDomains } = constraint;
  const actions = ["DoNotSchedule", "ScheduleAnyway"];
  if (maxSkew <= 0) errors.push(invalid(`${path}.maxSkew`, maxSkew, "must be greater than zero"));
  if (topologyKey === "") errors.push(required(`${path}.topologyKey`, "can not be empty"));
  if (!actions.includes(whenUnsatisfiable))
    errors.push(notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, actions));
  if (
    rest.some(
      (other) => (other.topologyKey ?? "") === topologyKey && (other.whenUnsatisfiable ?? "") === whenUnsatisfiable,
    )
  ) {
    errors.push(duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
  }
  if (minDomains !== undefined) validateMinDomains(minDomains, whenUnsatisfiable, `${path}.minDomains`, errors);
  validatePolicies(constraint, path, errors);
  validateSpreadKeys(constraint, `${path}.matchLabelKeys`, errors);
  validateLabelSelector(constraint.labelSelector, `${path}.labelSelector`, errors);
}

function validateMinDomains(minDomains: number, action: string, path: string, errors: Errors): void {
  if (minDomains <= 0) errors.push(invalid(path, minDomains, "must be greater than zero"));
  if (action === "DoNotSchedule") return;
  errors.push(invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`));
}

function validatePolicies(constraint: Constraint, path: string, errors: Errors): void {
  for (const key of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
    const policy = constraint[key];
    if (policy === undefined || policy === "Honor" || policy === "Ignore") continue;
    errors.push(notSupported(`${path}.${key}`, policy, ["Honor", "Ignore"]));
  }
}

function validateSpreadKeys({ matchLabelKeys = [], labelSelector }: Constraint, path: string, errors: Errors): void {
  if (matchLabelKeys.length === 0) return;
  if (labelSelector === undefined) errors.push(forbidden(path, "must not be specified when labelSelector is not set"));
  const known = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key ?? ""),
  ]);
  for (const [index, key] of matchLabelKeys.entries()) {
    validateLabelName(key, `${path}[${index}]`, errors);
    if (known.has(key))
      errors.push(invalid(`${path}[${index}]`, key, "exists in both matchLabelKeys and labelSelector"));
  }
}
