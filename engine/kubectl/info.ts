import type { Fields } from "./json.ts";
import { objectPath } from "./mapping.ts";
import type { ResourceMapping } from "./resource-mapping.ts";
import type { NamedObject } from "./selection.ts";
import type { Talk } from "./talk.ts";

/** One object, or one table, that a command is about. */
export interface Info {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly name: string;
  /** The file it came from, or empty. */
  readonly source: string;
  readonly object: Fields;
}

export type Each = (info: Info) => Talk<void>;

/** The path of an object, or of one of its subresources. */
export function pathOf(info: NamedObject, subresource?: string): string {
  const path = objectPath(info.mapping, info.namespace, info.name);
  return subresource === undefined || subresource === "" ? path : `${path}/${subresource}`;
}

/** Go's GroupVersionResource.String. */
export function resourceText(mapping: ResourceMapping): string {
  return `${mapping.group}/${mapping.version}, Resource=${mapping.plural}`;
}
