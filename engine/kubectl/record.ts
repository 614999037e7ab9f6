// After cli-runtime genericclioptions/record_flags.go and kubectl pkg/cmd/util parseCommandArguments: the deprecated --record.
import { boolFlag } from "./flag-set.ts";
import type { Fields } from "./json.ts";
import { withAnnotation } from "./last-applied.ts";
import type { Session } from "./talk.ts";

export const CHANGE_CAUSE = "kubernetes.io/change-cause";

/** The object with the line that changes it, where --record asks for that. */
export function recorded(session: Session, object: Fields): Fields {
  return boolFlag(session.flags, "record") ? withAnnotation(object, CHANGE_CAUSE, causeOf(session)) : object;
}

/** The line as upstream rebuilds it: arguments first, then the flags by their long names. */
function causeOf(session: Session): string {
  const flags = [...session.flags.given].flatMap(([name, values]) => values.map((value) => ` --${name}=${value}`));
  return `kubectl ${[session.path, ...session.args].join(" ")}${flags.join("")}`;
}
