// After kubernetes v1.36 staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource (strategy.go, status_strategy.go, etcd.go); not modelled: conversion webhooks.
import { allowPrefix } from "../registry/metadata.ts";
import { pathSegmentProblems } from "../../api/names.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { isEqual } from "../../api/semantic-equal.ts";
import { ageOf } from "../../api/time.ts";
import type { Cell, ScaleAccess, Strategy, UpdateStrategy } from "../registry/strategy.ts";
import { check } from "./check.ts";
import { type Definition, type DefinitionVersion, type PrinterColumn, valueAt, withValueAt } from "./definition.ts";
import { ruleErrors } from "./rules.ts";
import { type StructuralSchema, withDefaults } from "./structural.ts";

/** In the order in which discovery tells them for custom resources. Source: apiextensions-apiserver/pkg/apiserver/customresource_discovery_controller.go. */
const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"] as const;

/** What the API server knows about one version of a custom kind. */
export function customStrategy(definition: Definition, version: DefinitionVersion): Strategy {
  const { group, names, scope } = definition.spec;
  const schema = version.schema?.openAPIV3Schema ?? {};
  const hasStatus = version.subresources?.status !== undefined;
  const columns = version.additionalPrinterColumns ?? [AGE];
  const scale = scaleOf(version);
  const status = {
    name: "status",
    kind: names.kind,
    namespaced: scope === "Namespaced",
    verbs: ["get", "patch", "update"],
  };
  const scaleResource = { ...status, name: "scale", kind: "Scale", group: "autoscaling", version: "v1" };
  return {
    resource: {
      group,
      version: version.name,
      kind: names.kind,
      listKind: names.listKind ?? `${names.kind}List`,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: scope === "Namespaced",
      verbs: VERBS,
      subresources: [...(hasStatus ? [status] : []), ...(scale === undefined ? [] : [scaleResource])],
      columns: [],
      schema: "",
    },
    ...(scale === undefined ? {} : { scale }),
    defaults: (object) => withDefaults(object, schema) as KubernetesObject,
    prepareForCreate: (object) => withGeneration(hasStatus ? withoutStatus(object) : object, 1),
    validate: (object) => [...check(object, schema), ...ruleErrors(object, undefined, schema)],
    warnings: () =>
      version.deprecated === true
        ? [version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated`]
        : [],
    nameRule: allowPrefix(pathSegmentProblems),
    update: updateOf(schema, hasStatus),
    subresources: hasStatus ? { status: statusOf(schema) } : {},
    createOnUpdate: false,
    unconditionalUpdate: false,
    deletion: { propagation: "Background" },
    columns: [NAME, ...columns.map(columnOf)],
    cells: (object, now) => [object.metadata.name ?? "", ...columns.map((column) => cellOf(object, column, now))],
    fields: Object.fromEntries(
      (version.selectableFields ?? []).map(({ jsonPath }) => [
        jsonPath.replace(/^\./, ""),
        (object) => String(valueAt(object, jsonPath) ?? ""),
      ]),
    ),
  };
}

const AGE: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const NAME = { name: "Name", type: "string", format: "name", priority: 0 };

function columnOf(column: PrinterColumn): Strategy["columns"][number] {
  const { name, type, format = "", priority = 0 } = column;
  return { name, type, format, priority };
}

function cellOf(object: KubernetesObject, column: PrinterColumn, now: number): Cell {
  const value = valueAt(object, column.jsonPath);
  if (column.type === "date") return typeof value === "string" ? ageOf(value, now) : "<unknown>";
  if (value === undefined || value === null) return "";
  if (column.type === "integer" || column.type === "number") return typeof value === "number" ? value : "";
  if (column.type === "boolean") return typeof value === "boolean" ? value : "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

function withoutStatus(object: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = object;
  return rest;
}

function withGeneration(object: KubernetesObject, generation: number): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, generation } };
}

function updateOf(schema: StructuralSchema, hasStatus: boolean): UpdateStrategy {
  return {
    prepareForUpdate: (object, old) => {
      const kept = hasStatus ? withStatusOf(object, old) : object;
      return isEqual(withoutMetadata(kept), withoutMetadata(old))
        ? kept
        : withGeneration(kept, (old.metadata.generation ?? 0) + 1);
    },
    validateUpdate: (object, old) => [...check(object, schema), ...ruleErrors(object, old, schema)],
  };
}

function withStatusOf(object: KubernetesObject, old: KubernetesObject): KubernetesObject {
  if (object.status === old.status) return object;
  const rest = withoutStatus(object);
  return old.status === undefined ? rest : { ...rest, status: old.status };
}

function withoutMetadata(object: KubernetesObject): object {
  const { metadata: _, ...rest } = object;
  return rest;
}

function statusOf(schema: StructuralSchema): UpdateStrategy {
  return {
    prepareForUpdate: (object, old) => {
      const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, ...metadata } = object.metadata;
      const { labels, annotations, finalizers, ownerReferences } = old.metadata;
      const kept = {
        ...metadata,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
        ...(finalizers === undefined ? {} : { finalizers }),
        ...(ownerReferences === undefined ? {} : { ownerReferences }),
      };
      return { ...old, metadata: kept, ...(object.status === undefined ? {} : { status: object.status }) };
    },
    validateUpdate: (object, old) => [...check(object, schema), ...ruleErrors(object, old, schema)],
  };
}

function scaleOf(version: DefinitionVersion): ScaleAccess | undefined {
  const paths = version.subresources?.scale;
  if (paths === undefined) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  return {
    replicas: (object) => number(valueAt(object, specReplicasPath)),
    statusReplicas: (object) => number(valueAt(object, statusReplicasPath)),
    selector: (object) => (labelSelectorPath === undefined ? "" : String(valueAt(object, labelSelectorPath) ?? "")),
    withReplicas: (object, replicas) => withValueAt(object, specReplicasPath, replicas),
  };
}
