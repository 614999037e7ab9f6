// After kubernetes v1.36 pkg/registry/core/secret/strategy.go, pkg/apis/core/v1/conversion.go, pkg/apis/core/validation ValidateSecret.
import type * as api from "../../../api/generated/types.ts";
import { configKeyProblems } from "../../../api/names.ts";
import { base64Length, decodeBase64, encodeBase64 } from "../base64.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, required, tooLong } from "../field-error.ts";
import { jsonProblem } from "../json-problem.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable as validateSame } from "../metadata.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import { withDefaults } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { DATA_BYTES_MAX, validateImmutable } from "./config-map.ts";

type Secret = DecodedObject<api.Secret>;

export const secrets: Strategy<Secret> = kindStrategy<Secret>({
  place: ["", "v1", "secrets"],
  defaults: (secret) => withDefaults(withoutStringData(secret), { type: "Opaque" }),
  validate,
  validateUpdate: (secret, old) => {
    const errors: Errors = [];
    validateSame(secret.type, old.type, "type", errors);
    validateImmutable(secret, old, ["data"], errors);
    return secret.data === old.data && secret.type === old.type ? errors : [...errors, ...validate(secret)];
  },
  cells: (secret, now) => [nameOf(secret), secret.type ?? "", Object.keys(secret.data ?? {}).length, age(secret, now)],
  fields: { type: (secret) => secret.type ?? "" },
});

/** `stringData` is a way to write: it ends up in `data`. */
function withoutStringData(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (stringData === undefined) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)] as const);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } };
}

function validate(secret: Secret): readonly FieldError[] {
  const errors: Errors = [];
  const { data = {} } = secret;
  let bytes = 0;
  for (const key in data) {
    sayInvalid(configKeyProblems(key), key, `data[${key}]`, errors);
    bytes += base64Length(data[key] ?? "");
  }
  if (bytes > DATA_BYTES_MAX) errors.push(tooLong("data", DATA_BYTES_MAX));
  validateType(secret, data, errors);
  return errors;
}

type Data = Readonly<Record<string, string>>;

const ACCOUNT_NAME = "kubernetes.io/service-account.name";

function validateType(secret: Secret, data: Data, errors: Errors): void {
  switch (secret.type) {
    case "kubernetes.io/service-account-token":
      if ((secret.metadata.annotations?.[ACCOUNT_NAME] ?? "") === "")
        errors.push(required(`metadata.annotations[${ACCOUNT_NAME}]`));
      return;
    case "kubernetes.io/dockercfg":
      return validateJson(data, ".dockercfg", errors);
    case "kubernetes.io/dockerconfigjson":
      return validateJson(data, ".dockerconfigjson", errors);
    case "kubernetes.io/basic-auth":
      if (data["username"] === undefined && data["password"] === undefined)
        errors.push(required("data[username]"), required("data[password]"));
      return;
    case "kubernetes.io/ssh-auth":
      if ((data["ssh-privatekey"] ?? "") === "") errors.push(required("data[ssh-privatekey]"));
      return;
    case "kubernetes.io/tls":
      for (const key of ["tls.crt", "tls.key"]) if (data[key] === undefined) errors.push(required(`data[${key}]`));
      return;
    default:
  }
}

function validateJson(data: Data, key: string, errors: Errors): void {
  const encoded = data[key];
  if (encoded === undefined) return void errors.push(required(`data[${key}]`));
  const problem = jsonProblem(decodeBase64(encoded));
  if (problem !== undefined) errors.push(invalid(`data[${key}]`, "<secret contents redacted>", problem));
}
