// After etcd v3.6 server/lease/lessor.go; not modelled: checkpoints of the remaining time, the minimum from the election timeout.
import { forEach, get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Effect, Millis } from "../kernel/process.ts";
import { entriesIn, type Store } from "./store.ts";
import type { Operation } from "./messages.ts";

/** A promise to forget keys unless it is renewed in time. (`Lease` alone is the API object.) */
export interface EtcdLease {
  readonly id: number;
  readonly ttlSeconds: number;
  readonly expiresAt: Millis;
}

export type EtcdLeases = SortedMap<number, EtcdLease>;

export function grant(leases: EtcdLeases, lease: EtcdLease): EtcdLeases {
  return set(leases, lease.id, lease);
}

/** The leases with that one renewed, or undefined when it is gone. */
export function keepAlive(leases: EtcdLeases, id: number, now: Millis): EtcdLeases | undefined {
  const lease = get(leases, id);
  if (lease === undefined) return undefined;
  return set(leases, id, { ...lease, expiresAt: now + lease.ttlSeconds * 1000 });
}

export function revoke(leases: EtcdLeases, id: number): EtcdLeases {
  return remove(leases, id);
}

/** The ids of the leases that are over. */
export function expired(leases: EtcdLeases, now: Millis): readonly number[] {
  const found: number[] = [];
  forEach(leases, (lease) => {
    if (lease.expiresAt <= now) found.push(lease.id);
  });
  return found;
}

/** Deletes the keys that hang on a lease. */
export function deletionsOf(store: Store, id: number): readonly Operation[] {
  return entriesIn(store.keys, { key: "", rangeEnd: "\uffff" })
    .filter((entry) => entry.lease === id)
    .map((entry) => ({ kind: "delete", key: entry.key }));
}

/** Wakes the process when the next lease ends. */
export function wakeForNext(leases: EtcdLeases): readonly Effect[] {
  let at: Millis | undefined;
  forEach(leases, (lease) => {
    if (at === undefined || lease.expiresAt < at) at = lease.expiresAt;
  });
  return at === undefined ? [] : [{ kind: "wake", key: "lease", at }];
}
