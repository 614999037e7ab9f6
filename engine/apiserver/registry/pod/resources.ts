// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateResourceRequirements, validatePodResources.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems } from "../../../api/names.ts";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type Quantity,
  quantityOf,
  wholeValue,
  ZERO_QUANTITY,
} from "../../../api/quantity.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, forbidden, invalid, notSupported, required } from "../field-error.ts";
import {
  isHugePages,
  isOvercommitAllowed,
  validateContainerResourceName,
  validateResourceName,
  validateResourceValue,
} from "../resource-names.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { PodSpec, Scope } from "./scope.ts";

export type Requirements = Decoded<api.ResourceRequirements>;
type Amounts = Readonly<Record<string, string>>;
type CheckName = (name: string, path: string, errors: Errors) => void;

const NONE: Amounts = {};

/** The resources of a container or, with another rule for names, of a pod or claim. */
export function validateRequirements(
  resources: Requirements,
  path: string,
  scope: Pick<Scope, "errors" | "claims">,
  checkName: CheckName = validateContainerResourceName,
): void {
  const { errors } = scope;
  const { limits = NONE, requests = NONE } = resources;
  for (const name in limits)
    validateAmount(name, limits[name] ?? "0", { path: `${path}.limits[${name}]`, errors, checkName });
  for (const name in requests) {
    const value = requests[name] ?? "0";
    validateAmount(name, value, { path: `${path}.requests[${name}]`, errors, checkName });
    validateAgainstLimit(name, value, { limit: limits[name], path, errors });
  }
  if (needsCompute(limits, requests)) errors.push(forbidden(path, "HugePages require cpu or memory"));
  if (resources.claims !== undefined) validateClaims(resources.claims, `${path}.claims`, scope);
}

interface Amount {
  readonly path: string;
  readonly errors: Errors;
  readonly checkName: CheckName;
}

function validateAmount(name: string, value: string, { path, errors, checkName }: Amount): void {
  checkName(name, path, errors);
  validateResourceValue(name, value, path, errors);
  if (!isHugePages(name)) return;
  const page = wholeValue(name.slice("hugepages-".length));
  if (page > 0 && wholeValue(value) % page === 0) return;
  errors.push(invalid(path, value, `${value} is not positive integer multiple of ${name}`));
}

interface Limit {
  readonly limit: string | undefined;
  readonly path: string;
  readonly errors: Errors;
}

function validateAgainstLimit(name: string, value: string, { limit, path, errors }: Limit): void {
  if (limit === undefined) {
    if (isOvercommitAllowed(name)) return;
    return void errors.push(required(`${path}.limits`, "Limit must be set for non overcommitable resources"));
  }
  if (limit === value) return;
  const order = compareQuantities(quantityOf(value), quantityOf(limit));
  if (order !== 0 && !isOvercommitAllowed(name)) {
    errors.push(invalid(`${path}.requests`, value, `must be equal to ${name} limit of ${limit}`));
  } else if (order > 0) {
    errors.push(invalid(`${path}.requests`, value, `must be less than or equal to ${name} limit of ${limit}`));
  }
}

function needsCompute(limits: Amounts, requests: Amounts): boolean {
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  return names.some(isHugePages) && !names.some((name) => name === "cpu" || name === "memory");
}

function validateClaims(
  claims: readonly Decoded<api.ContainerResourceClaim>[],
  path: string,
  scope: Pick<Scope, "errors" | "claims">,
): void {
  const { errors } = scope;
  const seen = new Set<string>();
  for (const [index, { name = "", request }] of claims.entries()) {
    const at = `${path}[${index}]`;
    if (name === "") {
      errors.push(required(at));
      continue;
    }
    const key = isSet(request) ? `${name}/${request}` : name;
    if (isSet(request)) sayInvalid(dnsLabelProblems(request), request, `${at}.request`, errors);
    if (seen.has(name) || seen.has(key)) errors.push(duplicate(at, seen.has(name) ? name : key));
    seen.add(key);
    if (!scope.claims.has(name)) errors.push({ ...missingClaim(at, name), detail: claimDetail(scope.claims) });
  }
}

function missingClaim(
  path: string,
  name: string,
): { readonly type: "FieldValueNotFound"; readonly field: string; readonly badValue: string } {
  return { type: "FieldValueNotFound", field: path, badValue: name };
}

function claimDetail(claims: ReadonlySet<string>): string {
  const head = "must be one of the names in pod.spec.resourceClaims";
  return claims.size === 0 ? `${head} which is empty` : `${head}: ${[...claims].toSorted().join(", ")}`;
}

/** Resources of the pod as a whole: PodLevelResources. */
export function validatePodResources(resources: Requirements, scope: Scope): void {
  const { errors, spec } = scope;
  const path = `${scope.path}.resources`;
  if (resources.claims !== undefined)
    errors.push(forbidden(`${path}.claims`, "claims cannot be set for Resources at pod-level"));
  validateRequirements(resources, path, scope, validatePodResourceName);
  for (const [name, amount] of sumOfRequests(spec)) {
    const whole = resources.requests?.[name] ?? "0";
    if (compareQuantities(amount, quantityOf(whole)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(amount)}`;
    errors.push(invalid(`${path}.requests[${name}]`, whole, detail));
  }
  validateContainerLimits(resources, scope);
}

/** Source: component-helpers/resource SupportedPodLevelResources. */
function validatePodResourceName(name: string, path: string, errors: Errors): void {
  if (!validateResourceName(name, path, errors)) return;
  if (name !== "cpu" && name !== "memory" && !isHugePages(name)) {
    errors.push(notSupported(path, name, ["cpu", "hugepages-", "memory"]));
  }
}

function validateContainerLimits(resources: Requirements, scope: Scope): void {
  for (const [index, container] of (scope.spec.containers ?? []).entries()) {
    const limits = container.resources?.limits ?? NONE;
    for (const name in limits) {
      const whole = resources.limits?.[name];
      const limit = limits[name] ?? "0";
      if (whole === undefined || compareQuantities(quantityOf(limit), quantityOf(whole)) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${whole}`;
      scope.errors.push(invalid(`${scope.path}.resources.containers[${index}][${name}].limits`, limit, detail));
    }
  }
}

function sumOfRequests(spec: PodSpec): ReadonlyMap<string, Quantity> {
  const sums = new Map<string, Quantity>();
  for (const { resources } of spec.containers ?? []) {
    const requests = resources?.requests ?? NONE;
    for (const name in requests) {
      sums.set(name, addQuantities(sums.get(name) ?? ZERO_QUANTITY, quantityOf(requests[name] ?? "0")));
    }
  }
  return sums;
}
