// After client-go util/workqueue and the worker loops of kubernetes v1.36 pkg/controller/*; not modelled: leader election here.
import type { KubernetesObject } from "../api/object.ts";
import type { Change } from "../client/informer.ts";
import type { Millis } from "../kernel/process.ts";
import type { Watched } from "./cache.ts";
import type { Situation, Sync } from "./sync.ts";

/**
 * A controller: what it watches, which keys a change makes it look at, and how it works on a key.
 *
 * `sync` sees the collections as they were when it began, so what it reads may be out of date, as in life. It is called
 * for one key at a time. Whatever `memory` holds must be possible to rebuild from the API: a restart begins with the
 * `memory` given here.
 */
export interface Controller<Memory> {
  /** The name of its folder: `replica-set`. It lives at `control-plane/NAME-controller`. */
  readonly name: string;
  /** Its service account in kube-system; also the component of its Events, unless that is given. */
  readonly identity: string;
  readonly component?: string;
  /** How many keys it works on at once. */
  readonly workers: number;
  /** How often a key is tried again; without a limit when absent. */
  readonly retriesMax?: number;
  /** How many times the usual request rate it may use; 1 when absent. */
  readonly rateFactor?: number;
  readonly memory: Memory;
  /** Whether a key waits until the controller's own writes for it are visible to it (KEP 5647). */
  readonly waitsForOwnWrites?: boolean;
  readonly watches: readonly Watch<Memory>[];
  /** Keys that come up again and again. */
  readonly ticks?: readonly Tick[];
  sync(key: string, situation: Situation<Memory>): Sync;
}

/** A key that is put into the queue at start and then every `everyMillis`. */
export interface Tick {
  readonly key: string;
  readonly everyMillis: Millis;
  /** The first time; at once when absent. */
  readonly firstMillis?: Millis;
}

/** A watched collection and what to do when it changes. */
export interface Watch<Memory> {
  readonly watched: Watched<KubernetesObject>;
  react(change: Change<KubernetesObject>, situation: Situation<Memory>): Reaction<Memory>;
}

/** What follows from a change: keys to look at, and the new memory where it changes. */
export interface Reaction<Memory> {
  readonly wishes: readonly Wish[];
  readonly memory?: Memory;
}

/** A key to look at: now, after a while, or after the delay of its failures. */
export type Wish = string | { readonly key: string; readonly afterMillis: Millis };

export const NOTHING: Reaction<never> = { wishes: [] };

/** Watches a collection. The one place that trusts a change to be about the collection's kind. */
export function watch<Kind extends KubernetesObject, Memory>(
  watched: Watched<Kind>,
  react: (change: Change<Kind>, situation: Situation<Memory>) => Reaction<Memory>,
): Watch<Memory> {
  return {
    watched: watched as unknown as Watched<KubernetesObject>,
    react: (change, situation) => react(change as Change<Kind>, situation),
  };
}

/** Watches a collection only to read it. */
export function listen<Kind extends KubernetesObject, Memory>(watched: Watched<Kind>): Watch<Memory> {
  return watch<Kind, Memory>(watched, () => NOTHING);
}

/** The reaction of a controller whose keys are the objects' own. */
export function ownKey<Kind extends KubernetesObject>(change: Change<Kind>): Reaction<never> {
  return { wishes: [change.key] };
}

/** The settings of a controller's process. */
export interface ControllerSettings {
  /** The address of the API server. */
  readonly server?: string;
  readonly qps?: number;
  readonly burst?: number;
  readonly [option: string]: unknown;
}
