// After kubernetes v1.36 pkg/apis/core/v1/defaults.go SetDefaults_PersistentVolumeClaimSpec.
import { roundAmounts } from "../resource-amounts.ts";
import { withDefaults, withParts } from "../shared-change.ts";
import type { ClaimSpec } from "./claim-spec.ts";

export function defaultClaimSpec(spec: ClaimSpec): ClaimSpec {
  const filled = withDefaults(spec, { volumeMode: "Filesystem" });
  return withParts(filled, {
    resources: (resources) => withParts(resources, { limits: roundAmounts, requests: roundAmounts }),
  });
}
