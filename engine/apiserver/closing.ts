import type { Effect } from "../kernel/process.ts";
import { forEach } from "../kernel/sorted-map.ts";
import type { ServerState } from "./state.ts";
import type { Watcher } from "./watcher.ts";

/** Ends every open watch: its client hears that the connection is closed, and may open another. */
export function endWatches(state: ServerState): readonly Effect[] {
  const effects: Effect[] = [];
  const end = (watcher: Watcher): void => {
    effects.push({ kind: "send", to: watcher.client, message: { kind: "closed", id: watcher.id } });
  };
  forEach(state.collections, (collection) => {
    collection.watchers.forEach(end);
    forEach(collection.byNode, (watchers) => watchers.forEach(end));
  });
  return effects;
}

/** What the machine does when the API server dies: its connections break, those of requests under way too. */
export function breakConnections(state: ServerState): readonly Effect[] {
  const effects: Effect[] = [...endWatches(state)];
  const refuse = (client: string, id: number): void => {
    const message = { kind: "refused", to: "", message: { kind: "request", id } };
    effects.push({ kind: "send", to: client, message });
  };
  forEach(state.pending, ({ exchange }) => refuse(exchange.client, exchange.id));
  for (const exchange of state.held) refuse(exchange.client, exchange.id);
  return effects;
}
