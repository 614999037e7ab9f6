// After kubernetes v1.36 pkg/registry/core/persistentvolumeclaim/strategy.go, pkg/apis/core/validation ValidatePersistentVolumeClaim.
import type * as api from "../../../api/generated/types.ts";
import { compareQuantities, quantityOf } from "../../../api/quantity.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, required } from "../field-error.ts";
import { goValue } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { lineDiff } from "../line-diff.ts";
import { validateImmutable } from "../metadata.ts";
import { roundAmounts } from "../resource-amounts.ts";
import type { Errors } from "../rules.ts";
import { withField, withParts } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";
import { accessModesCell } from "./access-modes.ts";
import { defaultClaimSpec } from "./claim-defaults.ts";
import { type ClaimSpec, validateClaimSpec } from "./claim-spec.ts";

type Claim = DecodedObject<api.PersistentVolumeClaim>;

export const persistentVolumeClaims: Strategy<Claim> = kindStrategy<Claim>({
  place: ["", "v1", "persistentvolumeclaims"],
  defaults: (claim) =>
    withParts(withField(claim, "spec", defaultClaimSpec(claim.spec ?? {})), {
      status: (status) => withParts(status, { capacity: roundAmounts, allocatedResources: roundAmounts }),
    }),
  prepareForCreate: (claim) =>
    withField(withField(claim, "spec", normalizeSources(dropUnknownSource(claim.spec ?? {}))), "status", {
      phase: "Pending",
    }),
  prepareForUpdate: (claim) => withField(claim, "spec", normalizeSources(claim.spec ?? {})),
  validate: (claim) => {
    const errors: Errors = [];
    validateClaimSpec(claim.spec ?? {}, "spec", errors);
    return errors;
  },
  validateUpdate: (claim, old) => (claim.spec === old.spec ? [] : validateUpdate(claim, old)),
  validateStatus: (claim) => ((claim.spec?.accessModes ?? []).length === 0 ? [required("Spec.accessModes")] : []),
  cells,
  fields: { name: nameOf },
});

/** A source that no one could fill is dropped, as it was before any source was allowed. */
function dropUnknownSource(spec: ClaimSpec): ClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource === undefined || dataSourceRef !== undefined) return spec;
  const { apiGroup = "", kind } = dataSource;
  const isKnown =
    (kind === "PersistentVolumeClaim" && apiGroup === "") ||
    (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
  return isKnown ? spec : withField(spec, "dataSource", undefined);
}

/** The older field and the newer one say the same. */
function normalizeSources(spec: ClaimSpec): ClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined) return { ...spec, dataSourceRef: dataSource };
  if (dataSource !== undefined || dataSourceRef === undefined || dataSourceRef.namespace !== undefined) return spec;
  const { namespace: _, ...source } = dataSourceRef;
  return { ...spec, dataSource: source };
}

function validateUpdate(claim: Claim, old: Claim): readonly FieldError[] {
  const errors: Errors = [];
  const spec = claim.spec ?? {};
  const before = old.spec ?? {};
  validateClaimSpec(spec, "spec", errors);
  const now = munged(claim, before);
  const then = (before.volumeName ?? "") === "" ? withField(before, "volumeName", spec.volumeName) : before;
  if (!isSemanticallyEqual(now, then)) {
    const diff = lineDiff(goValue("PersistentVolumeClaimSpec", then), goValue("PersistentVolumeClaimSpec", now));
    const detail =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbidden("spec", `${detail}\n${diff}`));
  }
  validateSize(spec, before, { status: old.status?.capacity?.["storage"] ?? "0", errors });
  validateImmutable(spec.volumeMode, before.volumeMode, "volumeMode", errors);
  const name = spec.volumeAttributesClassName;
  if (before.volumeAttributesClassName !== undefined && name !== before.volumeAttributesClassName) {
    const path = "spec.volumeAttributesClassName";
    if (name === undefined) errors.push(forbidden(path, "update from non-nil value to nil is forbidden"));
    else if (name === "") errors.push(forbidden(path, "update from non-nil value to an empty string is forbidden"));
  }
  return errors;
}

/** The new spec with the changes taken back that are allowed. */
function munged({ spec = {}, status }: Claim, old: ClaimSpec): ClaimSpec {
  let made = spec;
  if (old.storageClassName === undefined && made.storageClassName !== undefined)
    made = withField(made, "storageClassName", undefined);
  if (status?.phase !== "Bound") return made;
  const storage = old.resources?.requests?.["storage"];
  if (made.resources?.requests !== undefined && storage !== undefined) {
    const requests = { ...made.resources.requests, storage };
    made = { ...made, resources: { ...made.resources, requests } };
  }
  if (made.volumeAttributesClassName !== undefined) {
    made = withField(made, "volumeAttributesClassName", old.volumeAttributesClassName);
  }
  return made;
}

function validateSize(
  spec: ClaimSpec,
  old: ClaimSpec,
  { status, errors }: { readonly status: string; readonly errors: Errors },
): void {
  const size = quantityOf(spec.resources?.requests?.["storage"] ?? "0");
  const before = quantityOf(old.resources?.requests?.["storage"] ?? "0");
  if (compareQuantities(size, before) >= 0 || compareQuantities(size, quantityOf(status)) > 0) return;
  errors.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
}

function cells(claim: Claim, now: number): readonly Cell[] {
  const { spec = {}, status = {} } = claim;
  const isBound = (spec.volumeName ?? "") !== "";
  const phase = claim.metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating";
  return [
    nameOf(claim),
    phase,
    spec.volumeName ?? "",
    isBound ? (status.capacity?.["storage"] ?? "0") : "",
    isBound ? accessModesCell(status.accessModes) : "",
    claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "",
    spec.volumeAttributesClassName ?? "<unset>",
    age(claim, now),
    spec.volumeMode ?? "<unset>",
  ];
}
