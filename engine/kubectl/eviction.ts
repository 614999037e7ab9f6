// After kubectl pkg/drain/drain.go, filters.go.
import { failureOfResponse, messageOf, thrown, type Failure } from "./failure.ts";
import { at, rowsAt, textAt, type Fields } from "./json.ts";
import { withDryRun, type DryRun } from "./dry-run.ts";
import { complain, exchange, now, printLine, sleep, warn, type Session, type Talk } from "./talk.ts";

export interface Drain {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDir: boolean;
  readonly podSelector: string;
  readonly disableEviction: boolean;
  readonly grace: number;
  /** 0: no limit. */
  readonly timeoutMillis: number;
  readonly dryRun: DryRun;
}

/** What a filter says of a pod. */
type Verdict =
  | { readonly kind: "remove"; readonly warning?: string }
  | { readonly kind: "keep"; readonly warning?: string }
  | { readonly kind: "refuse"; readonly reason: string };

const REMOVE: Verdict = { kind: "remove" };

/** The pods that a drain removes from a node; what may not be removed ends it. */
export function* evictionsOf(session: Session, node: string, drain: Drain): Talk<readonly Fields[]> {
  const query: Record<string, string> = { fieldSelector: `spec.nodeName=${node}`, limit: "500" };
  if (drain.podSelector !== "") query["labelSelector"] = drain.podSelector;
  const response = yield* exchange(session, { method: "GET", path: "/api/v1/pods", query });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const refused = new Map<string, string[]>();
  const warned = new Map<string, string[]>();
  const removed: Fields[] = [];
  for (const pod of rowsAt(response.body, "items")) {
    const verdict = yield* verdictOn(session, pod, drain);
    const name = `${textAt(pod, "metadata", "namespace")}/${textAt(pod, "metadata", "name")}`;
    if (verdict.kind === "refuse") gatherName(refused, verdict.reason, name);
    else if (verdict.warning !== undefined) gatherName(warned, verdict.warning, name);
    if (verdict.kind === "remove") removed.push(pod);
  }
  const problems = [...refused].map(([reason, names]): Failure => ({
    kind: "text",
    message: `cannot delete ${reason}: ${names.join(", ")}`,
  }));
  if (problems.length > 0) throw thrown({ kind: "several", failures: problems });
  const warnings = [...warned].map(([reason, names]) => `${reason}: ${names.join(", ")}`);
  if (warnings.length > 0) yield* warn(warnings.join("; "));
  return removed;
}

function gatherName(groups: Map<string, string[]>, key: string, name: string): void {
  const names = groups.get(key);
  if (names === undefined) groups.set(key, [name]);
  else names.push(name);
}

function* verdictOn(session: Session, pod: Fields, drain: Drain): Talk<Verdict> {
  const isFinished = ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
  const owner = rowsAt(pod, "metadata", "ownerReferences").find((each) => each["controller"] === true);
  if (owner?.["kind"] === "DaemonSet" && !isFinished) {
    const daemonSet = yield* daemonSetVerdict(session, { pod, owner }, drain);
    if (daemonSet !== undefined) return daemonSet;
  }
  if (textAt(pod, "metadata", "annotations", "kubernetes.io/config.mirror") !== "") return { kind: "keep" };
  const isLocal = rowsAt(pod, "spec", "volumes").some((volume) => volume["emptyDir"] !== undefined);
  if (isLocal && !isFinished && !drain.deleteEmptyDir) {
    return { kind: "refuse", reason: "Pods with local storage (use --delete-emptydir-data to override)" };
  }
  if (isFinished || owner !== undefined) return REMOVE;
  if (drain.force) return { kind: "remove", warning: "deleting Pods that declare no controller" };
  return { kind: "refuse", reason: "Pods that declare no controller (use --force to override)" };
}

function* daemonSetVerdict(
  session: Session,
  { pod, owner }: { readonly pod: Fields; readonly owner: Fields },
  drain: Drain,
): Talk<Verdict | undefined> {
  const path = `/apis/apps/v1/namespaces/${textAt(pod, "metadata", "namespace")}/daemonsets/${textAt(owner, "name")}`;
  const found = yield* exchange(session, { method: "GET", path });
  if (found.code === 404)
    return drain.force
      ? { kind: "remove", warning: textAt(found.body, "message") }
      : { kind: "refuse", reason: textAt(found.body, "message") };
  if (drain.ignoreDaemonSets) return { kind: "keep", warning: "ignoring DaemonSet-managed Pods" };
  return { kind: "refuse", reason: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
}

/** Source: drain.go: evictions that a budget refuses are tried again after 5 s; deletions are looked at each second. */
const RETRY_MILLIS = 5000;
const POLL_MILLIS = 1000;

/** Evicts or deletes the pods and waits until they are gone. */
export function* removePods(session: Session, pods: readonly Fields[], drain: Drain): Talk<void> {
  const end = drain.timeoutMillis === 0 ? undefined : (yield* now()) + drain.timeoutMillis;
  const accepted: Fields[] = [];
  let waiting = pods;
  const failures: Failure[] = [];
  while (waiting.length > 0) {
    const refused: Fields[] = [];
    for (const pod of waiting) {
      if (yield* removeOne(session, pod, drain)) accepted.push(pod);
      else refused.push(pod);
    }
    waiting = refused;
    if (waiting.length === 0) break;
    yield* sleep(RETRY_MILLIS);
    if (end === undefined || (yield* now()) < end) continue;
    for (const pod of waiting)
      yield* printLine(`evicting pod ${textAt(pod, "metadata", "namespace")}/${textAt(pod, "metadata", "name")}`);
    failures.push(...waiting.map((pod) => timeoutFailure(pod, drain)));
    break;
  }
  if (drain.dryRun === "none") yield* waitUntilGone(session, accepted, { drain, end });
  if (failures.length === 0) return;
  const node = textAt(pods[0], "spec", "nodeName");
  const failure: Failure = { kind: "several", failures };
  yield* complain(
    `There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${messageOf(failure)}\n`,
  );
  for (const pod of waiting) yield* complain(`pod/${textAt(pod, "metadata", "name")}\n`);
  throw thrown(failure);
}

function timeoutFailure(pod: Fields, drain: Drain): Failure {
  return {
    kind: "text",
    message: `error when evicting pods/${JSON.stringify(textAt(pod, "metadata", "name"))} -n ${JSON.stringify(textAt(pod, "metadata", "namespace"))}: global timeout reached: ${drain.timeoutMillis / 1000}s`,
  };
}

/** Asks for the removal of one pod; false when its budget forbids it now. */
function* removeOne(session: Session, pod: Fields, drain: Drain): Talk<boolean> {
  const [namespace, name] = [textAt(pod, "metadata", "namespace"), textAt(pod, "metadata", "name")];
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const deleteOptions = {
    ...(drain.grace >= 0 ? { gracePeriodSeconds: drain.grace } : {}),
    ...(drain.dryRun === "server" ? { dryRun: ["All"] } : {}),
  };
  if (drain.disableEviction) {
    if (drain.dryRun === "client") return true;
    const response = yield* exchange(session, {
      method: "DELETE",
      path,
      body: { kind: "DeleteOptions", apiVersion: "v1", ...deleteOptions },
    });
    if (response.code >= 400 && response.code !== 404) throw thrown(failureOfResponse(response.code, response.body));
    return true;
  }
  yield* printLine(withDryRun(`evicting pod ${namespace}/${name}`, drain.dryRun));
  if (drain.dryRun === "client") return true;
  const body = { kind: "Eviction", apiVersion: "policy/v1", metadata: { name, namespace }, deleteOptions };
  const response = yield* exchange(session, { method: "POST", path: `${path}/eviction`, body });
  if (response.code === 429) {
    yield* complain(
      `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${textAt(response.body, "message")}\n`,
    );
    return false;
  }
  if (response.code >= 400 && response.code !== 404) throw thrown(failureOfResponse(response.code, response.body));
  return true;
}

function* waitUntilGone(
  session: Session,
  pods: readonly Fields[],
  { drain, end }: { readonly drain: Drain; readonly end: number | undefined },
): Talk<void> {
  let left = pods;
  while (left.length > 0) {
    const remaining: Fields[] = [];
    for (const pod of left) {
      const path = `/api/v1/namespaces/${textAt(pod, "metadata", "namespace")}/pods/${textAt(pod, "metadata", "name")}`;
      const found = yield* exchange(session, { method: "GET", path });
      const isGone = found.code === 404 || at(found.body, "metadata", "uid") !== at(pod, "metadata", "uid");
      if (isGone)
        yield* printLine(`pod/${textAt(pod, "metadata", "name")} ${drain.disableEviction ? "deleted" : "evicted"}`);
      else remaining.push(pod);
    }
    left = remaining;
    if (left.length === 0) return;
    if (end !== undefined && end <= (yield* now())) {
      throw thrown({ kind: "several", failures: left.map((pod) => timeoutFailure(pod, drain)) });
    }
    yield* sleep(POLL_MILLIS);
  }
}
