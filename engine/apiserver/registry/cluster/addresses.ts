// After kubernetes v1.36 pkg/registry/networking/{ipaddress,servicecidr}/strategy.go, pkg/apis/networking/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { pathSegmentProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { invalid, required } from "../field-error.ts";
import { isIp, validateCidr } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable } from "../metadata.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type IpAddress = DecodedObject<api.IPAddress>;
type ServiceCidr = DecodedObject<api.ServiceCIDR>;

export const ipAddresses: Strategy<IpAddress> = kindStrategy<IpAddress>({
  place: ["networking.k8s.io", "v1", "ipaddresses"],
  nameRule: (name) => (isIp(name) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]),
  validate: (address) => {
    const errors: Errors = [];
    const parent = address.spec?.parentRef;
    if (parent === undefined || parent === null) return [required("spec.parentRef")];
    for (const key of ["resource", "name"] as const) {
      const value = parent[key] ?? "";
      if (value === "") errors.push(required(`spec.parentRef.${key}`));
      else sayInvalid(pathSegmentProblems(value), value, `spec.parentRef.${key}`, errors);
    }
    return errors;
  },
  validateUpdate: (address, old) => {
    const errors: Errors = [];
    validateImmutable(address.spec?.parentRef, old.spec?.parentRef, "spec.parentRef", errors);
    return errors;
  },
  cells: (address, now) => {
    const { resource = "", group, namespace, name = "" } = address.spec?.parentRef ?? {};
    const kind = isSet(group) ? `${resource}.${group}` : resource;
    const place = isSet(namespace) ? `${namespace}/${name}` : name;
    return [nameOf(address), `${kind}/${place}`, age(address, now)];
  },
  fields: {
    "spec.parentRef.name": (address) => address.spec?.parentRef?.name ?? "",
  },
});

export const serviceCidrs: Strategy<ServiceCidr> = kindStrategy<ServiceCidr>({
  place: ["networking.k8s.io", "v1", "servicecidrs"],
  validate: (one) => {
    const errors: Errors = [];
    const ranges = one.spec?.cidrs ?? [];
    if (ranges.length === 0) errors.push(required("spec.cidrs", "at least one CIDR required"));
    if (ranges.length > 2) errors.push(invalid("spec", ranges, "may only hold up to 2 values"));
    for (const [index, range] of ranges.entries()) validateCidr(range, `spec.cidrs[${index}]`, errors);
    return errors;
  },
  validateUpdate: (one, old) =>
    isSemanticallyEqual(one.spec?.cidrs, old.spec?.cidrs)
      ? []
      : [invalid("spec.cidrs[0]", one.spec?.cidrs?.[0] ?? "", "field is immutable")],
  cells: (one, now) => [nameOf(one), (one.spec?.cidrs ?? []).join(","), age(one, now)],
});
