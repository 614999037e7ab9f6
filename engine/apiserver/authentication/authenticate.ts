// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/filters (authentication.go, impersonation.go); not modelled: OIDC, webhooks, request headers of a proxy.
import type { ApiRequest, Identity } from "../../api/wire.ts";
import type { User } from "../registry/strategy.ts";

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

const AUTHENTICATED = "system:authenticated";

/** Who a certificate or the lack of one stands for; undefined when a token is given, which `tokens.ts` reads. */
export function userOfIdentity(identity: Identity | undefined): User {
  if (identity === undefined) return ANONYMOUS;
  const { user, groups } = identity;
  return { name: user, groups: groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED] };
}

/** The token of an `authorization` header. */
export function bearerToken(request: ApiRequest): string | undefined {
  const header = request.headers?.["authorization"];
  if (header === undefined) return undefined;
  const [scheme = "", token = ""] = header.trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}
