// After kubernetes v1.36 staging/src/k8s.io/kube-aggregator/pkg/registry/apiservice/strategy.go and pkg/apis/apiregistration/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { invalid, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { allowPrefix } from "../metadata.ts";
import { pathSegmentProblems } from "../../../api/names.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import { withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type ApiService = DecodedObject<api.APIService>;

export const apiServices: Strategy<ApiService> = kindStrategy<ApiService>({
  place: ["apiregistration.k8s.io", "v1", "apiservices"],
  nameRule: allowPrefix(pathSegmentProblems),
  unconditionalUpdate: false,
  defaults: (service) =>
    withParts(service, {
      spec: (spec) => withParts(spec, { service: (reference) => withDefaults(reference, { port: 443 }) }),
    }),
  validate: (service) => {
    const errors: Errors = [];
    const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = service.spec ?? {};
    if (nameOf(service) !== `${version}.${group}`) {
      errors.push(invalid("metadata.name", nameOf(service), 'must be `spec.version+"."+spec.group`'));
    }
    if (group !== "") sayInvalid(dnsSubdomainProblems(group), group, "spec.group", errors);
    if (version === "") errors.push(required("spec.version"));
    if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) {
      errors.push(invalid("spec.groupPriorityMinimum", groupPriorityMinimum, "must be positive and less than 20000"));
    }
    if (versionPriority <= 0 || versionPriority > 1000) {
      errors.push(invalid("spec.versionPriority", versionPriority, "must be positive and less than 1000"));
    }
    return errors;
  },
  cells: (service, now) => {
    const reference = service.spec?.service;
    const place =
      reference === undefined || reference === null ? "Local" : `${reference.namespace ?? ""}/${reference.name ?? ""}`;
    const available = service.status?.conditions?.find(({ type }) => type === "Available");
    const isBad = available !== undefined && available.status !== "True" && available.reason !== undefined;
    const text =
      available === undefined
        ? "Unknown"
        : isBad
          ? `${available.status ?? ""} (${available.reason ?? ""})`
          : (available.status ?? "");
    return [nameOf(service), place, text, age(service, now)];
  },
});
