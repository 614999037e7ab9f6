import type { KubernetesObject } from "../api/object.ts";
import { get, values, valuesWithPrefix } from "../kernel/sorted-map.ts";
import { componentStatuses } from "./component-statuses.ts";
import type { Served } from "./served.ts";
import { type Call, collectionAt, type ServerState } from "./state.ts";
import { selects, type Selection } from "./watcher.ts";

/** `namespace/name`, or the name of what has no namespace: the object's place in the collection. */
export function nameIn(served: Served, namespace: string, name: string): string {
  return served.strategy.resource.namespaced ? `${namespace}/${name}` : name;
}

/** The object that the request names, as it is stored. */
export function findObject(state: ServerState, call: Call): KubernetesObject | undefined {
  const { served, info } = call;
  if (served.prefix === "componentstatuses") return componentStatuses.find((one) => one.metadata.name === info.name);
  return get(collectionAt(state, served.prefix).objects, nameIn(served, info.namespace, info.name));
}

/** The objects of a selection in the order of their keys, as they are stored. */
export function selectObjects(state: ServerState, served: Served, selection: Selection): readonly KubernetesObject[] {
  if (served.prefix === "componentstatuses") return componentStatuses.filter((one) => selects(selection, one, served));
  const { objects } = collectionAt(state, served.prefix);
  const { namespace, labels, fields } = selection;
  const inPlace = namespace === "" ? values(objects) : valuesWithPrefix(objects, `${namespace}/`);
  if (labels === undefined && fields === undefined) return inPlace;
  return inPlace.filter((object) => selects(selection, object, served));
}
