// After kubernetes v1.36 pkg/registry/core/resourcequota/strategy.go, pkg/apis/core/validation ValidateResourceQuota.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { isStandardQuota, validateQuotaResourceName, validateResourceValue } from "../resource-names.ts";
import type { Errors } from "../rules.ts";
import { withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type Quota = DecodedObject<api.ResourceQuota>;
type Spec = Decoded<api.ResourceQuotaSpec>;
type Amounts = Readonly<Record<string, string>> | undefined;

export const resourceQuotas: Strategy<Quota> = kindStrategy<Quota>({
  place: ["", "v1", "resourcequotas"],
  defaults: (quota) =>
    withParts(quota, {
      spec: (spec) => withParts(spec, { hard: roundAmounts }),
      status: (status) => withParts(status, { hard: roundAmounts, used: roundAmounts }),
    }),
  validate: (quota) => validateSpec(quota.spec ?? {}),
  validateUpdate: (quota, old) => {
    if (quota.spec === old.spec) return [];
    const errors = [...validateSpec(quota.spec ?? {})];
    const scopes = quota.spec?.scopes ?? [];
    const isSame = scopes.toSorted().join() === (old.spec?.scopes ?? []).toSorted().join();
    if (!isSame) errors.push(invalid("spec.scopes", scopes, "field is immutable"));
    return errors;
  },
  validateStatus: (quota) => {
    const errors: Errors = [];
    validateAmounts(quota.status?.hard, "status.hard", errors);
    validateAmounts(quota.status?.used, "status.used", errors);
    return errors;
  },
  cells: (quota, now) => {
    const [requests, limits] = amountCells(quota);
    return [nameOf(quota), requests, limits, age(quota, now)];
  },
});

function validateAmounts(amounts: Amounts, path: string, errors: Errors): void {
  for (const name in amounts) {
    const at = `${path}[${name}]`;
    validateQuotaResourceName(name, at, errors);
    validateResourceValue(name, amounts[name] ?? "0", at, errors);
  }
}

function validateSpec(spec: Spec): readonly FieldError[] {
  const errors: Errors = [];
  validateAmounts(spec.hard, "spec.hard", errors);
  validateScopes(spec, errors);
  if (spec.scopeSelector !== undefined) validateScopeSelector(spec, errors);
  return errors;
}

/** Source: IsStandardResourceQuotaScope. */
const scopes: ReadonlySet<string> = new Set([
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
  "VolumeAttributesClass",
]);

/** Which resources a scope can count. Source: IsResourceQuotaScopeValidForResource. */
function isCountable(scope: string, name: string): boolean {
  switch (scope) {
    case "BestEffort":
      return name === "pods";
    case "VolumeAttributesClass":
      return name === "persistentvolumeclaims" || name === "requests.storage";
    case "Terminating":
    case "NotTerminating":
    case "NotBestEffort":
    case "PriorityClass":
    case "CrossNamespacePodAffinity":
      return podResources.has(name);
    default:
      return true;
  }
}

const podResources: ReadonlySet<string> = new Set(
  "cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods".split(
    " ",
  ),
);

const opposites: readonly (readonly [string, string])[] = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

function validateScopes(spec: Spec, errors: Errors): void {
  const list = spec.scopes ?? [];
  const names = Object.keys(spec.hard ?? {}).toSorted();
  for (const scope of list) {
    if (!scopes.has(scope)) errors.push(invalid("spec.scopes", list, "unsupported scope"));
    for (const name of names) {
      if (isStandardQuota(name) && !isCountable(scope, name)) {
        errors.push(invalid("spec.scopes", list, "unsupported scope applied to resource"));
      }
    }
  }
  for (const [one, other] of opposites) {
    if (list.includes(one) && list.includes(other)) errors.push(invalid("spec.scopes", list, "conflicting scopes"));
  }
}

const existing: ReadonlySet<string> = new Set([
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
]);

function validateScopeSelector(spec: Spec, errors: Errors): void {
  const path = "spec.scopeSelector.matchExpressions";
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName = "", operator = "" } = requirement;
    if (!scopes.has(scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, "unsupported scope"));
    for (const name of Object.keys(spec.hard ?? {}).toSorted()) {
      if (!isStandardQuota(name) || isCountable(scopeName, name)) continue;
      errors.push(
        invalid(path, goStruct("ScopeSelector", spec.scopeSelector), "unsupported scope applied to resource"),
      );
    }
    if (existing.has(scopeName) && operator !== "Exists") {
      const list =
        "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      errors.push(invalid(`${path}.operator`, operator, `must be 'Exists' when scope is any of ${list}`));
    }
    validateOperator(requirement, path, errors);
  }
}

function validateOperator(
  { operator = "", values = [] }: Decoded<api.ScopedResourceSelectorRequirement>,
  path: string,
  errors: Errors,
): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length > 0) return;
    errors.push(
      required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
    );
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length === 0) return;
    errors.push(
      invalid(
        `${path}.values`,
        values,
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      ),
    );
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
}

/** `pods: 1/4, requests.cpu: 0/1` and the same for limits. */
function amountCells(quota: Quota): readonly [string, string] {
  const hard = quota.status?.hard ?? {};
  const text = (name: string): string => `${name}: ${quota.status?.used?.[name] ?? "0"}/${hard[name] ?? "0"}`;
  const names = Object.keys(hard).toSorted();
  const limits = names.filter((name) => name.startsWith("limits"));
  const requests = names.filter((name) => !name.startsWith("limits"));
  return [requests.map(text).join(", "), limits.map(text).join(", ")];
}
