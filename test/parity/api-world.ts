/** A control plane of etcd and API server for the parity comparisons that send requests: each starts from the same fresh cluster. */
import type { KubernetesObject } from "../../engine/api/object.ts";
import { resourceKindOf } from "../../engine/api/resource-kind.ts";
import type { ApiRequest, ApiResponse, FromServer } from "../../engine/api/wire.ts";
import { kubeApiServer } from "../../engine/apiserver/kube-apiserver.ts";
import { etcd } from "../../engine/etcd/etcd.ts";
import type { Process } from "../../engine/kernel/process.ts";
import { get } from "../../engine/kernel/sorted-map.ts";
import { advanceUntil, emptyWorld, post, type Programs, spawn, type World } from "../../engine/kernel/world.ts";

const ear: Process<readonly FromServer[], FromServer> = {
  name: "ear",
  start: () => ({ state: [], effects: [] }),
  step: (heard, message) => ({ state: [...heard, message], effects: [] }),
};
const programs: Programs = new Map<string, Process<unknown, unknown>>([
  ["etcd", etcd],
  ["kube-apiserver", kubeApiServer],
  ["ear", ear],
]);
const SERVER = "control-plane/kube-apiserver";
const CLIENT = "laptop/client";
const identity = { user: "kubernetes-admin", groups: ["system:masters"] };

/** The time at which every comparison takes place. */
export const START: number = Date.UTC(2026, 10, 20, 12);

/** A cluster with its bootstrap objects and the service account that controllers would have made. */
export function freshCluster(): World {
  let world = emptyWorld(1, START);
  world = spawn(world, { address: "control-plane/etcd", program: "etcd", settings: {} }, programs);
  world = spawn(world, { address: SERVER, program: "kube-apiserver", settings: {} }, programs);
  world = spawn(world, { address: CLIENT, program: "ear", settings: {} }, programs);
  world = advanceUntil(world, 100, programs);
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
  return ask(world, { method: "POST", path: "/api/v1/namespaces/default/serviceaccounts", body: account }).world;
}

export interface Asked {
  readonly world: World;
  readonly response: ApiResponse;
}

export function ask(world: World, request: ApiRequest): Asked {
  const id = heard(world).length + 1;
  const message = { kind: "request", id, request, identity };
  const after = advanceUntil(post(world, { from: CLIENT, to: SERVER, message }), world.now + 20, programs);
  const answer = heard(after).find((one) => one.kind === "response" && one.id === id);
  if (answer?.kind !== "response") throw new Error(`no answer to ${request.method} ${request.path}`);
  return { world: after, response: answer.response };
}

function heard(world: World): readonly FromServer[] {
  return get(world.residents, CLIENT)?.state as readonly FromServer[];
}

/** Where objects of that kind are created: `/apis/apps/v1/namespaces/default/deployments`. */
export function collectionOf(object: KubernetesObject, namespace = "default"): string {
  const { apiVersion = "", kind = "" } = object;
  const resource = resourceKindOf(apiVersion, kind);
  if (resource === undefined) throw new Error(`no kind ${apiVersion} ${kind}`);
  const root = resource.group === "" ? "/api/v1" : `/apis/${apiVersion}`;
  return resource.namespaced ? `${root}/namespaces/${object.metadata.namespace ?? namespace}/${resource.plural}` : `${root}/${resource.plural}`;
}
