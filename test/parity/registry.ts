/** What the parity comparisons of the registry share: a request through decoding, defaulting and the strategy, without a server around it. */
import type { KubernetesObject } from "../../engine/api/object.ts";
import { type ResourceKind, resourceKindOf } from "../../engine/api/resource-kind.ts";
import type { Status } from "../../engine/api/status.ts";
import { beforeCreate } from "../../engine/apiserver/registry/before-create.ts";
import { beforeUpdate } from "../../engine/apiserver/registry/before-update.ts";
import { decode } from "../../engine/apiserver/registry/decode.ts";
import { strategyOf } from "../../engine/apiserver/registry/index.ts";
import { strictProblem, undecodableStatus } from "../../engine/apiserver/registry/status-error.ts";
import type { Context, Supply } from "../../engine/apiserver/registry/strategy.ts";

export const context: Context = {
  user: { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
  namespace: "default",
  time: "2026-11-20T12:00:00Z",
  now: 1_795_176_000_000,
  uid: "00000000-0000-0000-0000-000000000000",
  suffix: "bcdfg",
};

/** An empty cluster: only the API server's own address is taken. */
export const supply: Supply = {
  freeAddress: () => "10.96.0.100",
  addressState: (address) => (address === "10.96.0.1" ? "taken" : address.startsWith("10.96.") ? "free" : "outside"),
  freePort: () => 30_100,
  portState: (port) => (port >= 30_000 && port <= 32_767 ? "free" : "outside"),
  portRange: "30000-32767",
};

export type Outcome =
  | { readonly kind: "stored"; readonly object: KubernetesObject; readonly warnings: readonly string[] }
  | { readonly kind: "refused"; readonly status: Status };

export function kindOf(body: KubernetesObject): ResourceKind | undefined {
  return resourceKindOf(body.apiVersion ?? "", body.kind ?? "");
}

/** A create with fieldValidation=Strict. */
export function create(resource: ResourceKind, body: unknown): Outcome {
  const read = decoded(resource, body);
  if (read.kind === "refused") return read;
  const strategy = strategyOf(resource);
  const prepared = beforeCreate(strategy, strategy.defaults(read.object), { ...context, ...(resource.namespaced ? {} : { namespace: "" }) }, supply);
  return prepared.kind === "refused" ? prepared : { kind: "stored", object: prepared.object, warnings: prepared.warnings };
}

export function update(resource: ResourceKind, body: unknown, old: KubernetesObject): Outcome {
  const read = decoded(resource, body, old);
  if (read.kind === "refused") return read;
  const strategy = strategyOf(resource);
  const prepared = beforeUpdate(strategy, strategy.defaults(read.object), { old, context, supply });
  return prepared.kind === "refused" ? prepared : { kind: "stored", object: prepared.object, warnings: prepared.warnings };
}

type Read = { readonly kind: "read"; readonly object: KubernetesObject } | { readonly kind: "refused"; readonly status: Status };

function decoded(resource: ResourceKind, body: unknown, old?: KubernetesObject): Read {
  const result = decode(body, resource.schema, old);
  if (result.kind === "failed") return { kind: "refused", status: undecodableStatus(resource.kind, resource.version, result.message) };
  if (result.unknown.length > 0 && old === undefined) {
    return { kind: "refused", status: undecodableStatus(resource.kind, resource.version, strictProblem(result.unknown)) };
  }
  return { kind: "read", object: result.value as KubernetesObject };
}
