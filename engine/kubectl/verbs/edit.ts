// After kubectl pkg/cmd/util/editor/editoptions.go.
import { refusal } from "../failure.ts";
import type { Session, Talk } from "../talk.ts";

export function* editAndApply(_session: Session, _mode: "create" | "edit"): Talk<number> {
  throw refusal("edit");
}
