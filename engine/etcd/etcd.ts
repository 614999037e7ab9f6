// After etcd v3.6 server/etcdserver (v3_server.go, apply); not modelled: several members, authentication, alarms.
import type { Address, Birth, Effect, Millis, Moment, Outcome, Process } from "../kernel/process.ts";
import { deletionsOf, expired, type EtcdLeases, grant, keepAlive, revoke, wakeForNext } from "./lease.ts";
import { afterCrash, type Committed, emptyLog, FSYNC_MILLIS, type Log, type Proposal, propose, take } from "./log.ts";
import type { EtcdStatus, FromEtcd, ToEtcd } from "./messages.ts";
import {
  compact,
  emptyStore,
  entriesIn,
  eventsFrom,
  keyCount,
  keysAt,
  refusalOf,
  type Store,
  transact,
} from "./store.ts";
import { announce, isIn, tell, type Watcher } from "./watchers.ts";

/**
 * The memory of the cluster. A write is proposed to the log, and applied once the log has committed it; then watchers are told, then
 * the writer is answered, in this order, so a client that watches knows its own write before it hears of its success.
 * Reads are answered at once from what is applied.
 */
export interface EtcdState {
  readonly log: Log;
  readonly store: Store;
  readonly leases: EtcdLeases;
  readonly watchers: readonly Watcher[];
  readonly fsyncMillis: Millis;
}

export interface EtcdSettings {
  /** A slower disk than usual. */
  readonly fsyncMillis?: Millis;
}

export type EtcdMessage =
  | ToEtcd
  | Committed
  | { readonly kind: "wake"; readonly key: string }
  | { readonly kind: "refused" };

/** The version that `etcdctl version` names. Source: contract.md, "Names". */
export const ETCD_VERSION = "3.6.0";

/** How many watches one member keeps; the next one is refused. A limit of this model. */
export const WATCHERS_MAX = 10_000;

export const etcd: Process<EtcdState, EtcdMessage> = {
  name: "etcd",
  start: (birth) => ({ state: initialState(birth), effects: [] }),
  restart: (state, birth) => {
    const kept = { ...initialState(birth), log: afterCrash(state.log), store: state.store, leases: state.leases };
    return { state: kept, effects: wakeForNext(kept.leases) };
  },
  closing: (state) =>
    state.watchers.map(({ client, id }) => reply(client, { kind: "watch-cancelled", id, compactRevision: 0 })),
  step,
};

function initialState(birth: Birth): EtcdState {
  const { fsyncMillis = FSYNC_MILLIS } = (birth.settings ?? {}) as EtcdSettings;
  return { log: emptyLog, store: emptyStore, leases: null, watchers: [], fsyncMillis };
}

function step(state: EtcdState, message: EtcdMessage, moment: Moment): Outcome<EtcdState> {
  switch (message.kind) {
    case "txn":
    case "compact":
    case "lease-grant":
    case "lease-keep-alive":
    case "lease-revoke":
      return proposeFrom(state, message, moment);
    case "committed":
      return commit(state, message, moment);
    case "range":
      return { state, effects: [reply(moment.from, range(state.store, message))] };
    case "watch":
      return watch(state, message, moment);
    case "cancel-watch": {
      const watchers = state.watchers.filter((other) => other.id !== message.id || other.client !== moment.from);
      return { state: { ...state, watchers }, effects: [] };
    }
    case "status":
      return { state, effects: [reply(moment.from, { kind: "status", id: message.id, status: statusOf(state) })] };
    case "wake":
      return expire(state, moment);
    case "refused":
      return { state: withoutClient(state, moment.from), effects: [] };
  }
}

function proposeFrom(state: EtcdState, request: ToEtcd, moment: Moment): Outcome<EtcdState> {
  const { self, from } = moment;
  const proposed = propose(state.log, { from, request }, { self, fsyncMillis: state.fsyncMillis });
  return { state: { ...state, log: proposed.log }, effects: [proposed.effect] };
}

function commit(state: EtcdState, message: Committed, moment: Moment): Outcome<EtcdState> {
  const { log, proposal } = take(state.log, message.index);
  if (proposal === undefined) return { state, effects: [] };
  const applied = apply({ ...state, log }, proposal, moment);
  const answer = applied.answer === undefined ? [] : [reply(proposal.from, applied.answer)];
  return { state: applied.state, effects: [...applied.effects, ...answer] };
}

interface Applied {
  readonly state: EtcdState;
  readonly effects: readonly Effect[];
  readonly answer?: FromEtcd;
}

function apply(state: EtcdState, proposal: Proposal, moment: Moment): Applied {
  const { request, from } = proposal;
  const { id } = request;
  switch (request.kind) {
    case "txn": {
      const { store, succeeded, ranges, events } = transact(state.store, request);
      const effects =
        events.length === 0
          ? []
          : announce(state.watchers, { revision: store.revision, events, origin: { client: from, id } });
      const answer: FromEtcd = { kind: "transacted", id, revision: store.revision, succeeded, ranges };
      return { state: { ...state, store }, effects, answer };
    }
    case "compact": {
      const error = refusalOf(state.store, request.revision);
      if (error !== undefined) return { state, effects: [], answer: { kind: "failed", id, error } };
      const store = compact(state.store, request.revision);
      return { state: { ...state, store }, effects: [], answer: { kind: "compacted", id, revision: request.revision } };
    }
    case "lease-grant": {
      const { ttlSeconds } = request;
      const lease = state.log.last;
      const leases = grant(state.leases, { id: lease, ttlSeconds, expiresAt: moment.now + ttlSeconds * 1000 });
      return {
        state: { ...state, leases },
        effects: wakeForNext(leases),
        answer: { kind: "leased", id, lease, ttlSeconds },
      };
    }
    case "lease-keep-alive":
      return renew(state, request, moment.now);
    case "lease-revoke":
      return endLease(state, { lease: request.lease, id });
    default:
      return { state, effects: [] };
  }
}

function renew(state: EtcdState, request: { readonly id: number; readonly lease: number }, now: Millis): Applied {
  const { id, lease } = request;
  const leases = keepAlive(state.leases, lease, now);
  // server/lease/lessor.go ErrLeaseNotFound.
  if (leases === undefined)
    return { state, effects: [], answer: { kind: "failed", id, error: "etcdserver: requested lease not found" } };
  const answer: FromEtcd = { kind: "leased", id, lease, ttlSeconds: 0 };
  return { state: { ...state, leases }, effects: wakeForNext(leases), answer };
}

function endLease(state: EtcdState, ending: { readonly lease: number; readonly id: number }): Applied {
  const success = deletionsOf(state.store, ending.lease);
  const { store, events } = transact(state.store, { compare: [], success, failure: [] });
  const leases = revoke(state.leases, ending.lease);
  const effects = events.length === 0 ? [] : announce(state.watchers, { revision: store.revision, events });
  const answer: FromEtcd = { kind: "leased", id: ending.id, lease: ending.lease, ttlSeconds: 0 };
  return { state: { ...state, store, leases }, effects, answer };
}

function expire(state: EtcdState, moment: Moment): Outcome<EtcdState> {
  let next = state;
  const effects: Effect[] = [];
  for (const lease of expired(state.leases, moment.now)) {
    const ended = endLease(next, { lease, id: 0 });
    next = ended.state;
    effects.push(...ended.effects);
  }
  return { state: next, effects: [...effects, ...wakeForNext(next.leases)] };
}

function range(store: Store, request: Extract<ToEtcd, { readonly kind: "range" }>): FromEtcd {
  const { id, revision = store.revision, limit = 0 } = request;
  const error = refusalOf(store, revision);
  if (error !== undefined) return { kind: "failed", id, error };
  const keys = revision === store.revision ? store.keys : keysAt(store, revision);
  const found = entriesIn(keys, request);
  const entries = limit > 0 && found.length > limit ? found.slice(0, limit) : found;
  return { kind: "ranged", id, revision: store.revision, entries, count: found.length };
}

function watch(
  state: EtcdState,
  request: Extract<ToEtcd, { readonly kind: "watch" }>,
  moment: Moment,
): Outcome<EtcdState> {
  const { id, key, rangeEnd, fromRevision } = request;
  const { store, watchers } = state;
  if (watchers.length >= WATCHERS_MAX) {
    return { state, effects: [reply(moment.from, { kind: "failed", id, error: "too many watches" })] };
  }
  if (fromRevision !== undefined && fromRevision <= store.compactRevision) {
    const { compactRevision } = store;
    return { state, effects: [reply(moment.from, { kind: "watch-cancelled", id, compactRevision })] };
  }
  const watcher: Watcher = { client: moment.from, id, key, ...(rangeEnd === undefined ? {} : { rangeEnd }) };
  const missed =
    fromRevision === undefined ? [] : eventsFrom(store, fromRevision).filter((event) => isIn(watcher, event.key));
  const effects = missed.length === 0 ? [] : [tell(watcher, { revision: store.revision, events: missed })];
  return { state: { ...state, watchers: [...watchers, watcher] }, effects };
}

function statusOf(state: EtcdState): EtcdStatus {
  const { store, log } = state;
  return {
    version: ETCD_VERSION,
    revision: store.revision,
    compactRevision: store.compactRevision,
    keys: keyCount(store),
    raftTerm: 2,
    raftIndex: log.last,
    isLeader: true,
  };
}

/** A client that no longer listens watches nothing. */
function withoutClient(state: EtcdState, client: Address): EtcdState {
  return { ...state, watchers: state.watchers.filter((watcher) => watcher.client !== client) };
}

function reply(to: Address, message: FromEtcd): Effect {
  return { kind: "send", to, message };
}
