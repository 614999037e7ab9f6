import type { KubernetesObject } from "../api/object.ts";
import type { WatchEvent } from "../api/wire.ts";
import type { Moment } from "../kernel/process.ts";
import type { Served } from "./served.ts";
import { partialOf, tableOf } from "./table.ts";
import type { Watcher } from "./watcher.ts";

/** The object in the version and shape in which it is served. */
export function shownObject(object: KubernetesObject, served: Served): KubernetesObject {
  const { stored } = served.strategy;
  return stored === undefined ? object : stored.fromStored(object);
}

/** An event as the watcher wants to see it. */
export function shownEvent(
  event: WatchEvent,
  view: { readonly watcher: Watcher; readonly served: Served; readonly moment: Moment },
): WatchEvent {
  const { watcher, served, moment } = view;
  const object = shownObject(event.object, served);
  if (watcher.table !== undefined) {
    const table = tableOf([object], served, { now: moment.epochMillis + moment.now, include: watcher.table });
    return { type: event.type, object: table as unknown as KubernetesObject };
  }
  if (watcher.metadataOnly === true) return { type: event.type, object: partialOf(object) };
  return object === event.object ? event : { type: event.type, object };
}
