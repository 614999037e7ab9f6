// After kubernetes v1.36 pkg/registry/core/podtemplate/strategy.go, pkg/registry/apps/controllerrevision/strategy.go.
import type * as api from "../../../api/generated/types.ts";
import { controllerOf } from "../../../api/object.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, labelsText, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { withField } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { validateTemplate } from "../template.ts";
import { containersAndImages } from "./workload.ts";

type PodTemplate = DecodedObject<api.PodTemplate>;
type ControllerRevision = DecodedObject<api.ControllerRevision>;

export const podTemplates: Strategy<PodTemplate> = kindStrategy<PodTemplate>({
  place: ["", "v1", "podtemplates"],
  generationOf: ["template"],
  createOnUpdate: false,
  defaults: (object) => withField(object, "template", defaultTemplate(object.template ?? {})),
  validate: (object) => {
    const errors: Errors = [];
    validateTemplate(object.template ?? {}, "template", errors);
    return errors;
  },
  warnings: (object, old) => templateWarnings(object.template, "template", old?.template),
  cells: (object) => [
    nameOf(object),
    ...containersAndImages(object.template),
    labelsText(object.template?.metadata?.labels),
  ],
});

export const controllerRevisions: Strategy<ControllerRevision> = kindStrategy<ControllerRevision>({
  place: ["apps", "v1", "controllerrevisions"],
  unconditionalUpdate: true,
  validate: validateRevision,
  validateUpdate: (revision, old) => {
    const errors: FieldError[] = [...validateRevision(revision)];
    if (!isSemanticallyEqual(revision.data, old.data))
      errors.push(invalid("data", revision.data ?? null, "field is immutable"));
    return errors;
  },
  cells: (revision, now) => [nameOf(revision), ownerText(revision), revision.revision ?? 0, age(revision, now)],
});

function validateRevision(revision: ControllerRevision): readonly FieldError[] {
  const errors: Errors = [];
  nonNegative(revision.revision, "revision", errors);
  if (revision.data === undefined) errors.push(required("data", "data is mandatory"));
  return errors;
}

/** `daemonset.apps/ds1`. */
function ownerText(revision: ControllerRevision): string {
  const owner = controllerOf(revision);
  if (owner === undefined) return "<none>";
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
