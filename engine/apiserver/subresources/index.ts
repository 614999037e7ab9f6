import { answerStatus, methodNotAllowed, unknownResource } from "../failure.ts";
import { patchObject } from "../patch.ts";
import { readOne } from "../read.ts";
import { type Call, respond, type Turn } from "../state.ts";
import { updateObject } from "../update.ts";
import { bindPod } from "./binding.ts";
import { connectPod } from "./connect.ts";
import { evictPod } from "./eviction.ts";
import { handleScale } from "./scale.ts";
import { requestToken } from "./token.ts";

/** Subresources with a handler of their own, by the collection and their name. */
const handlers: Readonly<Record<string, (turn: Turn, call: Call) => void>> = {
  "pods/binding": bindPod,
  "pods/eviction": evictPod,
  "serviceaccounts/token": requestToken,
  "pods/log": connectPod,
  "pods/exec": connectPod,
  "pods/attach": connectPod,
  "pods/portforward": connectPod,
};

/** A request for a subresource: status and its like carry the whole object, the others have a handler of their own. */
export function handleSubresource(turn: Turn, call: Call): void {
  const { info, served, exchange } = call;
  const known = served.subresources.find((one) => one.name === info.subresource);
  if (known === undefined) return respond(turn, exchange, answerStatus(unknownResource()));
  if (!known.verbs.includes(info.verb)) return respond(turn, exchange, answerStatus(methodNotAllowed()));
  if (info.subresource === "scale" && served.strategy.scale !== undefined)
    return handleScale(turn, call, served.strategy.scale);
  const own = handlers[`${served.prefix}/${info.subresource}`];
  if (own !== undefined) return own(turn, call);
  const carriesObject = served.strategy.subresources[info.subresource] !== undefined;
  if (!carriesObject) return respond(turn, exchange, answerStatus(unknownResource()));
  switch (info.verb) {
    case "get":
      return respond(turn, exchange, readOne(turn.state, call));
    case "update":
      return updateObject(turn, call);
    default:
      return patchObject(turn, call);
  }
}
