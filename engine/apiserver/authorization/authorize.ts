// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/filters/authorization.go and handlers/responsewriters/errors.go ForbiddenMessage.
import type { RequestInfo } from "../request-path.ts";
import type { User } from "../registry/strategy.ts";
import type { ServerState } from "../state.ts";
import { nodeOpinion } from "./node-authorizer.ts";
import { type Attributes, isAllowed } from "./rbac.ts";

/** What the request is, as authorizers see it. */
export function attributesOf(user: User, info: RequestInfo): Attributes {
  const resource = info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
  const { verb, group, namespace, name } = info;
  return { user, verb, group, resource, namespace, name, ...(info.isResource ? {} : { path: info.path }) };
}

/** The verdict of Node and RBAC; the reason is what a refusal adds. */
export function authorize(
  state: ServerState,
  attributes: Attributes,
): { readonly isAllowed: boolean; readonly reason: string } {
  if (state.settings.isOpen === true || attributes.user.groups.includes("system:masters"))
    return { isAllowed: true, reason: "" };
  if (state.settings.bootstrap === "minimal" && isComponent(attributes.user)) return { isAllowed: true, reason: "" };
  const opinion = nodeOpinion(state, attributes);
  if (opinion === "") return { isAllowed: true, reason: "" };
  if (isAllowed(state, attributes) || sharesInformer(state, attributes)) return { isAllowed: true, reason: "" };
  return { isAllowed: false, reason: opinion ?? "" };
}

/**
 * The controllers of kube-controller-manager watch through its shared informers, with its own credentials; only what they write carries their service
 * accounts. Here each controller has a connection of its own, so its watches are judged as the manager's.
 */
function sharesInformer(state: ServerState, attributes: Attributes): boolean {
  const { user, verb } = attributes;
  if (verb !== "watch" && verb !== "list") return false;
  if (!user.name.startsWith("system:serviceaccount:kube-system:")) return false;
  return isAllowed(state, { ...attributes, user: { name: "system:kube-controller-manager", groups: [] } });
}

/** Where the roles of the components were left out at boot, the components are trusted. */
function isComponent(user: User): boolean {
  return (
    user.name.startsWith("system:kube-") ||
    user.name.startsWith("system:serviceaccount:kube-system:") ||
    user.groups.includes("system:nodes") ||
    user.groups.includes("kubeadm:cluster-admins")
  );
}

/** Undefined: allowed; else the sentence of the refusal. */
export function denialOf(state: ServerState, user: User, info: RequestInfo): string | undefined {
  if (user.groups.includes("system:masters")) return undefined;
  const attributes = attributesOf(user, info);
  const { isAllowed: allowed, reason } = authorize(state, attributes);
  return allowed ? undefined : sentence(attributes, reason);
}

/** What a refusal says. */
export function sentence(attributes: Attributes, reason: string): string {
  const { user, verb, group, resource, namespace, path } = attributes;
  const tail = reason === "" ? "" : `: ${reason}`;
  const name = JSON.stringify(user.name);
  if (path !== undefined) return `User ${name} cannot ${verb} path ${JSON.stringify(path)}${tail}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  return `User ${name} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}${tail}`;
}
