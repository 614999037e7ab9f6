// After kubernetes v1.36 pkg/registry/core/pod/strategy.go; not modelled: AppArmor and seccomp annotations, removed volume plugins.
import type * as api from "../../../api/generated/types.ts";
import { podCells, qosClassOf } from "../../../api/pod.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { kindStrategy, takeStatus, withMember } from "../kind-strategy.ts";
import { withField } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";
import { defaultPodOnly, defaultPodSpec } from "./defaults.ts";
import { validatePod } from "./pod-rules.ts";
import { validatePodStatus } from "./pod-status.ts";
import { validateEphemeralUpdate, validatePodUpdate } from "./pod-update.ts";
import { prepareResize, validateResize } from "./resize.ts";
import type { Pod, PodSpec } from "./scope.ts";
import { podNameWarnings } from "../dns-warning.ts";
import { podWarnings } from "./warnings.ts";

export const pods: Strategy<Pod> = kindStrategy<Pod>({
  place: ["", "v1", "pods"],
  generationOf: ["spec"],
  defaults: (pod) => withField(pod, "spec", defaultPodOnly(defaultPodSpec(pod.spec ?? { containers: [] }))),
  prepareForCreate: (pod) =>
    withMember(pod, "status", {
      phase: "Pending",
      qosClass: qosClassOf({ ...pod.spec, containers: pod.spec?.containers ?? [] } as api.PodSpec),
    }),
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatus: validatePodStatus,
  statusKeeps: ["ownerReferences"],
  warnings: (pod, old) => [
    ...(old === undefined ? podNameWarnings(pod.metadata.name ?? "") : []),
    ...podWarnings(pod, old),
  ],
  subresources: {
    ephemeralcontainers: {
      prepareForUpdate: (pod, old) =>
        onlySpec(pod, old, (spec, oldSpec) => withField(oldSpec, "ephemeralContainers", spec.ephemeralContainers)),
      validateUpdate: validateEphemeralUpdate,
    },
    resize: {
      prepareForUpdate: (pod, old) => onlySpec(pod, old, prepareResize),
      validateUpdate: validateResize,
    },
  },
  deletion: { propagation: "Background", gracePeriodSeconds: graceOf },
  cells,
  fields: {
    "spec.nodeName": (pod) => pod.spec?.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec?.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec?.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec?.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec?.hostNetwork === true),
    "status.phase": (pod) => pod.status?.phase ?? "",
    "status.podIP": (pod) => pod.status?.podIPs?.[0]?.ip ?? "",
    "status.nominatedNodeName": (pod) => pod.status?.nominatedNodeName ?? "",
  },
});

/** The old pod with a spec that differs in one thing only. */
function onlySpec(pod: Pod, old: Pod, merge: (spec: PodSpec, old: PodSpec) => PodSpec): Pod {
  const before = old.spec ?? {};
  const merged = merge(pod.spec ?? {}, before);
  const spec = isSemanticallyEqual(merged, before) ? before : merged;
  const kept = takeStatus({ ...pod, status: old.status } as Pod, old, []);
  if (spec === before) return kept;
  const generation = (old.metadata.generation ?? 0) + 1;
  return { ...kept, spec, metadata: { ...kept.metadata, generation } };
}

/**
 * A pod on a node gets time to stop; one that no kubelet has seen dies at once.
 * Source: pkg/registry/core/pod/strategy.go CheckGracefulDelete.
 */
function graceOf(pod: Pod, requested: number | undefined): number {
  const own = pod.spec?.terminationGracePeriodSeconds ?? 0;
  const period = requested ?? own;
  const isUnseen = (pod.spec?.nodeName ?? "") === "";
  const isOver = pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded";
  if (isUnseen || isOver) return 0;
  return period < 0 ? 1 : period;
}

function cells(pod: Pod, now: number): readonly Cell[] {
  const row = podCells(pod as unknown as api.Pod, now);
  return [
    row.name,
    row.ready,
    row.status,
    row.restarts,
    row.age,
    row.ip,
    row.node,
    row.nominatedNode,
    row.readinessGates,
  ];
}
