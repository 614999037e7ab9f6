// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/filters (authentication.go, impersonation.go); not modelled: OIDC, webhooks, request headers of a proxy, constrained impersonation.
import type { ApiRequest, Identity } from "../../api/wire.ts";
import { digestOf } from "../../kernel/digest.ts";
import type { User } from "../registry/strategy.ts";

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

const AUTHENTICATED = "system:authenticated";

/** Made once for each connection: a pure function of an immutable identity. */
const users = new WeakMap<Identity, User>();

/** Who a certificate or the lack of one stands for. */
export function userOfIdentity(identity: Identity | undefined): User {
  if (identity === undefined) return ANONYMOUS;
  const known = users.get(identity);
  if (known !== undefined) return known;
  const { user, groups } = identity;
  const extra = { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint(identity)}`] };
  const made: User = {
    name: user,
    groups: groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED],
    extra,
  };
  users.set(identity, made);
  return made;
}

/** Stands for the digest of the client's certificate. */
function fingerprint(identity: Identity): string {
  return ["0", "1", "2", "3"].map((block) => digestOf([block, identity])).join("");
}

/** The token of an `authorization` header. */
export function bearerToken(request: ApiRequest): string | undefined {
  const header = request.headers?.["authorization"];
  if (header === undefined) return undefined;
  const [scheme = "", token = ""] = header.trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}

/** Somebody else whom the user wants to be, and what must be allowed for that: `users`, `groups`, `serviceaccounts`. */
export interface Impersonation {
  readonly user: User;
  readonly needs: readonly { readonly resource: string; readonly name: string; readonly namespace: string }[];
}

const ACCOUNT = "system:serviceaccount:";

/** Whom the headers `impersonate-user` and `impersonate-group` name. */
export function impersonationOf(request: ApiRequest): Impersonation | undefined {
  const name = request.headers?.["impersonate-user"];
  if (name === undefined || name === "") return undefined;
  const asked = (request.headers?.["impersonate-group"] ?? "")
    .split(/[\n,]/)
    .map((group) => group.trim())
    .filter((group) => group !== "");
  const isAccount = name.startsWith(ACCOUNT);
  const [namespace = "", account = ""] = isAccount ? name.slice(ACCOUNT.length).split(":") : [];
  const own = isAccount ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : [];
  const groups = asked.length > 0 ? asked : own;
  const needsUser = isAccount
    ? { resource: "serviceaccounts", name: account, namespace }
    : { resource: "users", name, namespace: "" };
  const all =
    name === ANONYMOUS.name
      ? ["system:unauthenticated"]
      : [...groups, ...(groups.includes(AUTHENTICATED) ? [] : [AUTHENTICATED])];
  return {
    user: { name, groups: all },
    needs: [needsUser, ...asked.map((group) => ({ resource: "groups", name: group, namespace: "" }))],
  };
}
