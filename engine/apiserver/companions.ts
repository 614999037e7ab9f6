// After kubernetes v1.36 pkg/registry/core/service/ipallocator/cidrallocator.go: each address that a Service holds is an IPAddress object.
import type { KubernetesObject } from "../api/object.ts";
import { rfc3339 } from "../api/time.ts";
import type { Operation } from "../etcd/messages.ts";
import { drawUuid } from "../kernel/prng.ts";
import { storageKey } from "./served.ts";
import { timeOf, type Turn } from "./state.ts";

/** What is written beside an object, in the same transaction. */
export function companionsOf(
  turn: Turn,
  object: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
): readonly Operation[] {
  if (!isService(object) && !isService(old)) return [];
  const held = addressesOf(object);
  const before = addressesOf(old);
  const taken = held.filter((address) => !before.includes(address)).map((address) => take(turn, object, address));
  const freed = before
    .filter((address) => !held.includes(address))
    .map((address): Operation => ({ kind: "delete", key: storageKey("ipaddresses", address) }));
  return [...freed, ...taken];
}

function isService(object: KubernetesObject | undefined): boolean {
  return object?.kind === "Service" && object.apiVersion === "v1";
}

function addressesOf(object: KubernetesObject | undefined): readonly string[] {
  const spec = object?.spec as { readonly clusterIPs?: readonly string[]; readonly type?: string } | undefined;
  if (spec?.type === "ExternalName") return [];
  return (spec?.clusterIPs ?? []).filter((address) => address !== "None" && address !== "");
}

function take(turn: Turn, service: KubernetesObject | undefined, address: string): Operation {
  const uid = drawUuid(turn.state.prng);
  turn.state = { ...turn.state, prng: uid.prng };
  const { name = "", namespace = "" } = service?.metadata ?? {};
  const value = {
    kind: "IPAddress",
    apiVersion: "networking.k8s.io/v1",
    metadata: {
      name: address,
      uid: uid.value,
      creationTimestamp: rfc3339(timeOf(turn.moment)),
      labels: {
        "ipaddress.kubernetes.io/ip-family": address.includes(":") ? "IPv6" : "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
    },
    spec: { parentRef: { resource: "services", namespace, name } },
  };
  return { kind: "put", key: storageKey("ipaddresses", address), value };
}
