// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go; not modelled: equivalent versions.
import type { LabelSelector } from "../../../api/generated/types.ts";
import { matchesLabels, selectorOfObject } from "../../../api/label-selector.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission } from "../plugin.ts";

export interface ResourceRule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

/** Which requests a policy is about. */
export interface MatchResources {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly resourceRules?: readonly ResourceRule[];
  readonly excludeResourceRules?: readonly ResourceRule[];
}

export function matches(turn: Turn, admission: Admission, wanted: MatchResources | undefined): boolean {
  if (wanted === undefined) return true;
  const { resourceRules, excludeResourceRules = [], namespaceSelector, objectSelector } = wanted;
  if (excludeResourceRules.some((rule) => isRule(admission, rule))) return false;
  if (resourceRules !== undefined && resourceRules.length > 0 && !resourceRules.some((rule) => isRule(admission, rule)))
    return false;
  return isNamespace(turn, admission, namespaceSelector) && isObject(admission, objectSelector);
}

function isRule(admission: Admission, rule: ResourceRule): boolean {
  const { served, info } = admission.call;
  const { group, version, plural, namespaced } = served.strategy.resource;
  const resource = info.subresource === "" ? plural : `${plural}/${info.subresource}`;
  const takes = (list: readonly string[] | undefined, value: string): boolean =>
    list === undefined || list.includes("*") || list.includes(value);
  const isScope = rule.scope === undefined || rule.scope === "*" || (rule.scope === "Namespaced") === namespaced;
  const isNamed =
    (rule.resourceNames?.length ?? 0) === 0 ||
    rule.resourceNames?.includes(admission.object.metadata.name ?? "") === true;
  return (
    takes(rule.apiGroups, group) &&
    takes(rule.apiVersions, version) &&
    takes(rule.operations, admission.operation) &&
    takes(rule.resources, resource) &&
    isScope &&
    isNamed
  );
}

function isNamespace(turn: Turn, admission: Admission, selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return true;
  const { namespace } = admission.call.info;
  const isItself = admission.call.served.prefix === "namespaces";
  if (namespace === "" && !isItself) return true;
  const object = isItself ? admission.object : get(collectionAt(turn.state, "namespaces").objects, namespace);
  return matchesLabels(selectorOfObject(selector), object?.metadata.labels);
}

function isObject(admission: Admission, selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return true;
  const compiled = selectorOfObject(selector);
  return (
    matchesLabels(compiled, admission.object.metadata.labels) || matchesLabels(compiled, admission.old?.metadata.labels)
  );
}
