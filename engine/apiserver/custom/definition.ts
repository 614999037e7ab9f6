import { findAll, parseJsonPath } from "../registry/extensions/json-path.ts";
import type { StructuralSchema } from "./structural.ts";
import type { KubernetesObject } from "../../api/object.ts";

/** A CustomResourceDefinition, as far as serving needs it. Source: apiextensions-apiserver/pkg/apis/apiextensions/v1/types.go. */
export interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly scope: "Namespaced" | "Cluster";
    readonly names: DefinitionNames;
    readonly versions: readonly DefinitionVersion[];
    readonly preserveUnknownFields?: boolean;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface DefinitionNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
  readonly subresources?: {
    readonly status?: object;
    readonly scale?: {
      readonly specReplicasPath: string;
      readonly statusReplicasPath: string;
      readonly labelSelectorPath?: string;
    };
  };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export function isEstablished(definition: Definition): boolean {
  return definition.status?.conditions?.some((one) => one.type === "Established" && one.status === "True") === true;
}

/** The first value that a JSON path finds: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`. */
export function valueAt(object: unknown, path: string): unknown {
  const steps = parseJsonPath(path);
  return steps === undefined ? undefined : findAll(object, steps)[0];
}

/** The object with another value at a path of plain fields. */
export function withValueAt(object: KubernetesObject, path: string, value: unknown): KubernetesObject {
  const steps = path.split(".").filter((step) => step !== "");
  return put(object, steps, value) as KubernetesObject;
}

function put(value: unknown, steps: readonly string[], next: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return next;
  const record = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  return { ...record, [step]: put(record[step], rest, next) };
}
