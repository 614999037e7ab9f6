// After sigs.k8s.io/kustomize/v5 api: what a chapter needs of it; not modelled: components, replacements, helm, vars, transformers, remote bases.
import { refusal } from "../failure.ts";
import { at, fields, fieldsAt, isFields, list, rowsAt, text, textAt, type Fields } from "../json.ts";
import { readFile, type Session, type Talk } from "../talk.ts";
import { splitDocuments } from "../split-documents.ts";
import { parseDocument, toYaml } from "../yaml-text.ts";
import { generated } from "./generators.ts";
import { patched } from "./patches.ts";
import { named, withNamespace, withPairs, withImages, withReplicas } from "./transforms.ts";

const FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** The objects of a kustomization as YAML documents. */
export function* buildKustomization(session: Session, path: string): Talk<string> {
  const objects = yield* objectsOf(session, path.replace(/\/$/, ""));
  return objects.map((object) => toYaml(object)).join("---\n");
}

function* objectsOf(session: Session, directory: string): Talk<readonly Fields[]> {
  const kustomization = yield* kustomizationOf(session, directory);
  const resources: Fields[] = [];
  for (const entry of [...list(kustomization["resources"]), ...list(kustomization["bases"])].map(text)) {
    resources.push(...(yield* resourceAt(session, `${directory}/${entry}`)));
  }
  const made = yield* generated(session, directory, kustomization);
  const changed = yield* patched(session, directory, { kustomization, objects: [...resources, ...made] });
  return transformed(kustomization, changed);
}

function* kustomizationOf(session: Session, directory: string): Talk<Fields> {
  const place = yield* readFile(session, directory);
  if (place === undefined)
    throw refusal(
      `must build at directory: not a valid directory: evalsymlink failure on '${directory}' : lstat ${directory}: no such file or directory`,
    );
  for (const name of FILES) {
    const file = yield* readFile(session, `${directory}/${name}`);
    if (file === undefined || file.entries !== undefined) continue;
    const parsed = parseDocument(file.text);
    if (parsed.kind === "refused") throw refusal(`invalid Kustomization: ${parsed.message}`);
    return fields(parsed.value);
  }
  const root = directory.startsWith("/")
    ? directory
    : `${session.invocation.workingDirectory}/${directory.replace(/^\.\/?/, "")}`.replace(/\/$/, "");
  throw refusal(
    `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`,
  );
}

function* resourceAt(session: Session, path: string): Talk<readonly Fields[]> {
  const normal = normalized(path);
  const file = yield* readFile(session, normal);
  if (file === undefined)
    throw refusal(
      `accumulating resources: accumulation err='accumulating resources from '${normal}': evalsymlink failure on '${normal}' : lstat ${normal}: no such file or directory'`,
    );
  if (file.entries !== undefined) return yield* objectsOf(session, normal);
  return splitDocuments(file.text).flatMap((document) => {
    const parsed = parseDocument(document);
    if (parsed.kind === "refused") throw refusal(`accumulating resources: ${parsed.message}`);
    return isFields(parsed.value) ? itemsOf(parsed.value) : [];
  });
}

function itemsOf(object: Fields): readonly Fields[] {
  return textAt(object, "kind") === "List" ? rowsAt(object, "items") : [object];
}

/** `d/../base` is `base`. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function transformed(kustomization: Fields, objects: readonly Fields[]): readonly Fields[] {
  let changed = objects;
  const namespace = textAt(kustomization, "namespace");
  if (namespace !== "") changed = changed.map((object) => withNamespace(object, namespace));
  const common = fieldsAt(kustomization, "commonLabels");
  if (Object.keys(common).length > 0)
    changed = changed.map((object) =>
      withPairs(object, { part: "labels", pairs: common, selectors: true, templates: true }),
    );
  for (const entry of rowsAt(kustomization, "labels")) {
    const selectors = entry["includeSelectors"] === true;
    changed = changed.map((object) =>
      withPairs(object, {
        part: "labels",
        pairs: fieldsAt(entry, "pairs"),
        selectors,
        templates: selectors || entry["includeTemplates"] === true,
      }),
    );
  }
  const annotations = fieldsAt(kustomization, "commonAnnotations");
  if (Object.keys(annotations).length > 0)
    changed = changed.map((object) =>
      withPairs(object, { part: "annotations", pairs: annotations, selectors: false, templates: true }),
    );
  changed = changed.map((object) =>
    withImages(withReplicas(object, rowsAt(kustomization, "replicas")), rowsAt(kustomization, "images")),
  );
  return named(changed, {
    prefix: textAt(kustomization, "namePrefix"),
    suffix: textAt(kustomization, "nameSuffix"),
  }).map((object) => (at(object, "metadata") === undefined ? object : object));
}
