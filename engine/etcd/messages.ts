// After etcd v3.6 api/etcdserverpb/rpc.proto (KV, Watch, Lease); not modelled: authentication, gRPC streams, serializable reads.
import type { Address } from "../kernel/process.ts";

/** A key with its value and the revisions that etcd keeps beside it. */
export interface KeyValue {
  readonly key: string;
  /** Opaque to etcd; kept by reference and never changed. */
  readonly value: unknown;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Counts the puts since the key was created: 1, 2, 3, … */
  readonly version: number;
  readonly lease?: number;
}

/** Keys from `key` up to and without `rangeEnd`; one key when `rangeEnd` is absent. */
export interface KeyRange {
  readonly key: string;
  readonly rangeEnd?: string;
}

/** A condition of a transaction. A key that does not exist has 0 in all three. */
export interface Compare {
  readonly key: string;
  readonly target: "modRevision" | "createRevision" | "version";
  readonly equals: number;
}

export type Operation =
  | { readonly kind: "put"; readonly key: string; readonly value: unknown; readonly lease?: number }
  | ({ readonly kind: "delete" } & KeyRange)
  | ({ readonly kind: "range" } & KeyRange);

/** All conditions hold → `success`, else `failure`; either as one step with one revision. */
export interface Transaction {
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

/** What a client asks. `id` is the client's own number for the exchange. */
export type ToEtcd =
  | ({ readonly kind: "range"; readonly id: number; readonly revision?: number; readonly limit?: number } & KeyRange)
  | ({ readonly kind: "txn"; readonly id: number } & Transaction)
  /** Tells every change from `fromRevision` on; absent: from the next one. */
  | ({ readonly kind: "watch"; readonly id: number; readonly fromRevision?: number } & KeyRange)
  | { readonly kind: "cancel-watch"; readonly id: number }
  | { readonly kind: "compact"; readonly id: number; readonly revision: number }
  | { readonly kind: "lease-grant"; readonly id: number; readonly ttlSeconds: number }
  | { readonly kind: "lease-keep-alive"; readonly id: number; readonly lease: number }
  | { readonly kind: "lease-revoke"; readonly id: number; readonly lease: number }
  | { readonly kind: "status"; readonly id: number };

export type FromEtcd =
  | {
      readonly kind: "ranged";
      readonly id: number;
      readonly revision: number;
      readonly entries: readonly KeyValue[];
      /** How many keys are in the range, beyond the limit too. */
      readonly count: number;
    }
  | {
      readonly kind: "transacted";
      readonly id: number;
      readonly revision: number;
      readonly succeeded: boolean;
      /** What the `range` operations found, in their order. */
      readonly ranges: readonly (readonly KeyValue[])[];
    }
  | {
      readonly kind: "watched";
      readonly id: number;
      readonly revision: number;
      readonly events: readonly KeyEvent[];
      /** Whose request made the change: for the trace alone. Absent for what was missed and for leases. */
      readonly origin?: Origin;
    }
  | { readonly kind: "watch-cancelled"; readonly id: number; readonly compactRevision: number }
  | { readonly kind: "compacted"; readonly id: number; readonly revision: number }
  | { readonly kind: "leased"; readonly id: number; readonly lease: number; readonly ttlSeconds: number }
  | { readonly kind: "status"; readonly id: number; readonly status: EtcdStatus }
  | { readonly kind: "failed"; readonly id: number; readonly error: string };

/** A request, by its client and the client's number of it. */
export interface Origin {
  readonly client: Address;
  readonly id: number;
}

/** One change of one key. A deletion has no `value`, a creation no `previous`. */
export interface KeyEvent {
  readonly key: string;
  readonly revision: number;
  readonly entry: KeyValue | undefined;
  readonly previous: KeyValue | undefined;
}

/** What `etcdctl endpoint status` shows. */
export interface EtcdStatus {
  readonly version: string;
  readonly revision: number;
  readonly compactRevision: number;
  readonly keys: number;
  readonly raftTerm: number;
  readonly raftIndex: number;
  readonly isLeader: boolean;
}

/** The end of the range of all keys that start with `prefix`, as clientv3.GetPrefixRangeEnd. */
export function prefixEnd(prefix: string): string {
  return `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
}
