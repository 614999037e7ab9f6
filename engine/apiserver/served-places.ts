import { builtInAt, builtInServed, type Served } from "./served.ts";
import type { ServerState } from "./state.ts";

/** The collection served at `group/version/plural`: built in, or defined by a CustomResourceDefinition. */
export function servedAtPlace(_state: ServerState, place: string): Served | undefined {
  return builtInAt(place);
}

/** Everything that is served, in the order of discovery. */
export function allServed(_state: ServerState): readonly Served[] {
  return builtInServed;
}
