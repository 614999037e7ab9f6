// After kubernetes v1.36 pkg/apis/core/helper/helpers.go and validation.go: names and values of resources.
import { labelKeyProblems } from "../../api/names.ts";
import { milliValue } from "../../api/quantity.ts";
import { invalid } from "./field-error.ts";
import { type Errors, nonNegativeQuantity } from "./rules.ts";

const containerResources: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Source: standardQuotaResources. */
const quotaResources: ReadonlySet<string> = new Set(
  `cpu memory ephemeral-storage requests.cpu requests.memory requests.storage requests.ephemeral-storage limits.cpu limits.memory
  limits.ephemeral-storage pods resourcequotas services replicationcontrollers secrets persistentvolumeclaims configmaps services.nodeports
  services.loadbalancers`.split(/\s+/),
);

/** Source: standardResources. */
const standardResources: ReadonlySet<string> = new Set([...quotaResources, "storage"]);

/** Source: integerResources. */
const integerResources: ReadonlySet<string> = new Set(
  `pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims services.nodeports
  services.loadbalancers`.split(/\s+/),
);

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

function isQuotaHugePages(name: string): boolean {
  return isHugePages(name) || name.startsWith("requests.hugepages-");
}

/** Unprefixed names and those of kubernetes.io. */
export function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Devices and the like: what comes in whole pieces and is never given twice. */
export function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith("requests.")) return false;
  return labelKeyProblems(`requests.${name}`).length === 0;
}

/** Whether a request may be below its limit. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

export function validateResourceName(name: string, path: string, errors: Errors): boolean {
  const problems = labelKeyProblems(name);
  for (const detail of problems) errors.push(invalid(path, name, detail));
  if (problems.length > 0) return false;
  if (name.includes("/") || standardResources.has(name) || isQuotaHugePages(name)) return true;
  errors.push(invalid(path, name, "must be a standard resource type or fully qualified"));
  return false;
}

export function validateContainerResourceName(name: string, path: string, errors: Errors): void {
  if (containerResources.has(name)) return;
  validateResourceName(name, path, errors);
  if (!name.includes("/")) {
    if (!isHugePages(name)) errors.push(invalid(path, name, "must be a standard resource for containers"));
  } else if (!isNative(name) && !isExtended(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
}

export function validateQuotaResourceName(name: string, path: string, errors: Errors): void {
  validateResourceName(name, path, errors);
  if (name.includes("/") || isStandardQuota(name)) return;
  errors.push(invalid(path, name, "must be a standard resource for quota"));
}

export function isStandardQuota(name: string): boolean {
  return quotaResources.has(name) || isQuotaHugePages(name);
}

/** A quantity that is not negative, and whole where the resource comes in pieces. */
export function validateResourceValue(name: string, value: string, path: string, errors: Errors): void {
  nonNegativeQuantity(value, path, errors);
  const isWhole = integerResources.has(name) || isExtended(name);
  if (isWhole && milliValue(value) % 1000 !== 0) errors.push(invalid(path, value, "must be an integer"));
}
