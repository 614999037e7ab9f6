// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/get.go and apimachinery/pkg/api/errors NewBadRequest for selectors.
import { parseFieldSelector } from "../api/field-selector.ts";
import { parseLabelSelector } from "../api/label-selector.ts";
import type { Status } from "../api/status.ts";
import type { ApiRequest } from "../api/wire.ts";
import { badRequest } from "./failure.ts";
import type { Served } from "./served.ts";
import type { Selection } from "./watcher.ts";

/** What the query selects, or what is wrong with it. */
export function selectionOf(
  query: ApiRequest["query"],
  target: { readonly namespace: string; readonly name: string },
  served: Served,
): Selection | Status {
  const { namespace, name } = target;
  const labels = labelsOf(query?.["labelSelector"] ?? "", served);
  if (isStatus(labels)) return labels;
  const text = query?.["fieldSelector"] ?? "";
  const whole = name === "" ? text : `${text === "" ? "" : `${text},`}metadata.name=${name}`;
  const fields = fieldsOf(whole, served);
  if (isStatus(fields)) return fields;
  return { namespace, ...labels, ...fields };
}

export function isStatus(value: object): value is Status {
  return "kind" in value && value.kind === "Status";
}

function labelsOf(text: string, served: Served): Pick<Selection, "labels"> | Status {
  if (text === "") return {};
  const labels = parseLabelSelector(text);
  if (typeof labels !== "string") return labels.requirements.length === 0 ? {} : { labels };
  const { group, version, plural } = served.strategy.resource;
  return badRequest(
    `Unable to find "${group}/${version}, Resource=${plural}" that match label selector "${text}", field selector "": ${labels}`,
  );
}

function fieldsOf(text: string, served: Served): Pick<Selection, "fields"> | Status {
  if (text === "") return {};
  const { group, version, plural, kind } = served.strategy.resource;
  const place = `${group === "" ? "" : group}/${version}, Resource=${plural}`;
  const fields = parseFieldSelector(text);
  if (typeof fields === "string") {
    return badRequest(`Unable to find "${place}" that match label selector "", field selector "${text}": ${fields}`);
  }
  for (const { field } of fields.terms) {
    if (field === "metadata.name" || field === "metadata.namespace" || Object.hasOwn(served.strategy.fields, field))
      continue;
    const problem = served.isCustom
      ? `field label not supported: ${field}`
      : unsupported(field, { group, version, kind });
    return badRequest(`Unable to find "${place}" that match label selector "", field selector "${text}": ${problem}`);
  }
  return fields.terms.length === 0 ? {} : { fields };
}

/** Kinds with selectable fields of their own refuse in other words than the rest. Source: runtime.DefaultMetaV1FieldSelectorConversion, pkg/apis/core/v1/conversion.go. */
function unsupported(
  field: string,
  kind: { readonly group: string; readonly version: string; readonly kind: string },
): string {
  const hasOwnFields = kind.group === "" && ownFields.has(kind.kind);
  return hasOwnFields
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

const ownFields: ReadonlySet<string> = new Set([
  "Pod",
  "Node",
  "ReplicationController",
  "Event",
  "Namespace",
  "Secret",
  "Service",
]);
