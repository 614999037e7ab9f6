import { resourceKindOf } from "../api/resource-kind.ts";
import type { ResourceMapping } from "./resource-mapping.ts";

/** What kubectl's own scheme knows of a kind, without asking a server. */
export function localMapping(apiVersion: string, kind: string): ResourceMapping {
  const known = resourceKindOf(apiVersion, kind);
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  const plural = `${kind.toLowerCase()}s`;
  return {
    group,
    version,
    plural: known?.plural ?? plural,
    singular: known?.singular ?? kind.toLowerCase(),
    kind,
    namespaced: known?.namespaced ?? true,
    shortNames: known?.shortNames ?? [],
    categories: [],
    verbs: known?.verbs ?? [],
    subresources: known?.subresources.map((each) => each.name) ?? [],
    preferred: true,
  };
}
