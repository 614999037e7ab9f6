// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateServiceClusterIPsRelatedFields.
import { duplicate, invalid, notSupported, required } from "../field-error.ts";
import { isIp, isIpv4, validateIp } from "../ip-address.ts";
import { type Errors, isSet } from "../rules.ts";
import { isHeadless, type ServiceSpec } from "./scope.ts";

const IPS = "spec.clusterIPs";

export function validateClusterIps(spec: ServiceSpec, errors: Errors): void {
  if (spec.type === "ExternalName") return;
  const { clusterIPs = [], ipFamilies = [] } = spec;
  validateFirst(spec, errors);
  validateFamilies(ipFamilies, errors);
  const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
  if (spec.ipFamilyPolicy !== undefined && !policies.includes(spec.ipFamilyPolicy)) {
    errors.push(notSupported("spec.ipFamilyPolicy", spec.ipFamilyPolicy, policies));
  }
  const isBroken = validateAddresses(clusterIPs, errors);
  if (clusterIPs.length > 2) errors.push(invalid(IPS, clusterIPs, "may only hold up to 2 values"));
  if (isBroken) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv4)).size < 2) {
    errors.push(invalid(IPS, clusterIPs, "may specify no more than one IP for each IP family"));
  }
  if (!isHeadless(spec)) validateMatch(clusterIPs, ipFamilies, errors);
}

function validateFirst({ clusterIP, clusterIPs = [] }: ServiceSpec, errors: Errors): void {
  if (!isSet(clusterIP)) {
    if (clusterIPs.length > 0) errors.push(invalid(IPS, clusterIPs, "must be empty when `clusterIP` is not specified"));
  } else if (clusterIPs.length === 0) errors.push(required(IPS));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalid(IPS, clusterIPs, "first value must match `clusterIP`"));
}

function validateFamilies(families: readonly string[], errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, family] of families.entries()) {
    const path = `spec.ipFamilies[${index}]`;
    if (family !== "IPv4" && family !== "IPv6") errors.push(notSupported(path, family, ["IPv4", "IPv6"]));
    if (seen.has(family)) errors.push(duplicate(path, family));
    seen.add(family);
  }
}

/** Whether one of them is no address. */
function validateAddresses(addresses: readonly string[], errors: Errors): boolean {
  let isBroken = false;
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === "None") {
      if (addresses.length > 1) {
        isBroken = true;
        errors.push(invalid(IPS, addresses, "'None' must be the first and only value"));
      }
      continue;
    }
    isBroken = isBroken || !isIp(address);
    validateIp(address, `${IPS}[${index}]`, errors);
  }
  return isBroken;
}

function validateMatch(addresses: readonly string[], families: readonly string[], errors: Errors): void {
  for (const [index, address] of addresses.entries()) {
    const family = families[index];
    if (family === undefined || (family === "IPv4") === isIpv4(address)) continue;
    errors.push(
      invalid(`${IPS}[${index}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``),
    );
  }
}
