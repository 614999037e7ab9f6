// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateEphemeralContainers.
import { duplicate, forbidden, invalid, notFound } from "../field-error.ts";
import { isSet } from "../rules.ts";
import { validateContainer } from "./containers.ts";
import type { EphemeralContainer, Scope } from "./scope.ts";

/** What a container for debugging may not have. Source: allowedEphemeralContainerFields. */
const forbiddenFields = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

export function validateEphemeralContainers(scope: Scope): void {
  const { spec, errors } = scope;
  if (spec.ephemeralContainers === undefined) return;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name ?? ""));
  const names = new Set(others);
  for (const [index, container] of spec.ephemeralContainers.entries()) {
    const at = `${scope.path}.ephemeralContainers[${index}]`;
    const { name = "", image = "", targetContainerName } = container;
    validateContainer(container, at, scope);
    if (image.trim() !== image)
      errors.push(invalid(`${at}.image`, image, "must not have leading or trailing whitespace"));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    if (isSet(targetContainerName) && !others.has(targetContainerName)) {
      errors.push(notFound(`${at}.targetContainerName`, targetContainerName));
    }
    forbidFields(container, at, scope);
  }
}

function forbidFields(container: EphemeralContainer, path: string, { errors }: Scope): void {
  const detail = "cannot be set for an Ephemeral Container";
  for (const key of forbiddenFields) {
    const value = container[key];
    const isEmpty = value === undefined || (key === "resources" && Object.keys(value).length === 0);
    if (!isEmpty) errors.push(forbidden(`${path}.${key}`, detail));
  }
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    if (isSet(mount.subPath)) errors.push(forbidden(`${path}.volumeMounts[${index}].subPath`, detail));
    if (isSet(mount.subPathExpr)) errors.push(forbidden(`${path}.volumeMounts[${index}].subPathExpr`, detail));
  }
}
