// After kustomize api/builtins: patches, patchesStrategicMerge, patchesJson6902.
import { applyJsonPatch, type JsonPatchOperation } from "../../api/json-patch.ts";
import { applyMergePatch } from "../../api/merge-patch.ts";
import { schemaOfKind } from "../../api/schema.ts";
import { applyStrategicMergePatch } from "../../api/strategic-merge-patch.ts";
import { refusal } from "../failure.ts";
import { fields, fieldsAt, isFields, list, rowsAt, text, textAt, type Fields } from "../json.ts";
import { matchesLabels } from "../labels.ts";
import { readFile, type Session, type Talk } from "../talk.ts";
import { fromYaml } from "../yaml-text.ts";

interface Patching {
  readonly kustomization: Fields;
  readonly objects: readonly Fields[];
}

export function* patched(
  session: Session,
  directory: string,
  { kustomization, objects }: Patching,
): Talk<readonly Fields[]> {
  let changed = objects;
  for (const entry of list(kustomization["patchesStrategicMerge"]).map(text)) {
    const patch = fields(fromYaml(entry.includes("\n") ? entry : yield* contentOf(session, `${directory}/${entry}`)));
    changed = apply(changed, patch, {});
  }
  for (const entry of [...rowsAt(kustomization, "patches"), ...rowsAt(kustomization, "patchesJson6902")]) {
    const path = textAt(entry, "path");
    const patch = fromYaml(path === "" ? textAt(entry, "patch") : yield* contentOf(session, `${directory}/${path}`));
    changed = apply(changed, patch, fieldsAt(entry, "target"));
  }
  return changed;
}

function* contentOf(session: Session, path: string): Talk<string> {
  const file = yield* readFile(session, path);
  if (file === undefined)
    throw refusal(
      `failed to get the patch file from path(${path}): evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`,
    );
  return file.text;
}

function apply(objects: readonly Fields[], patch: unknown, target: Fields): readonly Fields[] {
  const isTargeted = (object: Fields): boolean =>
    Object.keys(target).length > 0 ? fitsTarget(object, target) : isNamedBy(object, fields(patch));
  if (!objects.some(isTargeted) && Object.keys(target).length === 0) {
    throw refusal(
      `no resource matches strategic merge patch "${textAt(patch, "kind")}.${textAt(patch, "apiVersion")}/${textAt(patch, "metadata", "name")}.[noNs]": no matches for Id ${textAt(patch, "kind")}.${textAt(patch, "apiVersion")}/${textAt(patch, "metadata", "name")}.[noNs]; failed to find unique target for patch`,
    );
  }
  return objects.map((object) => (isTargeted(object) ? one(object, patch) : object));
}

function isNamedBy(object: Fields, patch: Fields): boolean {
  return object["kind"] === patch["kind"] && textAt(object, "metadata", "name") === textAt(patch, "metadata", "name");
}

function fitsTarget(object: Fields, target: Fields): boolean {
  const fits = (part: string, value: string): boolean =>
    textAt(target, part) === "" || new RegExp(`^(?:${textAt(target, part)})$`).test(value);
  if (
    !fits("kind", textAt(object, "kind")) ||
    !fits("name", textAt(object, "metadata", "name")) ||
    !fits("namespace", textAt(object, "metadata", "namespace"))
  )
    return false;
  const selector = textAt(target, "labelSelector");
  return selector === "" || matchesLabels(selector, fieldsAt(object, "metadata", "labels"));
}

function one(object: Fields, patch: unknown): Fields {
  if (Array.isArray(patch)) {
    const outcome = applyJsonPatch(object, patch as readonly JsonPatchOperation[]);
    if (outcome.kind !== "patched") throw refusal(outcome.message);
    return outcome.value as Fields;
  }
  const [version = "", group = ""] = textAt(object, "apiVersion").split("/").toReversed();
  const schema = schemaOfKind(group, version, textAt(object, "kind"));
  const bare = isFields(patch)
    ? { ...patch, metadata: { ...fieldsAt(patch, "metadata"), name: textAt(object, "metadata", "name") } }
    : patch;
  const outcome = schema === undefined ? undefined : applyStrategicMergePatch(object, bare, schema);
  if (outcome === undefined) return applyMergePatch(object, bare) as Fields;
  if (outcome.kind !== "patched") throw refusal(outcome.message);
  return outcome.value as Fields;
}
