import type { FromServer, ToServer } from "../api/wire.ts";
import type { Refused } from "../kernel/process.ts";
import { get } from "../kernel/sorted-map.ts";
import type { Turn } from "./state.ts";
import { closeWatch, streamKey } from "./watch-request.ts";

/** The client ends a watch or a stream. */
export function hangUp(turn: Turn, id: number): void {
  const key = streamKey(turn.moment.from, id);
  const stream = get(turn.state.streams, key);
  if (stream?.kind === "watch") closeWatch(turn, key, stream.prefix);
}

/** Bytes of a client for a stream. */
export function passOn(_turn: Turn, _message: Extract<ToServer, { readonly kind: "stream" }>): void {}

/** What a kubelet answers. */
export function passToServer(_turn: Turn, _message: FromServer): void {}

/** Nobody listens where something was sent. */
export function proxyRefused(_turn: Turn, _message: Refused): void {}
