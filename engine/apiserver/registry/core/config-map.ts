// After kubernetes v1.36 pkg/registry/core/configmap/strategy.go, pkg/apis/core/validation ValidateConfigMap.
import type * as api from "../../../api/generated/types.ts";
import { byteLength, configKeyProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { base64Length } from "../base64.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, tooLong } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type ConfigMap = DecodedObject<api.ConfigMap>;

/** Source: MaxSecretSize: 1 MiB. */
export const DATA_BYTES_MAX = 1_048_576;

export const configMaps: Strategy<ConfigMap> = kindStrategy<ConfigMap>({
  place: ["", "v1", "configmaps"],
  validate,
  validateUpdate: (map, old) => {
    const errors: Errors = [];
    validateImmutable(map, old, ["data", "binaryData"], errors);
    return map.data === old.data && map.binaryData === old.binaryData ? errors : [...errors, ...validate(map)];
  },
  cells: (map, now) => [
    nameOf(map),
    Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length,
    age(map, now),
  ],
});

function validate(map: ConfigMap): readonly FieldError[] {
  const errors: Errors = [];
  const { data = {}, binaryData = {} } = map;
  let bytes = 0;
  for (const key in data) {
    sayInvalid(configKeyProblems(key), key, `data[${key}]`, errors);
    if (binaryData[key] !== undefined)
      errors.push(invalid(`data[${key}]`, key, "duplicate of key present in binaryData"));
    bytes += byteLength(data[key] ?? "");
  }
  for (const key in binaryData) {
    sayInvalid(configKeyProblems(key), key, `binaryData[${key}]`, errors);
    bytes += base64Length(binaryData[key] ?? "");
  }
  // Upstream's path of the object as a whole prints so.
  if (bytes > DATA_BYTES_MAX) errors.push(tooLong("[]", DATA_BYTES_MAX));
  return errors;
}

interface Freezable {
  readonly immutable?: boolean;
}

/** What was made immutable stays, and stays immutable. */
export function validateImmutable<Fields extends Freezable>(
  now: Fields,
  old: Fields,
  keys: readonly (keyof Fields & string)[],
  errors: Errors,
): void {
  if (old.immutable !== true) return;
  const detail = "field is immutable when `immutable` is set";
  if (now.immutable !== true) errors.push(forbidden("immutable", detail));
  for (const key of keys) if (!isSemanticallyEqual(now[key], old[key])) errors.push(forbidden(key, detail));
}
