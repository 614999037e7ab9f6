// After kubernetes v1.36 pkg/registry/core/pod/strategy.go (LogLocation, streamLocation, PortForwardLocation) and pkg/registry/core/pod/rest.
import type { ApiRequest } from "../../api/wire.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import { answerStatus, badRequest } from "../failure.ts";
import { findObject } from "../objects.ts";
import { missing } from "../read.ts";
import { relay } from "../proxy.ts";
import { type Call, respond, type Turn } from "../state.ts";

interface PodView {
  readonly nodeName?: string;
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
  readonly ephemeralContainers?: readonly { readonly name: string }[];
}

/**
 * `log`, `exec`, `attach` and `portforward` are answered by the kubelet of the pod's node, at the paths of its own server:
 * `/containerLogs/namespace/pod/container`, `/exec/…`, `/attach/…` and `/portForward/namespace/pod`, with the query of the client.
 */
export function connectPod(turn: Turn, call: Call): void {
  const { exchange, info } = call;
  const pod = findObject(turn.state, call);
  if (pod === undefined) return respond(turn, exchange, missing(call));
  const spec = (pod.spec ?? {}) as PodView;
  const isForward = info.subresource === "portforward";
  const container = isForward ? "" : containerOf(call, pod, spec);
  if (typeof container !== "string") return respond(turn, exchange, answerStatus(container));
  const node = spec.nodeName ?? "";
  if (node === "") return noHost(turn, call);
  const phase = (pod.status as { readonly phase?: string } | undefined)?.phase ?? "";
  const isOver = info.subresource !== "log" && (phase === "Succeeded" || phase === "Failed");
  if (isOver && !isForward) {
    return respond(
      turn,
      exchange,
      answerStatus(badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`)),
    );
  }
  relay(turn, exchange, { to: `${node}/kubelet`, request: kubeletRequest(call, container) });
}

/** A pod without a node has no log yet, which is an empty one; anything else is refused. Source: LogLocation, streamLocation. */
function noHost(turn: Turn, call: Call): void {
  const { info, exchange } = call;
  if (info.subresource === "log") {
    return respond(turn, exchange, { code: 200, headers: { "content-type": "text/plain" }, body: "" });
  }
  respond(turn, exchange, answerStatus(badRequest(`pod ${info.name} does not have a host assigned`)));
}

const kubeletPaths: Readonly<Record<string, string>> = {
  log: "containerLogs",
  exec: "exec",
  attach: "attach",
  portforward: "portForward",
};

function kubeletRequest(call: Call, container: string): ApiRequest {
  const { info, exchange } = call;
  const tail = container === "" ? "" : `/${container}`;
  const path = `/${kubeletPaths[info.subresource] ?? ""}/${info.namespace}/${info.name}${tail}`;
  return { ...exchange.request, method: info.subresource === "log" ? "GET" : "POST", path };
}

/** The container that is meant, or why none is. */
function containerOf(call: Call, pod: KubernetesObject, spec: PodView): string | Status {
  const wanted = call.exchange.request.query?.["container"] ?? "";
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  const name = pod.metadata.name ?? "";
  if (wanted !== "") {
    return all.some((container) => container.name === wanted)
      ? wanted
      : badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  if (containers.length === 1) return containers[0]?.name ?? "";
  return badRequest(severalContainers(name, { containers, initContainers, ephemeralContainers }));
}

function severalContainers(
  name: string,
  spec: Required<Pick<PodView, "containers" | "initContainers" | "ephemeralContainers">>,
): string {
  const list = (some: readonly { readonly name: string }[]): string => some.map((one) => one.name).join(" ");
  const names = (some: readonly { readonly name: string }[], word: string): string =>
    some.length === 0 ? "" : ` or one of the ${word} containers: [${list(some)}]`;
  return `a container name must be specified for pod ${name}, choose one of: [${list(spec.containers)}]${names(spec.initContainers, "init")}${names(spec.ephemeralContainers, "ephemeral")}`;
}
