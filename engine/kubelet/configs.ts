// After kubernetes v1.36 pkg/kubelet/configmap, secret: fetched when a pod needs them. Not modelled: the watch per object, the cache's life.
import type { KubernetesObject } from "../api/object.ts";
import type { ApiResponse } from "../api/wire.ts";
import { getRequest } from "../client/requests.ts";
import type { Answer } from "./job.ts";
import { send } from "./send.ts";
import type { Turn } from "./state.ts";

/** Asks for `configmaps/namespace/name` or `secrets/namespace/name`; the job waits for it. */
export function fetchConfig(turn: Turn, uid: string, key: string): Answer | undefined {
  const [plural = "", namespace = "", name = ""] = key.split("/");
  const request = getRequest({ resource: { group: "", version: "v1", plural }, namespace, name });
  send(turn, { kind: "config", key, uid }, request);
  return undefined;
}

/** The answer to such a question. */
export function configAnswer(response: ApiResponse): Answer {
  return { kind: "object", object: response.code === 200 ? (response.body as KubernetesObject) : null };
}
