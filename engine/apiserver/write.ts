import type { KubernetesObject } from "../api/object.ts";
import { rfc3339 } from "../api/time.ts";
import type { Transaction } from "../etcd/messages.ts";
import { drawName, drawUuid } from "../kernel/prng.ts";
import type { Context } from "./registry/strategy.ts";
import { type Served, storageKey } from "./served.ts";
import { type Call, timeOf, type Turn } from "./state.ts";

/** What is written: without the resourceVersion, which etcd knows by itself. */
export function storedForm(object: KubernetesObject): KubernetesObject {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Writes an object where none is. */
export function creation(prefix: string, name: string, object: KubernetesObject): Transaction {
  const key = storageKey(prefix, name);
  return {
    compare: [{ key, target: "modRevision", equals: 0 }],
    success: [{ kind: "put", key, value: storedForm(object) }],
    failure: [],
  };
}

/** Replaces an object, if it is still the one that was read. */
export function replacement(
  prefix: string,
  name: string,
  step: { readonly old: KubernetesObject; readonly object: KubernetesObject },
): Transaction {
  const key = storageKey(prefix, name);
  return {
    compare: [{ key, target: "modRevision", equals: Number(step.old.metadata.resourceVersion) }],
    success: [{ kind: "put", key, value: storedForm(step.object) }],
    failure: [],
  };
}

/** Takes an object away, if it is still the one that was read. */
export function removal(prefix: string, name: string, old: KubernetesObject): Transaction {
  const key = storageKey(prefix, name);
  return {
    compare: [{ key, target: "modRevision", equals: Number(old.metadata.resourceVersion) }],
    success: [{ kind: "delete", key }],
    failure: [],
  };
}

/** What the strategies may know; draws a uid and a suffix for an object that is created. */
export function contextOf(turn: Turn, call: Call, isCreate: boolean): Context {
  const now = timeOf(turn.moment);
  const { namespace } = call.info;
  const known = { user: call.user, ...(namespace === "" ? {} : { namespace }), time: rfc3339(now), now };
  if (!isCreate) return { ...known, uid: "", suffix: "" };
  const uid = drawUuid(turn.state.prng);
  const suffix = drawName(uid.prng, 5);
  turn.state = { ...turn.state, prng: suffix.prng };
  return { ...known, uid: uid.value, suffix: suffix.value };
}

/** The object as it is stored, when it is served in another shape. */
export function asStored(object: KubernetesObject, served: Served): KubernetesObject {
  const { stored } = served.strategy;
  return stored === undefined ? object : stored.toStored(object);
}
