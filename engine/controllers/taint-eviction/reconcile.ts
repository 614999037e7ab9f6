// After kubernetes v1.36 pkg/controller/tainteviction/taint_eviction.go, timed_workers.go; not modelled: device taints.
import type { Node, Pod, Taint, Toleration } from "../../api/generated/types.ts";
import { deleteRequest, getRequest } from "../../client/requests.ts";
import type { Millis } from "../../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { type Controller, watch } from "../controller.ts";
import { dateOf, printDate } from "../dates.ts";
import { isSame } from "../edit.ts";
import { conditionPatch } from "../pod-status-patch.ts";
import {
  again,
  DONE,
  isSuccess,
  objectOf,
  readClock,
  recall,
  recordEvent,
  remember,
  retry,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { nodes, podsByNode } from "../watched.ts";

/** Pods that are to be deleted, by key: since when and when. `firesAt` undefined: it has been done. */
type Memory = SortedMap<string, Planned>;

interface Planned {
  readonly since: Millis;
  readonly firesAt: Millis | undefined;
}

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or not for long. */
export const taintEviction: Controller<Memory> = {
  name: "taint-eviction",
  identity: "node-controller",
  component: "taint-eviction-controller",
  workers: 8,
  memory: null,
  watches: [
    watch(nodes, ({ before, after, key }) => {
      const isOther = !isSame(noExecute(before), noExecute(after));
      return { wishes: after === undefined || !isOther ? [] : [`node ${key}`] };
    }),
    watch(podsByNode, ({ before, after, key }) => {
      const isOther =
        before?.spec.nodeName !== after?.spec.nodeName || !isSame(before?.spec.tolerations, after?.spec.tolerations);
      return { wishes: isOther ? [`pod ${key}`] : [] };
    }),
  ],
  sync: (key, situation) => {
    const [task, name = ""] = key.split(" ");
    if (task === "node") return syncNode(name, situation);
    return task === "pod" ? syncPod(name, situation) : evict(name, situation);
  },
};

function noExecute(node: Node | undefined): readonly Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

function* syncNode(name: string, situation: Situation<Memory>): Sync {
  const node = situation.lister.get(nodes, name);
  if (node === undefined) return DONE;
  for (const pod of situation.lister.by(podsByNode, "node", name)) yield* plan(pod, noExecute(node), situation);
  return DONE;
}

function* syncPod(key: string, situation: Situation<Memory>): Sync {
  const pod = situation.lister.get(podsByNode, key);
  if (pod === undefined) {
    yield* cancel(key);
    return DONE;
  }
  const taints = noExecute(situation.lister.get(nodes, pod.spec.nodeName ?? ""));
  if (taints.length > 0) yield* plan(pod, taints, situation);
  return DONE;
}

function* plan(pod: Pod, taints: readonly Taint[], { now }: Situation<Memory>): Sync<void> {
  const key = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
  if (taints.length === 0) return yield* cancel(key);
  const tolerated = toleratedMillis(taints, pod.spec.tolerations ?? []);
  if (tolerated === undefined) {
    yield* cancel(key);
    return yield* schedule(key, { since: now, firesAt: now });
  }
  if (tolerated === Number.POSITIVE_INFINITY) return yield* cancel(key);
  const planned = get(yield* recall<Memory>(), key);
  const since = planned?.firesAt === undefined ? now : planned.since;
  if (planned?.firesAt !== undefined) {
    if (since + tolerated < now + tolerated) return undefined;
    yield* cancel(key);
  }
  return yield* schedule(key, { since, firesAt: now + tolerated });
}

function* schedule(key: string, planned: Planned & { readonly firesAt: Millis }): Sync<void> {
  const former = get(yield* recall<Memory>(), key);
  // What has been done is not done again.
  if (former !== undefined && former.firesAt === undefined) return;
  yield* remember<Memory>((memory) => set(memory, key, planned));
  yield* again(`evict ${key}`, planned.firesAt - (yield* readClock()));
}

/** Takes a plan back, with an Event where there was one. */
function* cancel(key: string): Sync<void> {
  const planned = get(yield* recall<Memory>(), key);
  if (planned === undefined) return;
  yield* remember<Memory>((memory) => remove(memory, key));
  if (planned.firesAt !== undefined) yield* announce(key, "Cancelling deletion of Pod");
}

function* announce(key: string, what: string): Sync<void> {
  const [namespace = "", name = ""] = key.split("/");
  const object = { apiVersion: "v1", kind: "Pod", metadata: { namespace, name } };
  yield* recordEvent({ object, type: "Normal", reason: "TaintManagerEviction", message: `${what} ${key}` });
}

/** How long all taints are tolerated: undefined when one is not, infinite when no toleration has a limit. */
export function toleratedMillis(taints: readonly Taint[], tolerations: readonly Toleration[]): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const matching = tolerations.find((toleration) => tolerates(toleration, taint));
    if (matching === undefined) return undefined;
    const { tolerationSeconds } = matching;
    if (tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, tolerationSeconds) * 1000);
  }
  return least;
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { effect = "", key = "", operator = "Equal", value = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return key !== "" && value === (taint.value ?? "");
}

function* evict(key: string, situation: Situation<Memory>): Sync {
  const planned = get(yield* recall<Memory>(), key);
  if (planned?.firesAt === undefined) return DONE;
  if (planned.firesAt > situation.now) {
    yield* again(`evict ${key}`, planned.firesAt - situation.now);
    return DONE;
  }
  yield* announce(key, "Marking for deletion Pod");
  const [namespace = "", name = ""] = key.split("/");
  yield* tell({ reason: "TaintNotTolerated", object: { kind: "Pod", namespace, name } });
  const target = { resource: podsByNode.resource, namespace, name };
  const found = yield* send(getRequest(target));
  const refused = found.code === 404 ? undefined : yield* markAndDelete(objectOf<Pod>(found), situation);
  if (refused !== undefined) return retry(refused);
  yield* remember<Memory>((memory) => set(memory, key, { since: planned.since, firesAt: undefined }));
  return DONE;
}

function* markAndDelete(pod: Pod, situation: Situation<Memory>): Sync<string | undefined> {
  const { namespace = "", name = "", generation } = pod.metadata;
  const patch = conditionPatch(pod, {
    condition: {
      type: "DisruptionTarget",
      status: "True",
      lastTransitionTime: printDate(dateOf(situation)),
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    },
  });
  if (patch !== undefined) {
    const response = yield* send(patch);
    if (!isSuccess(response)) return response.code === 404 ? undefined : whyRefused(response);
  }
  const response = yield* send(deleteRequest({ resource: podsByNode.resource, namespace, name }));
  return isSuccess(response) || response.code === 404 ? undefined : whyRefused(response);
}
