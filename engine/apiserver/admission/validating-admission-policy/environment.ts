// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/plugin/cel (filter.go, composition.go).
import type { LabelSelector } from "../../../api/generated/types.ts";
import { matchesLabels, selectorOfObject } from "../../../api/label-selector.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { get, values, valuesWithPrefix } from "../../../kernel/sorted-map.ts";
import { type Environment, evaluate } from "../../cel.ts";
import type { Served } from "../../served.ts";
import { allServed } from "../../served-places.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission } from "../plugin.ts";

export interface ParamKind {
  readonly apiVersion?: string;
  readonly kind?: string;
}

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: "Allow" | "Deny";
}

/** The objects that parameterise a policy; one `undefined` for a policy without parameters. */
export function paramsOf(
  turn: Turn,
  admission: Admission,
  wanted: { readonly kind: ParamKind | undefined; readonly reference: ParamRef | undefined },
): readonly (KubernetesObject | undefined)[] {
  const { kind, reference } = wanted;
  if (kind === undefined || reference === undefined) return [undefined];
  const served = allServed(turn.state).find(
    (one) => one.apiVersion === kind.apiVersion && one.strategy.resource.kind === kind.kind,
  );
  if (served === undefined) return [];
  const namespace = served.strategy.resource.namespaced ? (reference.namespace ?? admission.call.info.namespace) : "";
  return candidates(turn, served, namespace).filter((object) => isMeant(object, reference));
}

function candidates(turn: Turn, served: Served, namespace: string): readonly KubernetesObject[] {
  const { objects } = collectionAt(turn.state, served.prefix);
  return namespace === "" ? values(objects) : valuesWithPrefix(objects, `${namespace}/`);
}

function isMeant(object: KubernetesObject, reference: ParamRef): boolean {
  if (reference.name !== undefined) return object.metadata.name === reference.name;
  return (
    reference.selector !== undefined && matchesLabels(selectorOfObject(reference.selector), object.metadata.labels)
  );
}

/** What the expressions of a policy may name. Variables are worked out in their order, each with those before it. */
export function environmentOf(
  turn: Turn,
  admission: Admission,
  given: {
    readonly params: KubernetesObject | undefined;
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
  },
): Environment {
  const { object, old, operation, call } = admission;
  const isDeletion = operation === "DELETE";
  const base: Environment = {
    object: isDeletion ? null : object,
    oldObject: isDeletion ? object : (old ?? null),
    request: requestOf(admission),
    params: given.params ?? null,
    namespaceObject: get(collectionAt(turn.state, "namespaces").objects, call.info.namespace) ?? null,
  };
  const variables: Record<string, unknown> = {};
  for (const { name, expression } of given.variables) {
    const outcome = evaluate(expression, { ...base, variables });
    if (outcome.kind === "value") variables[name] = outcome.value;
  }
  return { ...base, variables };
}

function requestOf({ call, operation, object }: Admission): object {
  const { group, version, kind, plural } = call.served.strategy.resource;
  const { name, groups, uid = "" } = call.user;
  return {
    kind: { group, version, kind },
    resource: { group, version, resource: plural },
    subResource: call.info.subresource,
    name: object.metadata.name ?? "",
    namespace: call.info.namespace,
    operation,
    userInfo: { username: name, groups, uid },
    dryRun: call.exchange.request.query?.["dryRun"] === "All",
  };
}
