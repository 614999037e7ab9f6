import { refusal } from "../failure.ts";
import type { Session, Talk } from "../talk.ts";
export function* buildKustomization(_session: Session, path: string): Talk<string> {
  throw refusal(path);
}
