import { pathSegmentProblems } from "../api/names.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { ResourceKind } from "../api/resource-kind.ts";
import { ageOf } from "../api/time.ts";
import type { Strategy, UpdateStrategy } from "./registry/strategy.ts";

/** The strategy of a built-in kind. */
export function strategyOf(kind: ResourceKind): Strategy {
  return plainStrategy(kind);
}

/** For kinds without rules of their own: metadata alone is checked, and the status is kept apart where there is one. */
function plainStrategy(kind: ResourceKind): Strategy {
  const hasStatus = kind.subresources.some((one) => one.name === "status");
  return {
    resource: { ...kind, listKind: `${kind.kind}List` },
    defaults: (object) => object,
    prepareForCreate: (object) => object,
    validate: () => [],
    warnings: () => [],
    nameRule: (name) => pathSegmentProblems(name),
    update: hasStatus ? keepStatus : takeAll,
    subresources: hasStatus ? { status: takeStatus } : {},
    createOnUpdate: false,
    unconditionalUpdate: true,
    deletion: { propagation: "Background" },
    columns: kind.columns.length > 0 ? kind.columns : NAME_AND_AGE,
    cells: (object, now) => [object.metadata.name ?? "", ageOf(object.metadata.creationTimestamp, now)],
    fields: kind.kind === "Pod" ? podFields : {},
  };
}

const NAME_AND_AGE: Strategy["columns"] = [
  { name: "Name", type: "string", format: "name", priority: 0 },
  { name: "Age", type: "string", format: "", priority: 0 },
];

const podFields: Strategy["fields"] = {
  "spec.nodeName": (pod) => (pod.spec as { readonly nodeName?: string } | undefined)?.nodeName ?? "",
  "status.phase": (pod) => (pod.status as { readonly phase?: string } | undefined)?.phase ?? "",
};

const takeAll: UpdateStrategy = { prepareForUpdate: (object) => object, validateUpdate: () => [] };

const keepStatus: UpdateStrategy = {
  prepareForUpdate: (object, old) => withMember(object, "status", old.status),
  validateUpdate: () => [],
};

const takeStatus: UpdateStrategy = {
  prepareForUpdate: (object, old) => ({ ...old, metadata: object.metadata, ...(object.status === undefined ? {} : { status: object.status }) }),
  validateUpdate: () => [],
};

function withMember(object: KubernetesObject, key: "status", value: unknown): KubernetesObject {
  if (object[key] === value) return object;
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...rest, [key]: value };
}
