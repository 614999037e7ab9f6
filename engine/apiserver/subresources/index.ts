import { answerStatus, methodNotAllowed, unknownResource } from "../failure.ts";
import { patchObject } from "../patch.ts";
import { readOne } from "../read.ts";
import { type Call, respond, type Turn } from "../state.ts";
import { updateObject } from "../update.ts";

/** A request for a subresource: status and its like carry the whole object, the others have a handler of their own. */
export function handleSubresource(turn: Turn, call: Call): void {
  const { info, served, exchange } = call;
  const known = served.subresources.find((one) => one.name === info.subresource);
  if (known === undefined) return respond(turn, exchange, answerStatus(unknownResource()));
  if (!known.verbs.includes(info.verb)) return respond(turn, exchange, answerStatus(methodNotAllowed()));
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
