// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go and registry/generic/registry/store.go Create.
import type { KubernetesObject } from "../api/object.ts";
import { get } from "../kernel/sorted-map.ts";
import { admitMutating, admitValidating } from "./admission/index.ts";
import type { Admission } from "./admission/plugin.ts";
import { expectedOf, readBody } from "./body.ts";
import { alreadyExists, answerStatus, badRequest } from "./failure.ts";
import { trackCreate } from "./managed-fields/track.ts";
import { nameIn } from "./objects.ts";
import { isDryRun, optionsProblem } from "./options.ts";
import { answerObject } from "./read.ts";
import { beforeCreate } from "./registry/before-create.ts";
import { placeOf } from "./served.ts";
import { companionsOf } from "./companions.ts";
import { type Call, collectionAt, commit, respond, type Turn } from "./state.ts";
import { supplyOf } from "./supply.ts";
import { asStored, contextOf, creation } from "./write.ts";

/** POST to a collection. */
export function createObject(turn: Turn, call: Call): void {
  const problem = optionsProblem(call.exchange.request, "CreateOptions");
  if (problem !== undefined) return respond(turn, call.exchange, answerStatus(problem));
  const body = readBody(call, expectedOf(call.served));
  if (body.kind === "refused") return respond(turn, call.exchange, answerStatus(body.status));
  createFrom(turn, call, body.object);
}

/** The rest of a create, from the decoded body on. `isTracked`: its managed fields are known already. */
export function createFrom(turn: Turn, call: Call, decoded: KubernetesObject, isTracked = false): void {
  const { served, info, exchange } = call;
  const { strategy } = served;
  const namespaceProblem = mismatchOfNamespace(call, decoded);
  if (namespaceProblem !== undefined) return respond(turn, exchange, answerStatus(badRequest(namespaceProblem)));
  const placed = inNamespace(strategy.defaults(decoded), strategy.resource.namespaced ? info.namespace : "");
  const tracked = isTracked ? placed : trackCreate(call, placed);
  const admission: Admission = { call, operation: "CREATE", object: tracked, old: undefined };
  const mutated = admitMutating(turn, admission);
  if (mutated.kind === "refused") return respond(turn, exchange, answerStatus(mutated.status));
  const context = contextOf(turn, call, true);
  const prepared = beforeCreate(strategy, mutated.object, context, supplyOf(turn, strategy));
  if (prepared.kind === "refused") return respond(turn, exchange, answerStatus(prepared.status));
  call.warnings.push(...prepared.warnings);
  const refusal = admitValidating(turn, { ...admission, object: prepared.object });
  if (refusal !== undefined) return respond(turn, exchange, answerStatus(refusal));
  store(turn, call, prepared.object);
}

function store(turn: Turn, call: Call, object: KubernetesObject): void {
  const { served, exchange, info } = call;
  const { resource } = served.strategy;
  const stored = asStored(object, served);
  const name = stored.metadata.name ?? "";
  const key = nameIn(served, stored.metadata.namespace ?? "", name);
  if (get(collectionAt(turn.state, served.prefix).objects, key) !== undefined) {
    return respond(
      turn,
      exchange,
      answerStatus(alreadyExists({ group: resource.group, resource: resource.plural }, name)),
    );
  }
  if (isDryRun(exchange.request)) return respond(turn, exchange, answerObject(call, { code: 201, object: stored }));
  const transaction = creation(served.prefix, key, stored);
  const companions = companionsOf(turn, stored, undefined);
  const { beside } = call;
  const success = [...transaction.success, ...companions, ...beside.success];
  commit(
    turn,
    { ...transaction, compare: [...transaction.compare, ...beside.compare], success },
    {
      exchange,
      user: call.user.name,
      verb: info.verb,
      answer: {
        kind: "object",
        code: 201,
        place: placeOf(resource),
        prefix: served.prefix,
        name: key,
        warnings: call.warnings,
      },
    },
  );
}

/** Source: apiserver/pkg/registry/rest/meta.go EnsureObjectNamespaceMatchesRequestNamespace. */
export function mismatchOfNamespace(call: Call, object: KubernetesObject): string | undefined {
  const { namespace = "" } = object.metadata;
  if (namespace === "" || namespace === call.info.namespace) return undefined;
  if (!call.served.strategy.resource.namespaced) return undefined;
  return "the namespace of the provided object does not match the namespace sent on the request";
}

export function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  if (namespace === "" || object.metadata.namespace === namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
