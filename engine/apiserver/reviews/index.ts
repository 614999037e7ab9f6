// After kubernetes v1.36 pkg/registry/authorization/*/rest.go and pkg/registry/authentication/*/storage.go: kinds that are asked and never kept.
import type { KubernetesObject } from "../../api/object.ts";
import { type Attributes, rulesFor } from "../authorization/rbac.ts";
import { authorize } from "../authorization/authorize.ts";
import { userOfToken } from "../authentication/tokens.ts";
import { expectedOf, readBody } from "../body.ts";
import { answerStatus } from "../failure.ts";
import { required } from "../registry/field-error.ts";
import { invalidStatus } from "../registry/status-error.ts";
import type { User } from "../registry/strategy.ts";
import { type Call, respond, type Turn } from "../state.ts";

type Review = (turn: Turn, call: Call, spec: Readonly<Record<string, unknown>>) => unknown;

const reviews: Readonly<Record<string, Review>> = {
  subjectaccessreviews: (turn, _call, spec) => accessOf(turn, userOfSpec(spec), spec),
  localsubjectaccessreviews: (turn, _call, spec) => accessOf(turn, userOfSpec(spec), spec),
  selfsubjectaccessreviews: (turn, call, spec) => accessOf(turn, call.user, spec),
  selfsubjectrulesreviews: (turn, call, spec) => rulesOf(turn, call.user, String(spec["namespace"] ?? "")),
  selfsubjectreviews: (_turn, call) => ({ userInfo: userInfo(call.user) }),
  tokenreviews: (turn, _call, spec) => tokenOf(turn, String(spec["token"] ?? "")),
};

/** Whether the collection is a question and no store. */
export function isReview(plural: string): boolean {
  return Object.hasOwn(reviews, plural);
}

/** Answers a POST of a review: the body again, with the answer as its status. */
export function answerReview(turn: Turn, call: Call): void {
  const { served, exchange } = call;
  const { plural, kind, group } = served.strategy.resource;
  const body = readBody(call, expectedOf(served));
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const spec = (body.object.spec ?? {}) as Readonly<Record<string, unknown>>;
  const isAccess = plural.endsWith("accessreviews");
  if (isAccess && spec["resourceAttributes"] === undefined && spec["nonResourceAttributes"] === undefined) {
    const problem = required(
      "spec.resourceAttributes",
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
    return respond(turn, exchange, answerStatus(invalidStatus({ group, kind }, "", [problem])));
  }
  const status = reviews[plural]?.(turn, call, spec);
  const { metadata, ...rest } = body.object;
  const shown: KubernetesObject = { ...rest, metadata: { ...metadata, creationTimestamp: null }, status };
  respond(turn, exchange, { code: 201, body: shown });
}

function userOfSpec(spec: Readonly<Record<string, unknown>>): User {
  const groups = Array.isArray(spec["groups"]) ? (spec["groups"] as readonly string[]) : [];
  return { name: String(spec["user"] ?? ""), groups };
}

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
}

function accessOf(turn: Turn, user: User, spec: Readonly<Record<string, unknown>>): object {
  const about = spec["resourceAttributes"] as ResourceAttributes | undefined;
  const plain = spec["nonResourceAttributes"] as { readonly path?: string; readonly verb?: string } | undefined;
  const { isAllowed, reason } = authorize(
    turn.state,
    about === undefined ? pathAttributes(user, plain ?? {}) : resourceAttributes(user, about),
  );
  return { allowed: isAllowed, ...(reason === "" ? {} : { reason }) };
}

function resourceAttributes(user: User, about: ResourceAttributes): Attributes {
  const { namespace = "", verb = "", group = "", resource = "", subresource = "", name = "" } = about;
  return { user, verb, group, resource: subresource === "" ? resource : `${resource}/${subresource}`, namespace, name };
}

function pathAttributes(user: User, about: { readonly path?: string; readonly verb?: string }): Attributes {
  const { path = "", verb = "" } = about;
  return { user, verb, group: "", resource: "", namespace: "", name: "", path };
}

function rulesOf(turn: Turn, user: User, namespace: string): object {
  const isAll = user.groups.includes("system:masters");
  const star = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
  const rules = isAll
    ? [star, { verbs: ["*"], nonResourceURLs: ["*"] }, ...rulesFor(turn.state, user, namespace)]
    : rulesFor(turn.state, user, namespace);
  return {
    resourceRules: rules.filter((rule) => !("nonResourceURLs" in rule && rule.nonResourceURLs !== undefined)),
    nonResourceRules: rules
      .filter((rule) => "nonResourceURLs" in rule && rule.nonResourceURLs !== undefined)
      .map((rule) => ({
        verbs: rule.verbs,
        nonResourceURLs: (rule as { readonly nonResourceURLs?: readonly string[] }).nonResourceURLs,
      })),
    incomplete: false,
  };
}

function userInfo(user: User): object {
  const { name, uid, groups, extra } = user;
  return { username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
}

function tokenOf(turn: Turn, token: string): object {
  const user = userOfToken(turn, token);
  if (user === undefined) return { user: {}, error: "[invalid bearer token, unknown]" };
  return { authenticated: true, user: userInfo(user) };
}
