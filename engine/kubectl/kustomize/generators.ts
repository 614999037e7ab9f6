// After kustomize api/internal/generators and api/hasher.
import { encodeBase64 } from "../base64.ts";
import { refusal } from "../failure.ts";
import { fieldsAt, list, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { readFile, type Session, type Talk } from "../talk.ts";
import { configMapHash, secretHash } from "../content-hash.ts";

/** Marks an object whose name gets the hash of its content, until names are settled. */
export const HASH_SUFFIX = "kustomize.config.k8s.io/hash-suffix";

/** The ConfigMaps and Secrets that the generators make; their names carry a hash. */
export function* generated(session: Session, directory: string, kustomization: Fields): Talk<readonly Fields[]> {
  const objects: Fields[] = [];
  const options = fieldsAt(kustomization, "generatorOptions");
  for (const [part, kind] of [
    ["configMapGenerator", "ConfigMap"],
    ["secretGenerator", "Secret"],
  ] as const) {
    for (const generator of rowsAt(kustomization, part)) {
      const texts = yield* textsOf(session, directory, generator);
      objects.push(objectOf(kind, { generator, options: { ...options, ...fieldsAt(generator, "options") }, texts }));
    }
  }
  return objects;
}

type Texts = Readonly<Record<string, string>>;

function* textsOf(session: Session, directory: string, generator: Fields): Talk<Texts> {
  const texts: Record<string, string> = {};
  for (const literal of list(generator["literals"]).map(text)) {
    const equals = literal.indexOf("=");
    if (equals < 0) throw refusal(`invalid literal source ${literal}, expected key=value`);
    texts[literal.slice(0, equals)] = literal.slice(equals + 1).replace(/^(['"])(.*)\1$/, "$2");
  }
  for (const source of list(generator["files"]).map(text)) {
    const [first = "", second] = source.split("=");
    texts[second === undefined ? (first.split("/").at(-1) ?? first) : first] = yield* fileText(
      session,
      `${directory}/${second ?? first}`,
    );
  }
  const environments = [...list(generator["envs"]), ...(generator["env"] === undefined ? [] : [generator["env"]])].map(
    text,
  );
  for (const path of environments) {
    for (const line of (yield* fileText(session, `${directory}/${path}`)).split("\n")) {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed.startsWith("#")) continue;
      texts[trimmed.split("=")[0] ?? ""] = trimmed.slice(trimmed.indexOf("=") + 1);
    }
  }
  return texts;
}

function* fileText(session: Session, path: string): Talk<string> {
  const file = yield* readFile(session, path);
  if (file === undefined)
    throw refusal(
      `loading KV pairs: file sources: [${path}]: evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`,
    );
  return file.text;
}

interface Making {
  readonly generator: Fields;
  readonly options: Fields;
  readonly texts: Texts;
}

function objectOf(kind: "ConfigMap" | "Secret", { generator, options, texts }: Making): Fields {
  const name = textAt(generator, "name");
  const type = textAt(generator, "type") || "Opaque";
  const sorted = Object.fromEntries(
    sortedKeys(texts).map((key) => [key, kind === "Secret" ? encodeBase64(texts[key] ?? "") : (texts[key] ?? "")]),
  );
  const hash = kind === "Secret" ? secretHash({ name, type, data: sorted }) : configMapHash(name, sorted);
  const annotations = {
    ...fieldsAt(options, "annotations"),
    ...(options["disableNameSuffixHash"] === true ? {} : { [HASH_SUFFIX]: hash }),
  };
  const labels = fieldsAt(options, "labels");
  const namespace = textAt(generator, "namespace");
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      ...(namespace === "" ? {} : { namespace }),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    ...(Object.keys(sorted).length > 0 ? { data: sorted } : {}),
    ...(kind === "Secret" ? { type } : {}),
  };
}
