// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go DeleteCollection.
import type { KubernetesObject } from "../api/object.ts";
import { set } from "../kernel/sorted-map.ts";
import { companionsOf } from "./companions.ts";
import { planDeletion } from "./delete.ts";
import { answerStatus } from "./failure.ts";
import { nameIn, selectObjects } from "./objects.ts";
import { deleteOptionsOf, isDryRun } from "./options.ts";
import { isStatus, selectionOf } from "./selection.ts";
import { type Answer, type Call, respond, type Turn } from "./state.ts";
import { commitWrite } from "./update.ts";
import { removal, replacement } from "./write.ts";

/** DELETE of a collection: each object as if it were deleted alone, the answer when all are done. */
export function deleteCollection(turn: Turn, call: Call): void {
  const { exchange, info, served } = call;
  const selection = selectionOf(exchange.request.query, info, served);
  if (isStatus(selection)) return respond(turn, exchange, answerStatus(selection));
  const objects = selectObjects(turn.state, served, selection);
  const { listKind } = served.strategy.resource;
  const metadata = { resourceVersion: String(turn.state.revision) };
  const response = { code: 200, body: { kind: listKind, apiVersion: served.apiVersion, metadata, items: objects } };
  const group = turn.state.exchanges + 1;
  turn.state = { ...turn.state, exchanges: group };
  let writes = 0;
  if (!isDryRun(exchange.request)) for (const object of objects) writes += deleteMember(turn, call, { object, group });
  if (writes === 0) return respond(turn, exchange, response);
  turn.state = { ...turn.state, groups: set(turn.state.groups, group, { exchange, left: writes, response }) };
}

/** Starts the deletion of one object; answers how many writes the group waits for. */
function deleteMember(
  turn: Turn,
  call: Call,
  member: { readonly object: KubernetesObject; readonly group: number },
): number {
  const { object, group } = member;
  const { served } = call;
  const plan = planDeletion(call, object, deleteOptionsOf(call.exchange.request) ?? {});
  if (plan.kind === "nothing" || plan.kind === "refused") return 0;
  const { namespace = "", name: own = "" } = object.metadata;
  const name = nameIn(served, namespace, own);
  const done: Answer = { kind: "part", group };
  if (plan.kind === "remove") {
    const transaction = removal(served.prefix, name, object);
    commitWrite(turn, call, {
      ...transaction,
      success: [...transaction.success, ...companionsOf(turn, undefined, object)],
      answer: done,
    });
    return 1;
  }
  const answer: Answer = plan.isLast ? { kind: "remove", prefix: served.prefix, name, after: done } : done;
  commitWrite(turn, call, { ...replacement(served.prefix, name, { old: object, object: plan.object }), answer });
  return 1;
}
