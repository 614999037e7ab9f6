import type { User } from "../registry/strategy.ts";
import type { Turn } from "../state.ts";

/** Who a bearer token stands for; undefined when it is not valid. */
export function userOfToken(_turn: Turn, _token: string): User | undefined {
  return undefined;
}
