// After kubectl pkg/cmd/util/override_options.go.
import { applyJsonPatch, type JsonPatchOperation } from "../api/json-patch.ts";
import { applyMergePatch } from "../api/merge-patch.ts";
import { schemaOfKind } from "../api/schema.ts";
import { applyStrategicMergePatch } from "../api/strategic-merge-patch.ts";
import { refusal } from "./failure.ts";
import { textFlag } from "./flag-set.ts";
import { textAt, type Fields } from "./json.ts";
import type { Session } from "./talk.ts";
import { parseDocument } from "./yaml-text.ts";

/** The generated object with what --overrides says, merged as --override-type says. */
export function override(session: Session, object: Fields): Fields {
  const written = textFlag(session.flags, "overrides");
  if (written === "") return object;
  const parsed = parseDocument(written);
  if (parsed.kind === "refused") throw refusal(`Invalid JSON Patch: ${parsed.message}`);
  const type = textFlag(session.flags, "override-type");
  if (type === "json") {
    const outcome = applyJsonPatch(object, parsed.value as readonly JsonPatchOperation[]);
    if (outcome.kind !== "patched") throw refusal(outcome.message);
    return outcome.value as Fields;
  }
  if (type === "merge") return applyMergePatch(object, parsed.value) as Fields;
  if (type !== "strategic") throw refusal(`invalid override type: ${type}`);
  const [version = "", group = ""] = textAt(object, "apiVersion").split("/").toReversed();
  const schema = schemaOfKind(group, version, textAt(object, "kind"));
  const outcome = schema === undefined ? undefined : applyStrategicMergePatch(object, parsed.value, schema);
  if (outcome === undefined || outcome.kind !== "patched") throw refusal(outcome?.message ?? "unknown kind");
  return outcome.value as Fields;
}
