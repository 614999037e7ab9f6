import type { RequestInfo } from "../request-path.ts";
import type { User } from "../registry/strategy.ts";
import type { ServerState } from "../state.ts";

/** Undefined: allowed; else what the refusal adds to its sentence. */
export function denialOf(state: ServerState, user: User, _info: RequestInfo): string | undefined {
  if (state.settings.isOpen === true || user.groups.includes("system:masters")) return undefined;
  return undefined;
}
