// After kubernetes v1.36 pkg/serviceaccount (claims.go, jwt.go); not modelled: RSA (a keyed digest stands for the signature), tokens of bootstrap and static files.
import { digestOf } from "../../kernel/digest.ts";
import { get } from "../../kernel/sorted-map.ts";
import { decodeBase64, encodeBase64 } from "../registry/base64.ts";
import type { User } from "../registry/strategy.ts";
import { collectionAt, type ServerState, timeOf, type Turn } from "../state.ts";

/** Source: kubeadm --service-account-issuer. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";

/** What a token says. Times are seconds since 1970. */
export interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly pod?: { readonly name: string; readonly uid: string };
    readonly node?: { readonly name: string; readonly uid: string };
  };
  readonly nbf: number;
  readonly sub: string;
}

const HEADER = { alg: "RS256", kid: "workbook" } as const;

/** A JSON Web Token with these claims. */
export function signed(claims: Claims): string {
  const body = `${encoded(HEADER)}.${encoded(claims)}`;
  return `${body}.${signature(body)}`;
}

function encoded(value: unknown): string {
  return urlSafe(encodeBase64(JSON.stringify(value)));
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Stands for the signature: whoever has not the key cannot make it, in this world. It has the length of one of RSA-2048. */
function signature(body: string): string {
  let text = "";
  for (let block = 0; block < 16; block++) text += digestOf(`service-account-key ${String(block)} ${body}`);
  return urlSafe(encodeBase64(text));
}

/** The claims of a token that was signed here. */
function claimsOf(token: string): Claims | undefined {
  const [header = "", payload = "", given = ""] = token.split(".");
  if (signature(`${header}.${payload}`) !== given) return undefined;
  const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="))) as Claims;
}

/** Who a bearer token stands for; undefined when it is not valid, is over, or its account or pod is gone. */
export function userOfToken(turn: Turn, token: string): User | undefined {
  const claims = claimsOf(token);
  if (claims === undefined || claims.exp * 1000 < timeOf(turn.moment)) return undefined;
  const { namespace, serviceaccount, pod, node } = claims["kubernetes.io"];
  const { name, uid } = serviceaccount;
  if (!isThere(turn.state, { prefix: "serviceaccounts", key: `${namespace}/${name}`, uid })) return undefined;
  if (pod !== undefined && !isThere(turn.state, { prefix: "pods", key: `${namespace}/${pod.name}`, uid: pod.uid }))
    return undefined;
  const extra: Record<string, readonly string[]> = {
    "authentication.kubernetes.io/credential-id": [`JTI=${claims.jti}`],
  };
  if (node !== undefined) {
    extra["authentication.kubernetes.io/node-name"] = [node.name];
    extra["authentication.kubernetes.io/node-uid"] = [node.uid];
  }
  if (pod !== undefined) {
    extra["authentication.kubernetes.io/pod-name"] = [pod.name];
    extra["authentication.kubernetes.io/pod-uid"] = [pod.uid];
  }
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { name: claims.sub, uid, groups, extra };
}

function isThere(
  state: ServerState,
  wanted: { readonly prefix: string; readonly key: string; readonly uid: string },
): boolean {
  return get(collectionAt(state, wanted.prefix).objects, wanted.key)?.metadata.uid === wanted.uid;
}
