// After kubectl pkg/cmd/create/create_configmap.go, create_secret.go, create_secret_docker.go, create_secret_tls.go.
import { goJson } from "../../../api/go-quote.ts";
import { encodeBase64 } from "../../base64.ts";
import { configMapHash, secretHash } from "../../content-hash.ts";
import { refusal } from "../../failure.ts";
import { boolFlag, isGiven, listFlag, textFlag } from "../../flag-set.ts";
import { sortedKeys, type Fields } from "../../json.ts";
import { readFile, type Session, type Talk } from "../../talk.ts";
import { createGenerated, nameArgument } from "./generate.ts";
import { keysFromFlags } from "./key-sources.ts";

type Texts = Readonly<Record<string, string>>;

export function* createConfigMap(session: Session): Talk<number> {
  const name = nameArgument(session);
  const data = yield* keysFromFlags(session);
  const suffix = boolFlag(session.flags, "append-hash") ? `-${configMapHash(name, data)}` : "";
  const configMap = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: name + suffix },
    ...(Object.keys(data).length > 0 ? { data: sorted(data) } : {}),
  };
  return yield* createGenerated(session, configMap, "failed to create configmap: ");
}

function sorted(data: Texts): Texts {
  return Object.fromEntries(sortedKeys(data).map((key) => [key, data[key] ?? ""]));
}

interface SecretParts {
  readonly name: string;
  readonly type: string;
  readonly texts: Texts;
}

function* createSecret(session: Session, parts: SecretParts): Talk<number> {
  const data = Object.fromEntries(sortedKeys(parts.texts).map((key) => [key, encodeBase64(parts.texts[key] ?? "")]));
  const suffix = boolFlag(session.flags, "append-hash")
    ? `-${secretHash({ name: parts.name, type: parts.type, data })}`
    : "";
  const secret: Fields = {
    kind: "Secret",
    apiVersion: "v1",
    metadata: { name: parts.name + suffix },
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(parts.type === "" ? {} : { type: parts.type }),
  };
  return yield* createGenerated(session, secret, "failed to create secret ");
}

export function* createGenericSecret(session: Session): Talk<number> {
  const name = nameArgument(session);
  return yield* createSecret(session, {
    name,
    type: textFlag(session.flags, "type"),
    texts: yield* keysFromFlags(session),
  });
}

export function* createDockerSecret(session: Session): Talk<number> {
  const { flags } = session;
  const name = nameArgument(session);
  const type = "kubernetes.io/dockerconfigjson";
  if (listFlag(flags, "from-file").length > 0) {
    const given = yield* keysFromFlags(session);
    const [only] = Object.values(given);
    return yield* createSecret(session, {
      name,
      type,
      texts: { ".dockerconfigjson": given[".dockerconfigjson"] ?? only ?? "" },
    });
  }
  const server = isGiven(flags, "docker-server") ? textFlag(flags, "docker-server") : "https://index.docker.io/v1/";
  const [username, password, email] = [
    textFlag(flags, "docker-username"),
    textFlag(flags, "docker-password"),
    textFlag(flags, "docker-email"),
  ];
  if (username === "" || password === "" || server === "") {
    throw refusal(
      "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
    );
  }
  const entry = {
    username,
    password,
    ...(email === "" ? {} : { email }),
    auth: encodeBase64(`${username}:${password}`),
  };
  return yield* createSecret(session, {
    name,
    type,
    texts: { ".dockerconfigjson": goJson({ auths: { [server]: entry } }) },
  });
}

export function* createTlsSecret(session: Session): Talk<number> {
  const name = nameArgument(session);
  const [key, cert] = [textFlag(session.flags, "key"), textFlag(session.flags, "cert")];
  if (key === "" || cert === "") throw refusal("key and cert must be specified");
  const certText = yield* pem(session, cert);
  const keyText = yield* pem(session, key);
  if (!certText.includes("-----BEGIN CERTIFICATE-----"))
    throw refusal("tls: failed to find any PEM data in certificate input");
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(keyText))
    throw refusal("tls: failed to find any PEM data in key input");
  return yield* createSecret(session, {
    name,
    type: "kubernetes.io/tls",
    texts: { "tls.crt": certText, "tls.key": keyText },
  });
}

function* pem(session: Session, path: string): Talk<string> {
  const file = yield* readFile(session, path);
  if (file === undefined) throw refusal(`Cannot read file ${path}, open ${path}: no such file or directory`);
  return file.text;
}
