import { sendBookmark } from "./bookmarks.ts";
import { get } from "../kernel/sorted-map.ts";
import type { Turn } from "./state.ts";
import { BOOKMARK_WAKE, closeWatch } from "./watch-request.ts";

/** What is due. */
export function handleWake(turn: Turn, key: string): void {
  if (key.startsWith(BOOKMARK_WAKE)) return sendBookmark(turn, key.slice(BOOKMARK_WAKE.length));
  if (!key.startsWith("watch-end ")) return;
  const stream = key.slice("watch-end ".length);
  const open = get(turn.state.streams, stream);
  if (open?.kind !== "watch") return;
  closeWatch(turn, stream, open.prefix);
  const space = stream.lastIndexOf(" ");
  const id = Number(stream.slice(space + 1));
  turn.effects.push({ kind: "send", to: stream.slice(0, space), message: { kind: "closed", id } });
}
