// After kubectl pkg/util/hash/hash.go.
import { goJson } from "../api/go-quote.ts";
import { utf8Bytes } from "./base64.ts";
import { compactJson } from "./printers/json-text.ts";
import { nameHash } from "./sha256.ts";

type Texts = Readonly<Record<string, string>>;

/** Source: kubectl pkg/util/hash/hash.go encodeConfigMap: data, kind and name as JSON. */
export function configMapHash(name: string, data: Texts): string {
  const encoded = Object.keys(data).length === 0 ? '""' : compactJson(data);
  return nameHash(utf8Bytes(`{"data":${encoded},"kind":"ConfigMap","name":${goJson(name)}}`));
}

/** Source: kubectl pkg/util/hash/hash.go encodeSecret; the data are in base64. */
export function secretHash(secret: { readonly name: string; readonly type: string; readonly data: Texts }): string {
  const encoded = Object.keys(secret.data).length === 0 ? '""' : compactJson(secret.data);
  return nameHash(
    utf8Bytes(`{"data":${encoded},"kind":"Secret","name":${goJson(secret.name)},"type":${goJson(secret.type)}}`),
  );
}
