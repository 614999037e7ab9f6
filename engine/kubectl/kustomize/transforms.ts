// After kustomize api/builtins: namespace, labels, annotations, images, replicas, name prefix and suffix, name references.
import { at, fieldsAt, isFields, put, rowsAt, text, textAt, type Fields } from "../json.ts";
import { localMapping } from "../local-mapping.ts";
import { mapContainers } from "../pod-template.ts";
import { podSpecOf, podSpecPath, withPodSpec } from "../pod-template.ts";
import { HASH_SUFFIX } from "./generators.ts";

export function withNamespace(object: Fields, namespace: string): Fields {
  const kind = textAt(object, "kind");
  if (kind === "Namespace") return put(object, ["metadata", "name"], namespace);
  const { namespaced } = localMapping(textAt(object, "apiVersion"), kind);
  return namespaced ? put(object, ["metadata", "namespace"], namespace) : withSubjects(object, namespace);
}

function withSubjects(object: Fields, namespace: string): Fields {
  if (!textAt(object, "kind").endsWith("RoleBinding")) return object;
  const subjects = rowsAt(object, "subjects").map((each) =>
    each["kind"] === "ServiceAccount" && each["name"] === "default" ? { ...each, namespace } : each,
  );
  return { ...object, subjects };
}

export interface Pairs {
  readonly part: "labels" | "annotations";
  readonly pairs: Fields;
  readonly selectors: boolean;
  readonly templates: boolean;
}

export function withPairs(object: Fields, { part, pairs, selectors, templates }: Pairs): Fields {
  let changed = put(object, ["metadata", part], { ...fieldsAt(object, "metadata", part), ...pairs });
  const spec = podSpecPath(object);
  if (templates && spec !== undefined && spec.length > 1) {
    const path = [...spec.slice(0, -1), "metadata", part];
    changed = put(changed, path, { ...fieldsAt(changed, ...path), ...pairs });
  }
  if (!selectors) return changed;
  if (textAt(object, "kind") === "Service" && at(object, "spec", "selector") !== undefined)
    return put(changed, ["spec", "selector"], { ...fieldsAt(object, "spec", "selector"), ...pairs });
  if (at(object, "spec", "selector", "matchLabels") === undefined) return changed;
  return put(changed, ["spec", "selector", "matchLabels"], {
    ...fieldsAt(object, "spec", "selector", "matchLabels"),
    ...pairs,
  });
}

export function withReplicas(object: Fields, replicas: readonly Fields[]): Fields {
  const wanted = replicas.find((each) => each["name"] === textAt(object, "metadata", "name"));
  return wanted === undefined || at(object, "spec") === undefined
    ? object
    : put(object, ["spec", "replicas"], wanted["count"]);
}

export function withImages(object: Fields, images: readonly Fields[]): Fields {
  const spec = podSpecOf(object);
  if (spec === undefined || images.length === 0) return object;
  return withPodSpec(
    object,
    mapContainers(spec, (container) => ({ ...container, image: imageOf(textAt(container, "image"), images) })),
  );
}

function imageOf(written: string, images: readonly Fields[]): string {
  const name = written.split("@")[0]?.replace(/:[^/:]+$/, "") ?? "";
  const change = images.find((each) => each["name"] === name);
  if (change === undefined) return written;
  const tag = written.slice(name.length);
  const fresh = textAt(change, "newName") || name;
  if (textAt(change, "digest") !== "") return `${fresh}@${textAt(change, "digest")}`;
  return change["newTag"] === undefined ? fresh + tag : `${fresh}:${text(change["newTag"])}`;
}

/** Gives every object its final name and writes it where others refer to it. */
export function named(
  objects: readonly Fields[],
  affixes: { readonly prefix: string; readonly suffix: string },
): readonly Fields[] {
  const renames = new Map<string, string>();
  const renamed = objects.map((object) => {
    const name = textAt(object, "metadata", "name");
    const kind = textAt(object, "kind");
    const hash = textAt(object, "metadata", "annotations", HASH_SUFFIX);
    const isPlain = kind === "Namespace" || kind === "CustomResourceDefinition";
    const full = (isPlain ? name : affixes.prefix + name + affixes.suffix) + (hash === "" ? "" : `-${hash}`);
    renames.set(`${kind}/${name}`, full);
    const clean = hash === "" ? object : withoutHashMark(object);
    return put(clean, ["metadata", "name"], full);
  });
  return renamed.map((object) => follow(object, renames) as Fields);
}

function withoutHashMark(object: Fields): Fields {
  const { [HASH_SUFFIX]: _hash, ...annotations } = fieldsAt(object, "metadata", "annotations");
  return put(object, ["metadata", "annotations"], Object.keys(annotations).length > 0 ? annotations : undefined);
}

/** Which member names an object of which kind, by the member that holds it. Source: api/internal/konfig/builtinpluginconsts/namereference.go. */
const REFERENCES: Readonly<Record<string, readonly [member: string, kind: string]>> = {
  configMap: ["name", "ConfigMap"],
  configMapRef: ["name", "ConfigMap"],
  configMapKeyRef: ["name", "ConfigMap"],
  secret: ["secretName", "Secret"],
  secretRef: ["name", "Secret"],
  secretKeyRef: ["name", "Secret"],
  persistentVolumeClaim: ["claimName", "PersistentVolumeClaim"],
  service: ["name", "Service"],
};

function follow(value: unknown, renames: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => follow(item, renames));
  if (!isFields(value)) return value;
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const reference = REFERENCES[key];
    const member = value[key];
    const to =
      reference === undefined || !isFields(member)
        ? undefined
        : renames.get(`${reference[1]}/${text(member[reference[0]])}`);
    changed[key] =
      reference !== undefined && to !== undefined && isFields(member)
        ? { ...(follow(member, renames) as Fields), [reference[0]]: to }
        : follow(member, renames);
    if (key === "serviceAccountName") changed[key] = renames.get(`ServiceAccount/${text(member)}`) ?? member;
    if (key === "scaleTargetRef" && isFields(member))
      changed[key] = {
        ...member,
        name: renames.get(`${text(member["kind"])}/${text(member["name"])}`) ?? member["name"],
      };
  }
  return changed;
}
