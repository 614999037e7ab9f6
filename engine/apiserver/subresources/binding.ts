// After kubernetes v1.36 pkg/registry/core/pod/storage/storage.go BindingREST.
import type { Binding, PodCondition } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { rfc3339 } from "../../api/time.ts";
import { withTopologyLabels } from "../admission/pod-topology-labels/pod-topology-labels.ts";
import { readBody } from "../body.ts";
import { answerStatus, conflict } from "../failure.ts";
import { findObject, nameIn } from "../objects.ts";
import { isDryRun } from "../options.ts";
import { missing } from "../read.ts";
import { invalid, required } from "../registry/field-error.ts";
import { invalidStatus } from "../registry/status-error.ts";
import { type Call, respond, timeOf, type Turn } from "../state.ts";
import { commitWrite } from "../update.ts";
import { replacement } from "../write.ts";

const BOUND = {
  code: 201,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
} as const;

/** POST to `pods/x/binding` puts the pod on a node, once. */
export function bindPod(turn: Turn, call: Call): void {
  const { exchange, info, served } = call;
  const body = readBody(call, { apiVersion: "v1", kind: "Binding", schema: "Binding" });
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const binding = body.object as unknown as Binding;
  const problem = problemOf(binding);
  if (problem !== undefined) return respond(turn, exchange, answerStatus(problem));
  const old = findObject(turn.state, call);
  if (old === undefined) return respond(turn, exchange, missing(call));
  const refusal = refusalOf(binding, old);
  if (refusal !== undefined) {
    return respond(
      turn,
      exchange,
      answerStatus(conflict({ group: "", resource: "pods/binding" }, info.name, { message: refusal })),
    );
  }
  if (isDryRun(exchange.request)) return respond(turn, exchange, BOUND);
  // A binding leaves no trace in the managed fields: it is not an update of the pod by its sender.
  const bound = withTopologyLabels(
    turn,
    boundPod(old, binding, rfc3339(timeOf(turn.moment))),
    binding.target.name ?? "",
  );
  const name = nameIn(served, info.namespace, info.name);
  commitWrite(turn, call, {
    ...replacement(served.prefix, name, { old, object: bound }),
    answer: { kind: "response", response: BOUND },
  });
}

function problemOf(binding: Binding): ReturnType<typeof invalidStatus> | undefined {
  const { kind = "", name = "" } = binding.target;
  const errors = [
    ...(kind === "" || kind === "Node" ? [] : [invalid("target.kind", kind, 'supported values: "Node", "<empty>"')]),
    ...(name === "" ? [required("target.name")] : []),
  ];
  return errors.length === 0
    ? undefined
    : invalidStatus({ group: "", kind: "Binding" }, binding.metadata.name ?? "", errors);
}

interface PodSpecView {
  readonly nodeName?: string;
  readonly schedulingGates?: readonly unknown[];
}

function refusalOf(binding: Binding, pod: KubernetesObject): string | undefined {
  const { uid, name = "", deletionTimestamp } = pod.metadata;
  const { nodeName = "", schedulingGates = [] } = (pod.spec ?? {}) as PodSpecView;
  const wanted = binding.metadata.uid ?? "";
  if (wanted !== "" && wanted !== uid)
    return `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid ?? ""}`;
  if (deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (nodeName !== "") return `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`;
  return schedulingGates.length > 0 ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

interface PodStatusView {
  readonly conditions?: readonly PodCondition[];
  readonly nominatedNodeName?: string;
}

function boundPod(pod: KubernetesObject, binding: Binding, time: string): KubernetesObject {
  const { nominatedNodeName: _, ...status } = (pod.status ?? {}) as PodStatusView;
  const scheduled: PodCondition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: time,
  } as unknown as PodCondition;
  const others = (status.conditions ?? []).filter((condition) => condition.type !== "PodScheduled");
  const { annotations } = binding.metadata;
  const metadata =
    annotations === undefined
      ? pod.metadata
      : { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } };
  return {
    ...pod,
    metadata,
    spec: { ...(pod.spec as object), nodeName: binding.target.name },
    status: { ...status, conditions: [...others, scheduled] },
  };
}
