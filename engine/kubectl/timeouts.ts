import { parseDuration } from "./duration.ts";
import { textFlag } from "./flag-set.ts";
import type { Session } from "./talk.ts";

/** A flag such as --request-timeout in milliseconds: bare numbers are seconds, 0 is no limit. */
export function goDurationOr(session: Session, flag: string): number | undefined {
  const written = textFlag(session.flags, flag);
  if (written === "" || written === "0" || written === "0s") return undefined;
  if (/^\d+$/.test(written)) return Number(written) * 1000;
  const duration = parseDuration(written);
  return duration.kind === "duration" && duration.millis > 0 ? duration.millis : undefined;
}
