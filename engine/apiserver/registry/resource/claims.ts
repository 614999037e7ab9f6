// After kubernetes v1.36 pkg/registry/resource/*/strategy.go and printers.go; not modelled: the rules for device requests, which no program of this model allocates.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable } from "../metadata.ts";
import type { Errors } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type Claim = DecodedObject<api.ResourceClaim>;
type ClaimTemplate = DecodedObject<api.ResourceClaimTemplate>;
type Slice = DecodedObject<api.ResourceSlice>;

export const resourceClaims: Strategy<Claim> = kindStrategy<Claim>({
  place: ["resource.k8s.io", "v1", "resourceclaims"],
  validateUpdate: (claim, old) => {
    const errors: Errors = [];
    if (claim.spec !== old.spec) validateImmutable(claim.spec, old.spec, "spec", errors);
    return errors;
  },
  cells: (claim, now) => [nameOf(claim), stateOf(claim), age(claim, now)],
});

/** `allocated,reserved`. */
function stateOf({ metadata, status = {} }: Claim): string {
  const states = metadata.deletionTimestamp === undefined ? [] : ["deleted"];
  if (status.allocation !== undefined) states.push("allocated");
  else if (states.length === 0) states.push("pending");
  if ((status.reservedFor ?? []).length > 0) states.push("reserved");
  return states.join(",");
}

export const resourceClaimTemplates: Strategy<ClaimTemplate> = kindStrategy<ClaimTemplate>({
  place: ["resource.k8s.io", "v1", "resourceclaimtemplates"],
  validateUpdate: (template, old) => {
    const errors: Errors = [];
    if (template.spec !== old.spec) validateImmutable(template.spec, old.spec, "spec", errors);
    return errors;
  },
});

export const resourceSlices: Strategy<Slice> = kindStrategy<Slice>({
  place: ["resource.k8s.io", "v1", "resourceslices"],
  generationOf: ["spec"],
  cells: (slice, now) => {
    const { nodeName = "", driver = "", pool } = slice.spec ?? {};
    return [nameOf(slice), nodeName, driver, pool?.name ?? "", age(slice, now)];
  },
  fields: {
    "spec.nodeName": (slice) => slice.spec?.nodeName ?? "",
    "spec.driver": (slice) => slice.spec?.driver ?? "",
  },
});
