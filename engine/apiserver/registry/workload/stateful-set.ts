// After kubernetes v1.36 pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { isConvertible } from "../label-selector.ts";
import { allowPrefix } from "../metadata.ts";
import { defaultClaimSpec } from "../persistent-volume/claim-defaults.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, isSet, nonNegative, sayInvalid } from "../rules.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { printSelector, validateWorkloadSelector, validateWorkloadTemplate } from "../template.ts";
import { notMoreThanAll, positiveIntOrPercent } from "./int-or-percent.ts";
import { containersAndImages, replicaStatusErrors, selectorText } from "./workload.ts";

type StatefulSet = DecodedObject<api.StatefulSet>;
type Spec = Decoded<api.StatefulSetSpec>;
type ClaimTemplate = NonNullable<Spec["volumeClaimTemplates"]>[number];

export const statefulSets: Strategy<StatefulSet> = kindStrategy<StatefulSet>({
  place: ["apps", "v1", "statefulsets"],
  generationOf: ["spec"],
  nameRule: allowPrefix(dnsLabelProblems),
  defaults: (set) => withField(set, "spec", defaultSpec(set.spec ?? {})),
  validate: (set) => validateSpec(set.spec ?? {}, undefined),
  validateUpdate: (set, old) => (set.spec === old.spec ? [] : validateUpdate(set.spec ?? {}, old.spec ?? {})),
  validateStatus: (set) =>
    replicaStatusErrors(set.status ?? {}, [
      "replicas",
      "readyReplicas",
      "currentReplicas",
      "updatedReplicas",
      "availableReplicas",
    ]),
  warnings: (set, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(set)) : []),
    ...templateWarnings(set.spec?.template, "spec.template", old?.spec?.template),
  ],
  scale: {
    replicas: (set) => set.spec?.replicas ?? 0,
    statusReplicas: (set) => set.status?.replicas ?? 0,
    selector: (set) => selectorText(set.spec?.selector),
    withReplicas: (set, replicas) => withField(set, "spec", withField(set.spec ?? {}, "replicas", replicas)),
  },
  cells: (set, now) => [
    nameOf(set),
    `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
    age(set, now),
    ...containersAndImages(set.spec?.template),
  ],
});

function defaultSpec(spec: Spec): Spec {
  const filled = withDefaults(spec, { podManagementPolicy: "OrderedReady", replicas: 1, revisionHistoryLimit: 10 });
  const retained = withField(
    filled,
    "persistentVolumeClaimRetentionPolicy",
    withDefaults(filled.persistentVolumeClaimRetentionPolicy ?? {}, { whenDeleted: "Retain", whenScaled: "Retain" }),
  );
  const parts = withParts(retained, {
    template: defaultTemplate,
    volumeClaimTemplates: (list) => mapShared(list, defaultClaim),
  });
  const strategy = withDefaults(parts.updateStrategy ?? {}, { type: "RollingUpdate" });
  if (strategy.type !== "RollingUpdate") return withField(parts, "updateStrategy", strategy);
  const rolling = withDefaults(strategy.rollingUpdate ?? {}, { partition: 0 });
  return withField(parts, "updateStrategy", withField(strategy, "rollingUpdate", rolling));
}

function defaultClaim(claim: ClaimTemplate): ClaimTemplate {
  const named = withDefaults(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
  const specified = withParts(named, { spec: defaultClaimSpec });
  return withField(specified, "status", withDefaults(specified.status ?? {}, { phase: "Pending" }));
}

function validateSpec(spec: Spec, old: Spec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  validateManagement(spec.podManagementPolicy ?? "", errors);
  validateStrategy(spec.updateStrategy ?? {}, errors);
  validateRetention(spec, errors);
  nonNegative(spec.replicas, "spec.replicas", errors);
  nonNegative(spec.minReadySeconds, "spec.minReadySeconds", errors);
  nonNegative(spec.ordinals?.start, "spec.ordinals.start", errors);
  nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit", errors);
  if (isSet(spec.serviceName))
    sayInvalid(dnsLabelProblems(spec.serviceName), spec.serviceName, "spec.serviceName", errors);
  validateWorkloadSelector(spec.selector, "statefulset", "spec.selector", errors);
  if (!isConvertible(spec.selector)) errors.push(invalid("spec.selector", printSelector(spec.selector), ""));
  else if (spec.template !== old?.template || spec.selector !== old?.selector) {
    const withClaims = withClaimVolumes(spec);
    validateWorkloadTemplate(withClaims, {
      selector: spec.selector,
      path: "spec.template",
      errors,
      kind: "StatefulSet",
    });
  }
  return errors;
}

/** Mounts may name the claims that the set makes for each pod. */
function withClaimVolumes(spec: Spec): NonNullable<Spec["template"]> {
  const template = spec.template ?? {};
  const names = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? "");
  const volumes = template.spec?.volumes ?? [];
  const missing = names.filter((name) => name !== "" && !volumes.some((volume) => volume.name === name));
  if (missing.length === 0) return template;
  const added = missing.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...template.spec, volumes: [...volumes, ...added] } };
}

function validateManagement(policy: string, errors: Errors): void {
  const path = "spec.podManagementPolicy";
  if (policy === "") errors.push(required(path));
  else if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalid(path, policy, "must be 'OrderedReady' or 'Parallel'"));
  }
}

function validateStrategy(strategy: Decoded<api.StatefulSetUpdateStrategy>, errors: Errors): void {
  const { type = "", rollingUpdate } = strategy;
  const path = "spec.updateStrategy";
  if (type === "") errors.push(required(path));
  else if (type === "OnDelete") {
    if (rollingUpdate === undefined) return;
    const found = goStruct("RollingUpdateStatefulSetStrategy", rollingUpdate);
    errors.push(invalid(`${path}.rollingUpdate`, found, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === "RollingUpdate") {
    nonNegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`, errors);
    validateMaxUnavailable(rollingUpdate?.maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors);
  } else
    errors.push(
      invalid(path, goStruct("StatefulSetUpdateStrategy", strategy), "must be 'RollingUpdate' or 'OnDelete'"),
    );
}

function validateMaxUnavailable(value: number | string | undefined, path: string, errors: Errors): void {
  if (value === undefined) return;
  positiveIntOrPercent(value, path, errors);
  if (value === 0 || value === "0%") errors.push(invalid(path, value, "cannot be 0"));
  notMoreThanAll(value, path, errors);
}

function validateRetention(spec: Spec, errors: Errors): void {
  const policy = spec.persistentVolumeClaimRetentionPolicy ?? {};
  for (const key of ["whenDeleted", "whenScaled"] as const) {
    const value = policy[key] ?? "";
    if (value === "Retain" || value === "Delete") continue;
    errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${key}`, value, ["Retain", "Delete"]));
  }
}

const MUTABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

function validateUpdate(spec: Spec, old: Spec): readonly FieldError[] {
  const errors = [...validateSpec(spec, old)];
  let munged: Spec = spec;
  for (const key of MUTABLE) munged = withField(munged, key, old[key]);
  if (isSemanticallyEqual(munged, old)) return errors;
  const list =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [...errors, forbidden("spec", `updates to statefulset spec for fields other than ${list} are forbidden`)];
}
