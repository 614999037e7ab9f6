import type { ApiResponse } from "../api/wire.ts";
import { answerStatus, unknownResource } from "./failure.ts";
import type { User } from "./registry/strategy.ts";
import type { RequestInfo } from "./request-path.ts";
import type { Exchange, Turn } from "./state.ts";

/** Everything that is not a collection: discovery, health, version. */
export interface PlainCall {
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: User;
}

export function nonResource(_turn: Turn, _call: PlainCall): ApiResponse {
  return answerStatus(unknownResource());
}
