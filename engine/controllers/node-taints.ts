// After kubernetes v1.36 pkg/controller/util/node and pkg/controller/controller_utils.go (AddOrUpdateTaintOnNode, RemoveTaintOffNode).
import type { Node, Taint } from "../api/generated/types.ts";
import { getRequest, patchRequest } from "../client/requests.ts";
import { edit } from "./edit.ts";
import { isSuccess, objectOf, send, type Sync, tell, whyRefused } from "./sync.ts";
import { nodes } from "./watched.ts";

export function isSameTaint(one: Pick<Taint, "key" | "effect">, other: Pick<Taint, "key" | "effect">): boolean {
  return one.key === other.key && one.effect === other.effect;
}

export function hasTaint(node: Node, taint: Pick<Taint, "key" | "effect">): boolean {
  return (node.spec?.taints ?? []).some((present) => isSameTaint(present, taint));
}

/** Source: controller_utils.go UpdateTaintBackoff: five steps. */
const TRIES = 5;

/** Adds taints, then takes others off; true when both are done. The first try counts on what the controller has seen. */
export function* swapTaints(
  node: Node,
  change: { readonly add: readonly Taint[]; readonly remove: readonly Pick<Taint, "key" | "effect">[] },
): Sync<string | undefined> {
  const refused =
    change.add.length === 0 ? undefined : yield* rewriteTaints(node, (taints) => withTaints(taints, change.add));
  if (refused !== undefined || change.remove.length === 0) return refused;
  if (!change.remove.some((taint) => hasTaint(node, taint))) return undefined;
  return yield* rewriteTaints(node, (taints) =>
    taints.filter((present) => !change.remove.some((taint) => isSameTaint(present, taint))),
  );
}

function withTaints(taints: readonly Taint[], added: readonly Taint[]): readonly Taint[] {
  let next = taints;
  for (const taint of added) {
    const index = next.findIndex((present) => isSameTaint(present, taint));
    if (index < 0) next = [...next, taint];
    else if (next[index]?.value !== taint.value) next = next.with(index, taint);
  }
  return next;
}

function* rewriteTaints(node: Node, change: (taints: readonly Taint[]) => readonly Taint[]): Sync<string | undefined> {
  const { name = "" } = node.metadata;
  const target = { resource: nodes.resource, name };
  let current = node;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const present = current.spec?.taints ?? [];
    const taints = change(present);
    if (taints === present || (taints.length === 0 && present.length === 0)) return undefined;
    const body = {
      metadata: { resourceVersion: current.metadata.resourceVersion },
      spec: { taints: taints.length === 0 ? null : taints },
    };
    const response = yield* send(patchRequest(target, { dialect: "strategic", body }));
    if (isSuccess(response)) {
      const facts = { taints: taints.map(({ key, effect }) => `${key}:${effect}`).join(", ") };
      yield* tell({ reason: "NodeTainted", object: { kind: "Node", name }, facts });
      return undefined;
    }
    if (response.code !== 409) return whyRefused(response);
    const fresh = yield* send(getRequest(target));
    if (!isSuccess(fresh)) return whyRefused(fresh);
    current = objectOf<Node>(fresh);
  }
  return `the taints of ${name} changed too often`;
}

/** The zone of a node as evictions count it: region and zone. Source: component-helpers node/topology GetZoneKey. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  const zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? "";
  const region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? "";
  return zone === "" && region === "" ? "" : `${region}:\u0000:${zone}`;
}

export function taintAt(key: string, effect: string, date: string): Taint {
  return edit({ key, effect } as Taint, { timeAdded: date });
}
