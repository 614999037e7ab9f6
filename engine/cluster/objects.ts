import type { KubernetesObject } from "../api/object.ts";
import { prefixOf } from "../apiserver/served.ts";
import type { ServerState } from "../apiserver/state.ts";
import { get, type SortedMap, values, valuesWithPrefix } from "../kernel/sorted-map.ts";
import { API_SERVER } from "./addresses.ts";
import type { World } from "./world.ts";

/** A collection, or the part of it in one namespace. */
export interface Collection {
  /** The API group; the core group when absent. */
  readonly group?: string;
  readonly plural: string;
  readonly namespace?: string;
}

/** The objects of a collection as the API server has them, in the order of their keys: a look from outside, no request. */
export function objectsIn(world: World, collection: Collection): readonly KubernetesObject[] {
  const objects = treeOf(world, collection);
  const { namespace } = collection;
  return namespace === undefined ? values(objects) : valuesWithPrefix(objects, `${namespace}/`);
}

/** One object as the API server has it, or undefined. */
export function objectAt(world: World, place: Collection & { readonly name: string }): KubernetesObject | undefined {
  const { namespace, name } = place;
  return get(treeOf(world, place), namespace === undefined ? name : `${namespace}/${name}`);
}

function treeOf(world: World, collection: Collection): SortedMap<string, KubernetesObject> {
  const state = get(world.simulation.residents, API_SERVER)?.state as ServerState | undefined;
  const prefix = prefixOf(collection.group ?? "", collection.plural);
  return get(state?.collections ?? null, prefix)?.objects ?? null;
}
