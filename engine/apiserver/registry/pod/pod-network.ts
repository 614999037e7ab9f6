// After kubernetes v1.36 pkg/apis/core/validation/validation.go validatePodDNSConfig, ValidateHostAliases.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { invalid, required } from "../field-error.ts";
import { validateIp } from "../ip-address.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { PodSpec } from "./scope.ts";

/** Source: MaxDNSNameservers, MaxDNSSearchPaths, MaxDNSSearchListChars. */
const NAMESERVERS_MAX = 3;
const SEARCH_PATHS_MAX = 32;
const SEARCH_CHARACTERS_MAX = 2048;

export function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, specPath: string, errors: Errors): void {
  const path = `${specPath}.dnsConfig`;
  if (dnsPolicy === "None") {
    if (dnsConfig === undefined)
      return void errors.push(required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
    if ((dnsConfig.nameservers ?? []).length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return void errors.push(required(`${path}.nameservers`, detail));
    }
  }
  if (dnsConfig !== undefined) validateConfig(dnsConfig, path, errors);
}

function validateConfig(
  { nameservers = [], searches = [], options = [] }: Decoded<api.PodDNSConfig>,
  path: string,
  errors: Errors,
): void {
  if (nameservers.length > NAMESERVERS_MAX) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${NAMESERVERS_MAX} nameservers`));
  }
  for (const [index, server] of nameservers.entries()) validateIp(server, `${path}.nameservers[${index}]`, errors);
  if (searches.length > SEARCH_PATHS_MAX) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${SEARCH_PATHS_MAX} search paths`));
  }
  if (searches.join(" ").length > SEARCH_CHARACTERS_MAX) {
    const detail = `must not have more than ${SEARCH_CHARACTERS_MAX} characters (including spaces) in the search list`;
    errors.push(invalid(`${path}.searches`, searches, detail));
  }
  for (const [index, search] of searches.entries()) validateSearch(search, `${path}.searches[${index}]`, errors);
  for (const [index, option] of options.entries()) {
    if (!isSet(option.name)) errors.push(required(`${path}.options[${index}]`, "must not be empty"));
  }
}

const relaxedSubdomain = /^[a-z0-9_]([-_a-z0-9]*[a-z0-9])?(\.[a-z0-9_]([-_a-z0-9]*[a-z0-9])?)*$/;

function validateSearch(search: string, path: string, errors: Errors): void {
  if (search === ".") return;
  const name = search.endsWith(".") ? search.slice(0, -1) : search;
  if (name.length <= 253 && relaxedSubdomain.test(name)) return;
  const detail =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*')";
  errors.push(invalid(path, name, detail));
}

export function validateHostAliases(
  aliases: readonly Decoded<api.HostAlias>[] | undefined,
  path: string,
  errors: Errors,
): void {
  for (const [index, { ip = "", hostnames = [] }] of (aliases ?? []).entries()) {
    validateIp(ip, `${path}[${index}].ip`, errors);
    for (const [nameIndex, name] of hostnames.entries()) {
      sayInvalid(dnsSubdomainProblems(name), name, `${path}[${index}].hostnames[${nameIndex}]`, errors);
    }
  }
}
