import type { Status } from "../api/status.ts";
import type { ApiResponse } from "../api/wire.ts";
import { bearerToken, impersonationOf, userOfIdentity } from "./authentication/authenticate.ts";
import { authorize, denialOf, sentence } from "./authorization/authorize.ts";
import { createObject } from "./create.ts";
import { deleteObject } from "./delete.ts";
import { deleteCollection } from "./delete-collection.ts";
import { answerStatus, forbidden, methodNotAllowed, unauthorized, unknownResource } from "./failure.ts";
import { nonResource } from "./non-resource.ts";
import { patchObject } from "./patch.ts";
import { readList, readOne } from "./read.ts";
import { answerReview, isReview } from "./reviews/index.ts";
import type { User } from "./registry/strategy.ts";
import { type RequestInfo, requestInfoOf } from "./request-path.ts";
import { isStatus } from "./selection.ts";
import { servedAtPlace } from "./served-places.ts";
import type { Served } from "./served.ts";
import { type Call, type Exchange, respond, type Turn } from "./state.ts";
import { handleSubresource } from "./subresources/index.ts";
import { updateObject } from "./update.ts";
import { openWatch } from "./watch-request.ts";
import { deprecationOf } from "./deprecations.ts";
import { userOfToken } from "./authentication/tokens.ts";

/** How many requests may wait for the start of the server; the next one is refused. */
const HELD_MAX = 10_000;

/** Authentication, authorization, then the verb. */
export function handleRequest(turn: Turn, given: Exchange): void {
  if (turn.state.phase === "starting") return hold(turn, given);
  const deprecation = deprecationOf(given.request.path);
  const exchange = deprecation === undefined ? given : { ...given, deprecation };
  const speaker = authenticate(turn, exchange);
  if (speaker === undefined) return respond(turn, exchange, answerStatus(unauthorized()));
  const user = impersonated(turn, exchange, speaker);
  if (isStatus(user)) return respond(turn, exchange, answerStatus(user));
  const info = requestInfoOf(exchange.request);
  const denial = denialOf(turn.state, user, info);
  if (denial !== undefined) return respond(turn, exchange, refusal(info, denial));
  if (!info.isResource) return respond(turn, exchange, nonResource(turn, { exchange, info, user }));
  const served = servedAtPlace(turn.state, `${info.group}/${info.version}/${info.resource}`);
  if (served === undefined) return respond(turn, exchange, nonResource(turn, { exchange, info, user }));
  const scopeProblem = scopeProblemOf(served, info);
  if (scopeProblem !== undefined) return respond(turn, exchange, scopeProblem);
  const call: Call = {
    exchange,
    info,
    user,
    served,
    moment: turn.moment,
    warnings: [],
    beside: { compare: [], success: [] },
  };
  if (info.subresource === "") dispatch(turn, call);
  else handleSubresource(turn, call);
}

function hold(turn: Turn, exchange: Exchange): void {
  if (turn.state.held.length < HELD_MAX) turn.state = { ...turn.state, held: [...turn.state.held, exchange] };
}

function authenticate(turn: Turn, exchange: Exchange): User | undefined {
  const token = bearerToken(exchange.request);
  return token === undefined ? userOfIdentity(exchange.identity) : userOfToken(turn, token);
}

/** The user that the request is made as. */
function impersonated(turn: Turn, exchange: Exchange, speaker: User): User | Status {
  const wanted = impersonationOf(exchange.request);
  if (wanted === undefined) return speaker;
  for (const { resource, name, namespace } of wanted.needs) {
    const attributes = { user: speaker, verb: "impersonate", group: "", resource, namespace, name };
    if (!authorize(turn.state, attributes).isAllowed) {
      return forbidden({ group: "", resource }, name, sentence(attributes, ""));
    }
  }
  return wanted.user;
}

/** A call for the answer to an exchange that was let in before. */
export function callOf(turn: Turn, exchange: Exchange, served: Served): Call {
  const info = requestInfoOf(exchange.request);
  return {
    exchange,
    info,
    user: userOfIdentity(exchange.identity),
    served,
    moment: turn.moment,
    warnings: [],
    beside: { compare: [], success: [] },
  };
}

function refusal(info: RequestInfo, denial: string): ApiResponse {
  return answerStatus(forbidden({ group: info.group, resource: info.resource }, info.name, denial));
}

/** A namespace where there is none, or none where one is needed. */
function scopeProblemOf(served: Served, info: RequestInfo): ApiResponse | undefined {
  const { namespaced, plural } = served.strategy.resource;
  const hasNamespace = info.namespace !== "" && plural !== "namespaces";
  if (!namespaced) return hasNamespace ? answerStatus(unknownResource()) : undefined;
  const needsOne = info.name !== "" || info.verb === "create" || info.verb === "deletecollection";
  if (hasNamespace || !needsOne) return undefined;
  return info.name === "" ? answerStatus(methodNotAllowed()) : answerStatus(unknownResource());
}

function dispatch(turn: Turn, call: Call): void {
  const { verb, name } = call.info;
  const { verbs, plural } = call.served.strategy.resource;
  const isNamed = name !== "";
  if (!verbs.includes(verb) || isMisplaced(verb, isNamed))
    return respond(turn, call.exchange, answerStatus(methodNotAllowed()));
  if (isReview(plural)) return answerReview(turn, call);
  switch (verb) {
    case "get":
      return respond(turn, call.exchange, readOne(turn.state, call));
    case "list":
      return respond(turn, call.exchange, readList(turn.state, call));
    case "watch":
      return openWatch(turn, call);
    case "create":
      return createObject(turn, call);
    case "update":
      return updateObject(turn, call);
    case "patch":
      return patchObject(turn, call);
    case "delete":
      return deleteObject(turn, call);
    case "deletecollection":
      return deleteCollection(turn, call);
    default:
      return respond(turn, call.exchange, answerStatus(methodNotAllowed()));
  }
}

/** POST to an object, PUT and PATCH to a collection. */
function isMisplaced(verb: string, isNamed: boolean): boolean {
  if (verb === "create") return isNamed;
  return (verb === "update" || verb === "patch") && !isNamed;
}
