// After kubernetes v1.36 pkg/registry/coordination/lease/strategy.go, pkg/apis/coordination/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { type Errors, isSet } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type Lease = DecodedObject<api.Lease>;

export const leases: Strategy<Lease> = kindStrategy<Lease>({
  place: ["coordination.k8s.io", "v1", "leases"],
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate,
  cells: (lease, now) => [nameOf(lease), lease.spec?.holderIdentity ?? "", age(lease, now)],
});

function validate({ spec = {} }: Lease): readonly FieldError[] {
  const errors: Errors = [];
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions, strategy, preferredHolder } = spec;
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
  }
  if (isSet(preferredHolder) && !isSet(strategy)) {
    errors.push(forbidden("spec.preferredHolder", "may only be specified when `strategy` is defined"));
  }
  return errors;
}
