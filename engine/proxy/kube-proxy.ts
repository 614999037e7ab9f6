// After kubernetes v1.36 pkg/proxy/runner (bounded frequency), pkg/proxy/iptables/proxier.go; not modelled: packets and rules
// themselves (the network chapters bring them); here are the tables that the rules are written from and the time of writing.
import type { KubernetesObject } from "../api/object.ts";
import { type Informed, type Informer, isFor, openInformer, receive } from "../client/informer.ts";
import type { Caller } from "../client/requests.ts";
import type { Address, Birth, Effect, Millis, Moment, Outcome, Process } from "../kernel/process.ts";
import { forEach, get, remove, set, size, type SortedMap } from "../kernel/sorted-map.ts";
import type { ToProxy } from "../network/resolve.ts";
import { type ServiceTable, tableOf } from "./service-table.ts";

/** Source: kube-proxy v1.36 default iptables.minSyncPeriod 1 s: two syncs are never closer. */
export const SYNC_PERIOD_MILLIS_MIN: Millis = 1000;

/** How long one sync takes. Source: recording golden/f-kube-proxy/propagation, rules follow the slice within 0.1 s after a quiet second. */
export const SYNC_DURATION_MILLIS: Millis = 50;

export interface ProxySettings {
  readonly server: Address;
  readonly node: string;
}

export interface ProxyState {
  readonly services: Informer<KubernetesObject>;
  readonly slices: Informer<KubernetesObject>;
  /** The rules in force. */
  readonly table: ServiceTable;
  readonly followers: SortedMap<string, Follower>;
  readonly lastSyncAt: Millis | undefined;
  readonly isPending: boolean;
}

interface Follower {
  readonly client: Address;
  readonly id: number;
  readonly address: string;
}

type Message = ToProxy | { readonly kind: "wake"; readonly key: string };

export const kubeProxy: Process<ProxyState, Message> = { name: "kube-proxy", start, step };

function start(birth: Birth): Outcome<ProxyState> {
  const { server, node } = birth.settings as ProxySettings;
  const caller: Caller = {
    identity: { user: "system:kube-proxy", groups: ["system:node-proxier"] },
    userAgent: `kube-proxy/v1.36.2 (${node})`,
  };
  const services = openInformer<KubernetesObject>({
    resource: { group: "", version: "v1", plural: "services" },
    server,
    caller,
    id: 1,
  });
  const slices = openInformer<KubernetesObject>({
    resource: { group: "discovery.k8s.io", version: "v1", plural: "endpointslices" },
    server,
    caller,
    id: 2,
  });
  const state: ProxyState = {
    services: services.informer,
    slices: slices.informer,
    table: null,
    followers: null,
    lastSyncAt: undefined,
    isPending: false,
  };
  return { state, effects: [...services.effects, ...slices.effects] };
}

function step(state: ProxyState, message: Message, moment: Moment): Outcome<ProxyState> {
  switch (message.kind) {
    case "follow":
      return follow(state, message, moment);
    case "unfollow": {
      const followers = remove(state.followers, `${moment.from} ${message.id}`);
      return { state: { ...state, followers }, effects: [] };
    }
    case "wake":
      if (message.key === "sync") return sync(state, moment);
  }
  return inform(state, message, moment);
}

function follow(
  state: ProxyState,
  message: { readonly id: number; readonly address: string },
  moment: Moment,
): Outcome<ProxyState> {
  const follower = { client: moment.from, id: message.id, address: message.address };
  const followers = set(state.followers, `${moment.from} ${message.id}`, follower);
  return { state: { ...state, followers }, effects: [tell(follower, state.table)] };
}

function tell(follower: Follower, table: ServiceTable): Effect {
  const backends = get(table, follower.address)?.backends;
  return { kind: "send", to: follower.client, message: { kind: "backends", id: follower.id, backends } };
}

function inform(state: ProxyState, message: Message, moment: Moment): Outcome<ProxyState> {
  const which = isFor(state.services, message) ? "services" : "slices";
  if (which === "slices" && !isFor(state.slices, message)) return { state, effects: [] };
  const informed: Informed<KubernetesObject> = receive(state[which], message, moment.now);
  const next = { ...state, [which]: informed.informer };
  if (informed.changes.length === 0) return { state: next, effects: informed.effects };
  const planned = plan(next, moment.now);
  return { state: planned.state, effects: [...informed.effects, ...planned.effects] };
}

/** A sync comes as soon as it may: at once after a quiet second, else when the second is over. */
function plan(state: ProxyState, now: Millis): Outcome<ProxyState> {
  if (state.isPending) return { state, effects: [] };
  const earliest = state.lastSyncAt === undefined ? now : state.lastSyncAt + SYNC_PERIOD_MILLIS_MIN;
  const at = (earliest > now ? earliest : now) + SYNC_DURATION_MILLIS;
  return { state: { ...state, isPending: true }, effects: [{ kind: "wake", key: "sync", at }] };
}

function sync(state: ProxyState, moment: Moment): Outcome<ProxyState> {
  const objects = { services: state.services.items, slices: state.slices.items };
  const table = tableOf(objects, state.table);
  const effects: Effect[] = [{ kind: "note", note: { reason: "ProxyRulesSynced", facts: { services: size(table) } } }];
  forEach(state.followers, (follower) => {
    if (get(table, follower.address) !== get(state.table, follower.address)) effects.push(tell(follower, table));
  });
  return { state: { ...state, table, lastSyncAt: moment.now, isPending: false }, effects };
}
