// After kubernetes v1.36 pkg/scheduler/framework/types.go PodInfo, AffinityTerm.
import type { Pod, PodAffinityTerm } from "../api/generated/types.ts";
import { keyOf } from "../api/object.ts";
import { EVERYTHING, matchesLabels, type Requirement, type Selector, selectorOfObject } from "../api/label-selector.ts";
import { podRequests, podRequestsForScore, type Resources } from "./resources.ts";

/** What the scheduler needs to know about a pod again and again, worked out once. */
export interface PodInfo {
  readonly pod: Pod;
  readonly key: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly requests: Resources;
  readonly scoreRequests: Resources;
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedTerm[];
  readonly preferredAntiAffinity: readonly WeightedTerm[];
  readonly hostPorts: readonly HostPort[];
  /** The claims that it uses, by name. */
  readonly claims: readonly string[];
  /** Pods with equal groups are the same to every selector: namespace, labels, and whether they are being deleted. */
  readonly group: string;
}

/** A pod affinity term with its selectors compiled. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly namespaces: readonly string[];
  readonly namespaceSelector: Selector;
  readonly selector: Selector;
}

export interface WeightedTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const NO_LABELS: Readonly<Record<string, string>> = {};

export function podInfoOf(pod: Pod): PodInfo {
  const labels = pod.metadata.labels ?? NO_LABELS;
  const namespace = pod.metadata.namespace ?? "";
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const required = (terms: readonly PodAffinityTerm[] | undefined): readonly AffinityTerm[] =>
    (terms ?? []).map((term) => termOf(pod, term));
  const preferred = (affinity: typeof podAffinity): readonly WeightedTerm[] =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      weight,
      term: termOf(pod, podAffinityTerm),
    }));
  const requests = podRequests(pod);
  return {
    pod,
    key: keyOf(pod),
    namespace,
    labels,
    priority: pod.spec.priority ?? 0,
    requests,
    scoreRequests: podRequestsForScore(pod),
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: preferred(podAffinity),
    preferredAntiAffinity: preferred(podAntiAffinity),
    hostPorts: hostPortsOf(pod),
    claims: claimsOf(pod),
    group: groupOf(pod, namespace, labels),
  };
}

function groupOf(pod: Pod, namespace: string, labels: Readonly<Record<string, string>>): string {
  let group = `${namespace}${pod.metadata.deletionTimestamp === undefined ? "" : "!"}`;
  for (const key of Object.keys(labels).toSorted()) group += `\n${key}=${labels[key]}`;
  return group;
}

/** `matchLabelKeys` were merged into the selector when the pod was created; see the API server. */
function termOf(pod: Pod, term: PodAffinityTerm): AffinityTerm {
  const hasPlaces = (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined;
  return {
    topologyKey: term.topologyKey,
    namespaces: hasPlaces ? (term.namespaces ?? []) : [pod.metadata.namespace ?? ""],
    namespaceSelector: selectorOfObject(term.namespaceSelector),
    selector: selectorOfObject(term.labelSelector),
  };
}

/** Whether the term speaks of a pod with these labels in that namespace. */
export function termMatches(
  term: AffinityTerm,
  pod: Pick<PodInfo, "namespace" | "labels">,
  namespaceLabels: Readonly<Record<string, string>> | undefined,
): boolean {
  const isThere =
    term.namespaces.includes(pod.namespace) || matchesLabels(term.namespaceSelector, namespaceLabels ?? NO_LABELS);
  return isThere && matchesLabels(term.selector, pod.labels);
}

function hostPortsOf(pod: Pod): readonly HostPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  return [...pod.spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort === undefined || hostPort === 0
        ? []
        : [
            {
              ip: hostIP === undefined || hostIP === "" ? "0.0.0.0" : hostIP,
              protocol: protocol ?? "TCP",
              port: hostPort,
            },
          ],
    ),
  );
}

/** An ephemeral volume's claim is named after its pod and the volume. */
function claimsOf(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim !== undefined) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral === undefined ? [] : [`${pod.metadata.name ?? ""}-${volume.name}`];
  });
}

/** A selector that requires the given ones as well. */
export function withRequirements(selector: Selector, requirements: readonly Requirement[]): Selector {
  if (selector.isNothing === true || requirements.length === 0) return selector;
  return selector === EVERYTHING ? { requirements } : { requirements: [...selector.requirements, ...requirements] };
}
