// After kubernetes v1.36 pkg/apis/batch/validation/validation.go validateJobSpec, validatePodFailurePolicy.
import type * as api from "../../../api/generated/types.ts";
import { labelKeyProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, invalid, notSupported, omitted, required, tooLong, tooMany } from "../field-error.ts";
import { type Errors, nonNegative, sayInvalid } from "../rules.ts";
import { countIndexes, validateDomainPath } from "./indexes.ts";
import { validateTemplate } from "../template.ts";

export type JobSpec = Decoded<api.JobSpec>;

const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
] as const;

/** The rules that a job and a cron job's template share. */
export function validateJobBody(spec: JobSpec, path: string, errors: Errors): void {
  for (const key of counts) nonNegative(spec[key], `${path}.${key}`, errors);
  validateFailedIndexes(spec, path, errors);
  validateMode(spec, path, errors);
  if (spec.podFailurePolicy !== undefined) validateFailurePolicy(spec, `${path}.podFailurePolicy`, errors);
  if (spec.managedBy !== undefined) validateDomainPath(spec.managedBy, `${path}.managedBy`, errors);
  if (spec.successPolicy !== undefined) validateSuccessPolicy(spec, `${path}.successPolicy`, errors);
  validateReplacement(spec, `${path}.podReplacementPolicy`, errors);
  validateTemplate(spec.template ?? {}, `${path}.template`, errors);
  validateRestart(spec, `${path}.template.spec.restartPolicy`, errors);
}

function validateFailedIndexes(spec: JobSpec, path: string, errors: Errors): void {
  if (spec.maxFailedIndexes === undefined) return;
  nonNegative(spec.maxFailedIndexes, `${path}.maxFailedIndexes`, errors);
  if (spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  }
}

/** Source: maxParallelismForIndexedJob. */
const INDEXED_PARALLELISM_MAX = 100_000;

function validateMode(spec: JobSpec, path: string, errors: Errors): void {
  const { completionMode: mode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed") {
    errors.push(notSupported(`${path}.completionMode`, mode, ["NonIndexed", "Indexed"]));
  }
  if (mode === "Indexed") {
    if (completions === undefined) errors.push(required(`${path}.completions`, "when completion mode is Indexed"));
    if (parallelism !== undefined && parallelism > INDEXED_PARALLELISM_MAX) {
      const detail = `must be less than or equal to ${INDEXED_PARALLELISM_MAX} when completion mode is Indexed`;
      errors.push(invalid(`${path}.parallelism`, parallelism, detail));
    }
    if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions) {
      errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, "must be less than or equal to completions"));
    }
  } else if (mode === undefined || mode === "NonIndexed") {
    const detail = "requires indexed completion mode";
    if (backoffLimitPerIndex !== undefined)
      errors.push(invalid(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, detail));
    if (maxFailedIndexes !== undefined) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, detail));
  }
}

function validateRestart(spec: JobSpec, path: string, errors: Errors): void {
  const policy = spec.template?.spec?.restartPolicy ?? "";
  if (policy === "Always") errors.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (policy !== "OnFailure" && policy !== "Never")
    errors.push(notSupported(path, policy, ["OnFailure", "Never"]));
  else if (spec.podFailurePolicy !== undefined && policy !== "Never") {
    errors.push(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

function validateReplacement(spec: JobSpec, path: string, errors: Errors): void {
  const policy = spec.podReplacementPolicy;
  if (policy === undefined) return;
  const isFailure = spec.podFailurePolicy !== undefined;
  const words = isFailure ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (!words.includes(policy)) errors.push(notSupported(path, policy, words));
}

/** Source: maxJobSuccessPolicySucceededIndexesLimit. */
const INDEXES_LENGTH_MAX = 65_536;
/** Source: maxPodFailurePolicyRules and its neighbours. */
const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;

function validateFailurePolicy(spec: JobSpec, path: string, errors: Errors): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > RULES_MAX) errors.push(tooMany(`${path}.rules`, rules.length, RULES_MAX));
  for (const [index, rule] of rules.entries()) validateFailureRule(rule, spec, `${path}.rules[${index}]`, errors);
}

type FailureRule = Decoded<api.PodFailurePolicyRule>;

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];

function validateFailureRule(rule: FailureRule, spec: JobSpec, path: string, errors: Errors): void {
  const { action = "", onExitCodes, onPodConditions = [] } = rule;
  if (action === "") errors.push(required(`${path}.action`, 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'));
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  else if (action === "FailIndex" && spec.backoffLimitPerIndex === undefined) {
    errors.push(invalid(`${path}.action`, action, "requires the backoffLimitPerIndex to be set"));
  }
  if (onExitCodes !== undefined) {
    if (onPodConditions.length > 0) {
      errors.push(invalid(path, omitted, "specifying both OnExitCodes and OnPodConditions is not supported"));
    }
    validateExitCodes(onExitCodes, spec, `${path}.onExitCodes`, errors);
  } else if (onPodConditions.length === 0) {
    errors.push(invalid(path, omitted, "specifying one of OnExitCodes and OnPodConditions is required"));
  }
  for (const [index, { type = "", status = "" }] of onPodConditions.entries()) {
    const at = `${path}.onPodConditions[${index}]`;
    sayInvalid(labelKeyProblems(type), type, `${at}.type`, errors);
    if (status === "") errors.push(required(`${at}.status`, 'valid values: ["False" "True" "Unknown"]'));
    else if (!["False", "True", "Unknown"].includes(status))
      errors.push(notSupported(`${at}.status`, status, ["False", "True", "Unknown"]));
  }
}

function validateExitCodes(
  requirement: NonNullable<FailureRule["onExitCodes"]>,
  spec: JobSpec,
  path: string,
  errors: Errors,
): void {
  const { containerName, operator = "" } = requirement;
  const values = requirement.values ?? [];
  const containers = [...(spec.template?.spec?.containers ?? []), ...(spec.template?.spec?.initContainers ?? [])];
  if (containerName !== undefined && !containers.some(({ name }) => name === containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.push(invalid(`${path}.containerName`, containerName, detail));
  }
  if (operator === "") errors.push(required(`${path}.operator`, 'valid values: ["In" "NotIn"]'));
  else if (operator !== "In" && operator !== "NotIn")
    errors.push(notSupported(`${path}.operator`, operator, ["In", "NotIn"]));
  validateCodes(values, operator, `${path}.values`, errors);
}

function validateCodes(values: readonly number[], operator: string, path: string, errors: Errors): void {
  if (values.length === 0) errors.push(invalid(path, values, "at least one value is required"));
  else if (values.length > EXIT_CODES_MAX) errors.push(tooMany(path, values.length, EXIT_CODES_MAX));
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}[${index}]`, value));
    if (operator === "In" && value === 0)
      errors.push(invalid(`${path}[${index}]`, value, "must not be 0 for the In operator"));
  }
  const isOrdered = values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
  if (!isOrdered) errors.push(invalid(path, values, "must be ordered"));
}

/** How many indexes the text names; none when it is wrong. */
function validateIndexes(text: string, spec: JobSpec, path: string, errors: Errors): number {
  if (text.length > INDEXES_LENGTH_MAX) errors.push(tooLong(path, INDEXES_LENGTH_MAX));
  const counted = countIndexes(text, spec.completions ?? 0);
  if (typeof counted === "number") return counted;
  errors.push(invalid(path, text, `error parsing succeededIndexes: ${counted}`));
  return 0;
}

function validateSuccessPolicy(spec: JobSpec, path: string, errors: Errors): void {
  if (spec.completionMode !== "Indexed")
    return void errors.push(invalid(path, omitted, "requires indexed completion mode"));
  const rules = spec.successPolicy?.rules ?? [];
  if (rules.length === 0)
    errors.push(required(`${path}.rules`, "at least one rules must be specified when the successPolicy is specified"));
  if (rules.length > RULES_MAX) errors.push(tooMany(`${path}.rules`, rules.length, RULES_MAX));
  for (const [index, { succeededCount, succeededIndexes }] of rules.entries()) {
    const at = `${path}.rules[${index}]`;
    if (succeededCount === undefined && succeededIndexes === undefined) {
      errors.push(required(at, "at least one of succeededCount or succeededIndexes must be specified"));
    }
    const total =
      succeededIndexes === undefined
        ? undefined
        : validateIndexes(succeededIndexes, spec, `${at}.succeededIndexes`, errors);
    if (succeededCount === undefined) continue;
    nonNegative(succeededCount, `${at}.succeededCount`, errors);
    if (spec.completions !== undefined && succeededCount > spec.completions) {
      const detail = `must be less than or equal to ${spec.completions} (the number of specified completions)`;
      errors.push(invalid(`${at}.succeededCount`, succeededCount, detail));
    }
    if (total !== undefined && succeededCount > total) {
      const detail = `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`;
      errors.push(invalid(`${at}.succeededCount`, succeededCount, detail));
    }
  }
}
