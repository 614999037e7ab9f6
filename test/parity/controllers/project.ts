/** The short form in which two versions of an object are compared, after golden/d-controllers/timeline.txt. */
import type { KubernetesObject } from "../../../engine/api/object.ts";

type Fields = Readonly<Record<string, unknown>>;

export function project(object: KubernetesObject, mask: (text: string) => string): string {
  const { metadata, kind = "" } = object;
  const spec = (object.spec ?? {}) as Fields;
  const status = (object.status ?? {}) as Fields;
  const own = PROJECTIONS[kind]?.(spec, status, object as unknown as Fields) ?? {};
  const owner = (metadata.ownerReferences ?? []).map((it) => `${it.kind}/${it.name}${it.controller === true ? "*" : ""}`);
  const common = {
    ...own,
    del: metadata.deletionTimestamp === undefined ? undefined : `grace${metadata.deletionGracePeriodSeconds ?? "-"}`,
    owner: owner.length === 0 ? undefined : owner.join(","),
    fin: (metadata.finalizers ?? []).join(",") || undefined,
    gen: metadata.generation,
  };
  return mask(JSON.stringify(common));
}

function conditions(status: Fields): string | undefined {
  const all = (status["conditions"] ?? []) as readonly { type: string; status: string; reason?: string }[];
  const short = all.map((it) => `${it.type}=${it.status.slice(0, 1)}${(it.reason ?? "") === "" ? "" : `/${it.reason}`}`);
  return short.length === 0 ? undefined : short.toSorted().join(",");
}

const n = (value: unknown): string => String(value ?? 0);

type Projection = (spec: Fields, status: Fields, object: Fields) => Fields;

function annotation(object: Fields, name: string): unknown {
  const { annotations } = object["metadata"] as { readonly annotations?: Fields };
  return annotations?.[name];
}

const PROJECTIONS: Readonly<Record<string, Projection>> = {
  Deployment: (spec, status, object) => ({
    replicas: spec["replicas"],
    paused: spec["paused"],
    rev: annotation(object, "deployment.kubernetes.io/revision"),
    obs: status["observedGeneration"],
    st: `r${n(status["replicas"])} u${n(status["updatedReplicas"])} rdy${n(status["readyReplicas"])} av${n(status["availableReplicas"])} unav${n(status["unavailableReplicas"])} term${status["terminatingReplicas"] ?? "-"}`,
    cond: conditions(status),
  }),
  ReplicaSet: (spec, status, object) => ({
    replicas: spec["replicas"],
    rev: annotation(object, "deployment.kubernetes.io/revision"),
    desired: annotation(object, "deployment.kubernetes.io/desired-replicas"),
    max: annotation(object, "deployment.kubernetes.io/max-replicas"),
    obs: status["observedGeneration"],
    st: `r${n(status["replicas"])} l${n(status["fullyLabeledReplicas"])} rdy${n(status["readyReplicas"])} av${n(status["availableReplicas"])} term${status["terminatingReplicas"] ?? "-"}`,
    cond: conditions(status),
  }),
  ReplicationController: (spec, status) => ({
    replicas: spec["replicas"],
    obs: status["observedGeneration"],
    st: `r${n(status["replicas"])} l${n(status["fullyLabeledReplicas"])} rdy${n(status["readyReplicas"])} av${n(status["availableReplicas"])}`,
    cond: conditions(status),
  }),
  StatefulSet: (spec, status) => ({
    replicas: spec["replicas"],
    obs: status["observedGeneration"],
    st: `r${n(status["replicas"])} rdy${n(status["readyReplicas"])} av${n(status["availableReplicas"])} cur${n(status["currentReplicas"])} upd${n(status["updatedReplicas"])}`,
    curRev: status["currentRevision"],
    updRev: status["updateRevision"],
  }),
  DaemonSet: (_, status) => ({
    obs: status["observedGeneration"],
    st: `des${n(status["desiredNumberScheduled"])} cur${n(status["currentNumberScheduled"])} rdy${n(status["numberReady"])} upd${n(status["updatedNumberScheduled"])} av${n(status["numberAvailable"])} unav${n(status["numberUnavailable"])} mis${n(status["numberMisscheduled"])}`,
  }),
  Job: (spec, status) => {
    const uncounted = (status["uncountedTerminatedPods"] ?? {}) as { succeeded?: unknown[]; failed?: unknown[] };
    return {
      suspend: spec["suspend"],
      parallelism: spec["parallelism"],
      st: `a${n(status["active"])} s${n(status["succeeded"])} f${n(status["failed"])} rdy${status["ready"] ?? "-"} term${status["terminating"] ?? "-"}`,
      uncounted: `${(uncounted.succeeded ?? []).length}/${(uncounted.failed ?? []).length}`,
      idx: status["completedIndexes"],
      failedIdx: status["failedIndexes"],
      cond: conditions(status),
    };
  },
  CronJob: (spec, status) => ({
    suspend: spec["suspend"],
    active: ((status["active"] ?? []) as readonly { name: string }[]).map(({ name }) => name).join(","),
    last: status["lastScheduleTime"] !== undefined,
    success: status["lastSuccessfulTime"] !== undefined,
  }),
  ControllerRevision: (_, __, object) => ({ revision: object["revision"] }),
  Endpoints: (_, __, object) => ({
    subsets: ((object["subsets"] ?? []) as readonly Fields[]).map((subset) => ({
      ready: ((subset["addresses"] ?? []) as unknown[]).length,
      not: ((subset["notReadyAddresses"] ?? []) as unknown[]).length,
      ports: ((subset["ports"] ?? []) as readonly Fields[]).map((port) => `${String(port["name"] ?? "")}:${n(port["port"])}`).join(" "),
    })),
  }),
  EndpointSlice: (_, __, object) => ({
    eps: ((object["endpoints"] ?? []) as readonly { conditions?: Record<string, boolean | undefined> }[])
      .map(({ conditions: it = {} }) => `${it["ready"] === true ? "R" : ""}${it["serving"] === true ? "S" : ""}${it["terminating"] === true ? "T" : ""}`)
      .toSorted()
      .join(" "),
    ports: ((object["ports"] ?? []) as readonly Fields[]).map((port) => `${String(port["name"] ?? "")}:${n(port["port"])}`).join(","),
  }),
  PodDisruptionBudget: (_, status) => ({
    obs: status["observedGeneration"],
    st: `allowed${n(status["disruptionsAllowed"])} cur${n(status["currentHealthy"])} des${n(status["desiredHealthy"])} exp${n(status["expectedPods"])}`,
    disrupted: Object.keys((status["disruptedPods"] ?? {}) as object).length,
    cond: conditions(status),
  }),
  HorizontalPodAutoscaler: (_, status) => ({
    cur: status["currentReplicas"],
    des: status["desiredReplicas"],
    cond: conditions(status),
  }),
  Pod: (spec, status) => ({ phase: status["phase"], bound: spec["nodeName"] !== undefined, cond: conditions(status) }),
  PersistentVolume: (spec, status) => ({
    phase: status["phase"],
    claim: (spec["claimRef"] as { name?: string } | undefined)?.name,
  }),
  PersistentVolumeClaim: (spec, status) => ({ phase: status["phase"], volume: spec["volumeName"] }),
  Namespace: (_, status) => ({ phase: status["phase"], cond: conditions(status) }),
  Node: (spec, status) => ({
    taints: ((spec["taints"] ?? []) as readonly { key: string; effect: string }[]).map((it) => `${it.key}:${it.effect}`).join(","),
    cond: conditions(status),
  }),
  ResourceQuota: (_, status) => ({ hard: status["hard"], used: status["used"] }),
  CertificateSigningRequest: (_, status) => ({ cond: conditions(status), cert: status["certificate"] !== undefined }),
  ConfigMap: () => ({}),
  ServiceAccount: () => ({}),
};
