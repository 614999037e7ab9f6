// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go (bookmarkFrequency); not modelled: the spread by chance.
import { get, values } from "../kernel/sorted-map.ts";
import { send } from "./fan-out.ts";
import { servedAtPlace } from "./served-places.ts";
import { collectionAt, type Turn } from "./state.ts";
import { bookmark, streamKey, wakeForBookmark } from "./watch-request.ts";
import type { Watcher } from "./watcher.ts";

/** Tells a watcher how far it has come, and sees to the next time. */
export function sendBookmark(turn: Turn, key: string): void {
  const stream = get(turn.state.streams, key);
  if (stream?.kind !== "watch") return;
  const { watchers, byNode } = collectionAt(turn.state, stream.prefix);
  const isIt = (watcher: Watcher): boolean => streamKey(watcher.client, watcher.id) === key;
  const watcher = watchers.find(isIt) ?? values(byNode).flat().find(isIt);
  const served = watcher === undefined ? undefined : servedAtPlace(turn.state, watcher.place);
  if (watcher === undefined || served === undefined) return;
  const { revision } = turn.state;
  send(turn, watcher, { events: [bookmark({ served }, revision, false)], resourceVersion: revision, items: undefined });
  turn.effects.push(wakeForBookmark(key, turn.moment.now));
}
