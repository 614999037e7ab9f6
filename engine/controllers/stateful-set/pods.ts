// After kubernetes v1.36 pkg/controller/statefulset/stateful_set_utils.go.
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  PodTemplateSpec,
  StatefulSet,
  Volume,
} from "../../api/generated/types.ts";
import { controllerReference, type OwnerKind, podFromTemplate } from "../pod-control.ts";
import { isAvailable, isDeleting, isReady, phaseOf } from "../pods.ts";

export const STATEFUL_SET: OwnerKind = { apiVersion: "apps/v1", kind: "StatefulSet" };
const POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
const POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";
export const REVISION_LABEL = "controller-revision-hash";

/** The ordinal in a pod's name, or -1. */
export function ordinalOf(pod: Pod): number {
  const match = /-(\d+)$/.exec(pod.metadata.name ?? "");
  return match === null ? -1 : Number(match[1]);
}

export function startOf(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}

export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const place = ordinalOf(pod) - startOf(set);
  return place >= 0 && place < (set.spec.replicas ?? 1);
}

export function isMember(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  return ordinal >= 0 && pod.metadata.name === `${set.metadata.name ?? ""}-${ordinal}`;
}

/** What a revision says of the template; a revision holds a patch that replaces it. */
export function templateOf(revision: ControllerRevision, set: StatefulSet): PodTemplateSpec {
  const { data } = revision as { readonly data?: { readonly spec?: { readonly template?: PodTemplateSpec } } };
  const { $patch: _, ...template } = (data?.spec?.template ?? set.spec.template) as PodTemplateSpec & {
    $patch?: string;
  };
  return template;
}

export function revisionOf(pod: Pod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? "";
}

/** The pod with that ordinal after a revision of the template. */
export function podAt(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const name = `${set.metadata.name ?? ""}-${ordinal}`;
  const pod = podFromTemplate(templateOf(revision, set), set, controllerReference(set, STATEFUL_SET));
  const { serviceName } = set.spec;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      namespace: set.metadata.namespace ?? "",
      labels: {
        ...pod.metadata.labels,
        [POD_NAME_LABEL]: name,
        [POD_INDEX_LABEL]: String(ordinal),
        [REVISION_LABEL]: revision.metadata.name ?? "",
      },
    },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(serviceName === undefined || serviceName === "" ? {} : { subdomain: serviceName }),
      ...withClaims(set, ordinal, pod.spec.volumes),
    },
  };
}

function withClaims(
  set: StatefulSet,
  ordinal: number,
  volumes: readonly Volume[] = [],
): { volumes?: readonly Volume[] } {
  const templates = set.spec.volumeClaimTemplates ?? [];
  const own = templates.map((template): Volume => {
    const { name = "" } = template.metadata;
    return { name, persistentVolumeClaim: { claimName: claimName(set, template, ordinal) } };
  });
  const names = new Set(own.map(({ name }) => name));
  const all = [...own, ...volumes.filter(({ name }) => !names.has(name))];
  return all.length === 0 ? {} : { volumes: all };
}

export function claimName(set: StatefulSet, template: PersistentVolumeClaim, ordinal: number): string {
  return `${template.metadata.name ?? ""}-${set.metadata.name ?? ""}-${ordinal}`;
}

/** The claims that the pod of an ordinal needs. */
export function claimsAt(set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    ...template,
    kind: "PersistentVolumeClaim",
    apiVersion: "v1",
    metadata: {
      ...template.metadata,
      name: claimName(set, template, ordinal),
      namespace: set.metadata.namespace ?? "",
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
  }));
}

export function isCreated(pod: Pod): boolean {
  return phaseOf(pod) !== "";
}

export function isRunningAndReady(pod: Pod): boolean {
  return phaseOf(pod) === "Running" && isReady(pod);
}

export function isRunningAndAvailable(pod: Pod, set: StatefulSet, date: number): boolean {
  return isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, date);
}

export function isUnavailable(pod: Pod, set: StatefulSet, date: number): boolean {
  return !isRunningAndAvailable(pod, set, date) || isDeleting(pod);
}
