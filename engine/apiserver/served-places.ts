import { allCustom, customAt, DEFINITIONS } from "./custom/served.ts";
import { builtInAt, builtInServed, type Served } from "./served.ts";
import { collectionAt, type ServerState } from "./state.ts";

/** The collection served at `group/version/plural`: built in, or defined by a CustomResourceDefinition. */
export function servedAtPlace(state: ServerState, place: string): Served | undefined {
  return builtInAt(place) ?? customAt(collectionAt(state, DEFINITIONS).objects, place);
}

/** Everything that is served, in the order of discovery. */
export function allServed(state: ServerState): readonly Served[] {
  const custom = allCustom(collectionAt(state, DEFINITIONS).objects);
  return custom.length === 0 ? builtInServed : [...builtInServed, ...custom];
}
