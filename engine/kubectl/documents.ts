// After cli-runtime pkg/resource/visitor.go (FileVisitor, StreamVisitor, FlattenListVisitor), mapper.go and apimachinery pkg/util/yaml/decoder.go.
import { goJson, goQuote } from "../api/go-quote.ts";
import { failureOf, refusal, type Failure } from "./failure.ts";
import { at, put, rowsAt, textAt, type Fields } from "./json.ts";
import { buildKustomization } from "./kustomize/build.ts";
import { localMapping } from "./local-mapping.ts";
import { mappingOfKind } from "./mapping.ts";
import type { Selection } from "./selection.ts";
import { throwTogether } from "./selection.ts";
import { splitDocuments } from "./split-documents.ts";
import { readFile, readStdin, type Session, type Talk } from "./talk.ts";
import { parseDocument } from "./yaml-text.ts";
import type { Each, Info } from "./info.ts";

/** A text that holds manifests, and how messages name it. */
interface Source {
  readonly name: string;
  readonly text: string;
}

const EXTENSIONS = [".json", ".yaml", ".yml"];

/** Calls `each` for every object in the files of a selection, in order; `failures` gathers what the selection lets continue. */
export function* documentsOf(session: Session, selection: Selection, each: Each, failures: Failure[]): Talk<void> {
  const sources = yield* sourcesOf(session, selection);
  const continueOnError = selection.continueOnError === true;
  const documents = sources.flatMap((source) => splitDocuments(source.text).map((document) => ({ source, document })));
  for (const { source, document } of documents) {
    try {
      yield* eachInDocument(session, { selection, source, document }, each);
    } catch (caught) {
      if (!continueOnError) throw caught;
      failures.push(failureOf(caught));
    }
  }
}

function* sourcesOf(session: Session, selection: Selection): Talk<readonly Source[]> {
  const sources: Source[] = [];
  const missing: Failure[] = [];
  for (const path of selection.filenames ?? []) {
    if (path === selection.kustomize) {
      sources.push({ name: path, text: yield* buildKustomization(session, path) });
      continue;
    }
    if (path === "-") {
      sources.push({ name: "STDIN", text: yield* readStdin() });
      continue;
    }
    if (/^https?:\/\//.test(path)) throw refusal(`unable to read URL ${goQuote(path)}, no access to the network`);
    const found = yield* readSources(session, path, selection.recursive === true);
    if (found === undefined) missing.push({ kind: "text", message: `the path ${goQuote(path)} does not exist` });
    else sources.push(...found);
  }
  throwTogether(missing);
  return sources;
}

function* readSources(session: Session, path: string, recursive: boolean): Talk<readonly Source[] | undefined> {
  const file = yield* readFile(session, path);
  if (file === undefined) return undefined;
  if (file.entries === undefined) return [{ name: path, text: file.text }];
  const sources = yield* readDirectory(session, path.replace(/\/$/, ""), recursive);
  if (sources.length === 0) throw refusal(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
  return sources;
}

function* readDirectory(session: Session, path: string, recursive: boolean): Talk<readonly Source[]> {
  const directory = yield* readFile(session, path);
  const sources: Source[] = [];
  for (const entry of [...(directory?.entries ?? [])].toSorted()) {
    const below = `${path}/${entry}`;
    const file = yield* readFile(session, below);
    if (file?.entries !== undefined) {
      if (recursive) sources.push(...(yield* readDirectory(session, below, true)));
    } else if (file !== undefined && EXTENSIONS.some((extension) => entry.endsWith(extension))) {
      sources.push({ name: below, text: file.text });
    }
  }
  return sources;
}

interface Reading {
  readonly selection: Selection;
  readonly source: Source;
  readonly document: string;
}

function* eachInDocument(session: Session, reading: Reading, each: Each): Talk<void> {
  const { selection, source } = reading;
  const parsed = parseDocument(reading.document);
  if (parsed.kind === "refused") throw refusal(`error parsing ${source.name}: ${parsed.message}`);
  const object = parsed.value as Fields;
  if (object === null || object === undefined) return;
  if (selection.unvalidated !== true) validate(object, source.name);
  for (const item of itemsOf(object))
    yield* each(yield* infoOf(session, { selection, source: source.name, object: item }));
}

function validate(object: Fields, source: string): void {
  const problems: string[] = [];
  if (textAt(object, "apiVersion") === "") problems.push("apiVersion not set");
  if (textAt(object, "kind") === "") problems.push("kind not set");
  if (problems.length === 0) return;
  const said = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
  throw refusal(
    `error validating ${goQuote(source)}: error validating data: ${said}; if you choose to ignore these errors, turn validation off with --validate=false`,
  );
}

function itemsOf(object: Fields): readonly Fields[] {
  const isList = textAt(object, "kind").endsWith("List") && Array.isArray(object["items"]);
  if (!isList) return [object];
  return rowsAt(object, "items").flatMap(itemsOf);
}

interface Found {
  readonly selection: Selection;
  readonly source: string;
  readonly object: Fields;
}

function* infoOf(session: Session, found: Found): Talk<Info> {
  const { selection, source, object } = found;
  const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
  if (kind === "")
    throw refusal(`unable to decode ${goQuote(source)}: Object 'Kind' is missing in '${goJson(object)}'`);
  const [name, namespace] = [textAt(object, "metadata", "name"), textAt(object, "metadata", "namespace")];
  const mapping =
    selection.local === true ? localMapping(apiVersion, kind) : yield* mappingOfKind(session, apiVersion, kind);
  if (mapping === undefined) {
    throw refusal(
      `resource mapping not found for name: ${goQuote(name)} namespace: ${goQuote(namespace)} from ${goQuote(source)}: no matches for kind ${goQuote(kind)} in version ${goQuote(apiVersion)}\nensure CRDs are installed first`,
    );
  }
  return inNamespace(selection, { mapping, namespace, name, source, object });
}

function inNamespace(selection: Selection, info: Info): Info {
  const { mapping, object } = info;
  if (!mapping.namespaced) return { ...info, namespace: "" };
  if (selection.enforceNamespace === true && info.namespace !== "" && info.namespace !== selection.namespace) {
    throw refusal(
      `the namespace from the provided object ${goQuote(info.namespace)} does not match the namespace ${goQuote(selection.namespace)}. You must pass '--namespace=${info.namespace}' to perform this operation.`,
    );
  }
  if (info.namespace !== "" || selection.namespace === "" || at(object, "metadata") === undefined) return info;
  return {
    ...info,
    namespace: selection.namespace,
    object: put(object, ["metadata", "namespace"], selection.namespace),
  };
}
