import type { KubernetesObject } from "../../api/object.ts";
import { rfc3339 } from "../../api/time.ts";
import { drawUuid } from "../../kernel/prng.ts";
import { has } from "../../kernel/sorted-map.ts";
import { builtInServed, type Served } from "../served.ts";
import { collectionAt, commit, type Exchange, timeOf, type Turn } from "../state.ts";
import { creation } from "../write.ts";
import { companionsOf } from "../companions.ts";
import { bootstrapObjects } from "./objects.ts";

/** Writes what a cluster starts with, unless it is there. */
export function bootstrap(turn: Turn): void {
  for (const object of bootstrapObjects(turn.state.settings, rfc3339(timeOf(turn.moment)))) {
    const served = servedOf(object);
    if (served !== undefined) bootstrapOne(turn, object, served);
  }
}

function servedOf(object: KubernetesObject): Served | undefined {
  return builtInServed.find(
    (one) => one.apiVersion === object.apiVersion && one.strategy.resource.kind === object.kind,
  );
}

function bootstrapOne(turn: Turn, object: KubernetesObject, served: Served): void {
  const { namespace, name = "" } = object.metadata;
  const key = namespace === undefined ? name : `${namespace}/${name}`;
  if (has(collectionAt(turn.state, served.prefix).objects, key)) return;
  const uid = drawUuid(turn.state.prng);
  turn.state = { ...turn.state, prng: uid.prng };
  const creationTimestamp = rfc3339(timeOf(turn.moment));
  const whole = { ...object, metadata: { ...object.metadata, uid: uid.value, creationTimestamp } };
  const transaction = creation(served.prefix, key, whole);
  const success = [...transaction.success, ...companionsOf(turn, whole, undefined)];
  commit(
    turn,
    { ...transaction, success },
    { exchange: nobody, user: "system:apiserver", verb: "create", answer: { kind: "none" } },
  );
}

/** Nobody waits for the answer. */
const nobody: Exchange = { client: "", id: 0, request: { method: "POST", path: "" }, attempt: 0 };
