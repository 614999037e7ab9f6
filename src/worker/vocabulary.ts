import { objectsIn, type World } from "@workbook/engine";
import type { Vocabulary } from "./completion.ts";
import { homeFilesOf } from "./files.ts";

const programs = ["kubectl", "ls", "cat", "echo", "grep", "head", "tail", "wc", "sleep", "curl", "clear", "help"];
const verbs = [
  ...["annotate", "api-resources", "apply", "cluster-info", "cordon", "create", "delete", "describe", "diff", "drain"],
  ...["edit", "events", "exec", "explain", "expose", "get", "label", "logs", "patch", "replace", "rollout", "run"],
  ...["scale", "set", "taint", "top", "uncordon", "version", "wait"],
];

/** Kinds by the names that a learner types; the last is the plural under which the API serves them. */
const kinds: readonly (readonly string[])[] = [
  ["po", "pod", "pods"],
  ["deploy", "deployment", "deployments"],
  ["rs", "replicaset", "replicasets"],
  ["svc", "service", "services"],
  ["ep", "endpoints"],
  ["endpointslice", "endpointslices"],
  ["no", "node", "nodes"],
  ["ns", "namespace", "namespaces"],
  ["cm", "configmap", "configmaps"],
  ["secret", "secrets"],
  ["ev", "event", "events"],
  ["sa", "serviceaccount", "serviceaccounts"],
];

/** What Tab can complete in a world. */
export function vocabularyOf(world: World): Vocabulary {
  const files = Object.keys(homeFilesOf(world));
  return {
    programs,
    verbs,
    kinds: kinds.flatMap((names) => names.slice(-2)),
    files,
    namesOf: (kind) => namesOf(world, kind),
  };
}

function namesOf(world: World, kind: string): readonly string[] {
  const plural = kinds.find((names) => names.includes(kind))?.at(-1);
  if (plural === undefined) return [];
  const objects = objectsIn(world, { plural });
  return objects
    .filter((object) => (object.metadata.namespace ?? "default") === "default")
    .flatMap((object) => object.metadata.name ?? []);
}
