// After kubernetes v1.36 pkg/registry/storage/*/strategy.go, pkg/apis/storage/{v1/defaults,validation/validation}.go; not modelled: token audiences.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems, labelKeyProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, printed, required } from "../field-error.ts";
import { goStruct, sorted } from "../go-struct.ts";
import { goJson } from "../../../api/go-quote.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable } from "../metadata.ts";
import { validateDriverName } from "../pod/volume-sources.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import { withDefaults, withField } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { validateTopologies } from "./topologies.ts";

type StorageClass = DecodedObject<api.StorageClass>;

export const storageClasses: Strategy<StorageClass> = kindStrategy<StorageClass>({
  place: ["storage.k8s.io", "v1", "storageclasses"],
  defaults: (one) => withDefaults(one, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  validate: validateClass,
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    if (!isSemanticallyEqual(one.parameters, old.parameters))
      errors.push(forbidden("parameters", "updates to parameters are forbidden."));
    validateImmutable(one.provisioner, old.provisioner, "provisioner", errors);
    if (one.reclaimPolicy !== old.reclaimPolicy)
      errors.push(forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden."));
    validateImmutable(one.volumeBindingMode, old.volumeBindingMode, "volumeBindingMode", errors);
    return errors;
  },
  cells: (one, now) => {
    const isDefault = [
      "storageclass.kubernetes.io/is-default-class",
      "storageclass.beta.kubernetes.io/is-default-class",
    ].some((key) => one.metadata.annotations?.[key] === "true");
    return [
      isDefault ? `${nameOf(one)} (default)` : nameOf(one),
      one.provisioner ?? "",
      one.reclaimPolicy ?? "Delete",
      one.volumeBindingMode ?? "<unset>",
      one.allowVolumeExpansion ?? false,
      age(one, now),
    ];
  },
});

/** Source: maxProvisionerParameterSize, maxProvisionerParameterLen. */
const PARAMETERS_MAX = 512;

function validateClass(one: StorageClass): readonly FieldError[] {
  const errors: Errors = [];
  const { provisioner = "", parameters = {}, reclaimPolicy, volumeBindingMode } = one;
  if (provisioner === "") errors.push(required("provisioner"));
  else sayInvalid(labelKeyProblems(provisioner.toLowerCase()), provisioner, "provisioner", errors);
  const names = Object.keys(parameters);
  if (names.length > PARAMETERS_MAX) errors.push(invalid("parameters", "", "must have at most 512 parameters"));
  if (names.includes("")) errors.push(invalid("parameters", "", "field can not be empty."));
  if (reclaimPolicy !== undefined && reclaimPolicy !== "Delete" && reclaimPolicy !== "Retain") {
    errors.push(notSupported("reclaimPolicy", reclaimPolicy, ["Delete", "Retain"]));
  }
  const modes = ["Immediate", "WaitForFirstConsumer"];
  if (volumeBindingMode === undefined) errors.push(required("volumeBindingMode"));
  else if (!modes.includes(volumeBindingMode)) errors.push(notSupported("volumeBindingMode", volumeBindingMode, modes));
  validateTopologies(one.allowedTopologies ?? [], errors);
  return errors;
}

type CsiDriver = DecodedObject<api.CSIDriver>;

export const csiDrivers: Strategy<CsiDriver> = kindStrategy<CsiDriver>({
  place: ["storage.k8s.io", "v1", "csidrivers"],
  defaults: (driver) => {
    const spec = withDefaults(driver.spec ?? {}, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      requiresRepublish: false,
      seLinuxMount: false,
    });
    const modes = spec.volumeLifecycleModes ?? [];
    return withField(driver, "spec", modes.length === 0 ? { ...spec, volumeLifecycleModes: ["Persistent"] } : spec);
  },
  validate: (driver) => {
    const errors: Errors = [];
    validateDriverName(nameOf(driver), "metadata.name", errors);
    for (const [index, mode] of (driver.spec?.volumeLifecycleModes ?? []).entries()) {
      if (mode === "Persistent" || mode === "Ephemeral") continue;
      errors.push(notSupported(`spec.volumeLifecycleModes[${index}]`, mode, ["Ephemeral", "Persistent"]));
    }
    const policies = ["File", "None", "ReadWriteOnceWithFSType"];
    const policy = driver.spec?.fsGroupPolicy;
    if (policy !== undefined && !policies.includes(policy))
      errors.push(notSupported("spec.fsGroupPolicy", policy, policies));
    return errors;
  },
  validateUpdate: (driver, old) => {
    const errors: Errors = [];
    validateImmutable(driver.spec?.attachRequired, old.spec?.attachRequired, "spec.attachedRequired", errors);
    validateImmutable(
      driver.spec?.volumeLifecycleModes,
      old.spec?.volumeLifecycleModes,
      "spec.volumeLifecycleModes",
      errors,
    );
    return errors;
  },
  cells: (driver, now) => {
    const { spec = {} } = driver;
    const tokens = (spec.tokenRequests ?? []).map(({ audience = "" }) => audience).join(",");
    return [
      nameOf(driver),
      spec.attachRequired ?? true,
      spec.podInfoOnMount ?? false,
      spec.storageCapacity ?? false,
      spec.tokenRequests === undefined ? "<unset>" : tokens,
      spec.requiresRepublish ?? false,
      (spec.volumeLifecycleModes ?? []).join(",") || "<none>",
      age(driver, now),
    ];
  },
});

type CsiNode = DecodedObject<api.CSINode>;

export const csiNodes: Strategy<CsiNode> = kindStrategy<CsiNode>({
  place: ["storage.k8s.io", "v1", "csinodes"],
  validate: (node) => {
    const errors: Errors = [];
    const names = new Set<string>();
    for (const [index, { name, nodeID = "" }] of (node.spec?.drivers ?? []).entries()) {
      const path = `spec.drivers[${index}]`;
      validateDriverName(name, `${path}.name`, errors);
      if (nodeID === "") errors.push(required(`${path}.nodeID`));
      if (isSet(name) && names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name ?? "");
    }
    return errors;
  },
  cells: (node, now) => [nameOf(node), (node.spec?.drivers ?? []).length, age(node, now)],
});

type Attachment = DecodedObject<api.VolumeAttachment>;

export const volumeAttachments: Strategy<Attachment> = kindStrategy<Attachment>({
  place: ["storage.k8s.io", "v1", "volumeattachments"],
  validate: (one) => {
    const errors: Errors = [];
    const { attacher = "", nodeName = "", source = {} } = one.spec ?? {};
    validateDriverName(attacher, "spec.attacher", errors);
    if (source.persistentVolumeName === undefined && source.inlineVolumeSpec === undefined) {
      errors.push(required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
    }
    if (nodeName === "") errors.push(required("spec.nodeName"));
    else sayInvalid(dnsSubdomainProblems(nodeName), nodeName, "spec.nodeName", errors);
    return errors;
  },
  validateUpdate: (one, old) =>
    isSemanticallyEqual(one.spec, old.spec)
      ? []
      : [invalid("spec", goStruct("VolumeAttachmentSpec", one.spec), "field is immutable")],
  cells: (one, now) => [
    nameOf(one),
    one.spec?.attacher ?? "",
    one.spec?.source?.persistentVolumeName ?? "",
    one.spec?.nodeName ?? "",
    one.status?.attached ?? false,
    age(one, now),
  ],
});

type AttributesClass = DecodedObject<api.VolumeAttributesClass>;

export const volumeAttributesClasses: Strategy<AttributesClass> = kindStrategy<AttributesClass>({
  place: ["storage.k8s.io", "v1", "volumeattributesclasses"],
  validate: (one) => {
    const errors: Errors = [];
    validateDriverName(one.driverName, "driverName", errors);
    if (Object.keys(one.parameters ?? {}).length === 0)
      errors.push(required("parameters", "must contain at least one key/value pair"));
    return errors;
  },
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    if (one.driverName !== old.driverName)
      errors.push(invalid("driverName", one.driverName ?? "", "field is immutable"));
    if (!isSemanticallyEqual(one.parameters, old.parameters)) {
      errors.push(invalid("parameters", printed(goJson(sorted(one.parameters ?? {}))), "field is immutable"));
    }
    return errors;
  },
  cells: (one, now) => [nameOf(one), one.driverName ?? "", age(one, now)],
});

type Capacity = DecodedObject<api.CSIStorageCapacity>;

export const csiStorageCapacities: Strategy<Capacity> = kindStrategy<Capacity>({
  place: ["storage.k8s.io", "v1", "csistoragecapacities"],
  validate: (one) => {
    const errors: Errors = [];
    const { storageClassName = "" } = one;
    sayInvalid(dnsSubdomainProblems(storageClassName), storageClassName, "storageClassName", errors);
    return errors;
  },
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    validateImmutable(one.nodeTopology, old.nodeTopology, "nodeTopology", errors);
    validateImmutable(one.storageClassName, old.storageClassName, "storageClassName", errors);
    return errors;
  },
  cells: (one) => [nameOf(one), one.metadata.creationTimestamp ?? ""],
});
