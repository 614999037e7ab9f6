import type { KubernetesObject } from "../../api/object.ts";
import { get, type SortedMap, values } from "../../kernel/sorted-map.ts";
import { placeOf, type Served } from "../served.ts";
import { type Definition, type DefinitionVersion, isEstablished } from "./definition.ts";
import { customStrategy } from "./strategy.ts";

/** Where CustomResourceDefinitions are kept. */
export const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

/** What a definition serves, made once for each immutable definition. */
const known = new WeakMap<object, readonly Served[]>();

function servedBy(definition: Definition): readonly Served[] {
  const found = known.get(definition);
  if (found !== undefined) return found;
  const made = isEstablished(definition)
    ? definition.spec.versions.filter((one) => one.served === true).map((one) => servedVersion(definition, one))
    : [];
  known.set(definition, made);
  return made;
}

function servedVersion(definition: Definition, version: DefinitionVersion): Served {
  const strategy = customStrategy(definition, version);
  const { group, names } = definition.spec;
  const { subresources } = strategy.resource;
  const schema = version.schema?.openAPIV3Schema;
  return {
    strategy,
    apiVersion: `${group}/${version.name}`,
    subresources,
    prefix: `${group}/${names.plural}`,
    isCustom: true,
    ...(schema === undefined ? {} : { openApiSchema: schema }),
  };
}

/** The custom collection at `group/version/plural`. */
export function customAt(definitions: SortedMap<string, KubernetesObject>, place: string): Served | undefined {
  if (definitions === null) return undefined;
  const [group = "", , plural = ""] = place.split("/");
  const definition = get(definitions, `${plural}.${group}`) as Definition | undefined;
  return definition === undefined
    ? undefined
    : servedBy(definition).find((one) => placeOf(one.strategy.resource) === place);
}

/** All custom collections, by the names of their definitions. */
export function allCustom(definitions: SortedMap<string, KubernetesObject>): readonly Served[] {
  return definitions === null ? [] : values(definitions).flatMap((definition) => servedBy(definition as Definition));
}
