// After kubectl pkg/cmd/apply/prune.go and pkg/util/prune/prune.go; not modelled: ApplySets.
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag, listFlag, textFlag } from "../flag-set.ts";
import { rowsAt, textAt, type Fields } from "../json.ts";
import { appliedBefore } from "../last-applied.ts";
import { apiVersionOf, collectionPath, discover, objectPath } from "../mapping.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { withDryRun, type DryRun } from "../dry-run.ts";
import { printerOf } from "../printers/printer.ts";
import { complain, exchange, print, type Session, type Talk } from "../talk.ts";

/** What an apply has seen: it must stay. */
export interface Visited {
  readonly uids: Set<string>;
  readonly namespaces: Set<string>;
}

/** Source: kubectl pkg/util/prune/prune.go, default allowlist: namespaced kinds, then those without a namespace. */
const NAMESPACED = [
  "v1/ConfigMap",
  "v1/Endpoints",
  "v1/PersistentVolumeClaim",
  "v1/Pod",
  "v1/ReplicationController",
  "v1/Secret",
  "v1/Service",
  "batch/v1/Job",
  "batch/v1/CronJob",
  "networking.k8s.io/v1/Ingress",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
];
const CLUSTER_WIDE = ["v1/Namespace", "v1/PersistentVolume"];

export function checkPruneFlags(session: Session): void {
  const { flags } = session;
  if (!boolFlag(flags, "prune")) return;
  const [all, selector] = [boolFlag(flags, "all"), textFlag(flags, "selector")];
  if (!all && selector === "")
    throw refusal(
      "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector",
    );
  if (all && selector !== "") throw refusal("cannot set --all and --selector at the same time");
}

export function* prune(session: Session, visited: Visited, dryRun: DryRun): Talk<void> {
  const { config, flags } = session;
  const mappings = yield* discover(session);
  const given = listFlag(flags, "prune-allowlist").map((written) => written.replace(/^core\//, ""));
  const known = (names: readonly string[]): readonly ResourceMapping[] =>
    names.flatMap((name) => mappings.filter((each) => `${apiVersionOf(each)}/${each.kind}` === name));
  if (given.length === 0 && config.namespaceGiven) {
    yield* complain(
      "W0101 00:00:00.000000       1 prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.\n",
    );
  }
  const wanted = known(given.length > 0 ? given : [...NAMESPACED, ...CLUSTER_WIDE]);
  for (const namespace of [...visited.namespaces].toSorted()) {
    for (const mapping of wanted.filter((each) => each.namespaced))
      yield* pruneCollection(session, { mapping, namespace, visited, dryRun });
  }
  for (const mapping of wanted.filter((each) => !each.namespaced))
    yield* pruneCollection(session, { mapping, namespace: "", visited, dryRun });
}

interface Pruning {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly visited: Visited;
  readonly dryRun: DryRun;
}

function* pruneCollection(session: Session, { mapping, namespace, visited, dryRun }: Pruning): Talk<void> {
  const labelSelector = textFlag(session.flags, "selector");
  const query: Readonly<Record<string, string>> = labelSelector === "" ? {} : { labelSelector };
  const response = yield* exchange(session, { method: "GET", path: collectionPath(mapping, namespace), query });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  for (const item of rowsAt(response.body, "items")) {
    const object: Fields = { apiVersion: apiVersionOf(mapping), kind: mapping.kind, ...item };
    if (appliedBefore(object) === undefined || visited.uids.has(textAt(object, "metadata", "uid"))) continue;
    if (dryRun !== "client")
      yield* removePruned(session, { mapping, namespace, dryRun }, textAt(object, "metadata", "name"));
    yield* print((yield* printerOf(session, { operation: withDryRun("pruned", dryRun) })).print(object));
  }
}

function* removePruned(
  session: Session,
  place: Pick<Pruning, "mapping" | "namespace" | "dryRun">,
  name: string,
): Talk<void> {
  const grace = Number(textFlag(session.flags, "grace-period"));
  const body = {
    kind: "DeleteOptions",
    apiVersion: "v1",
    propagationPolicy: "Background",
    ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
    ...(place.dryRun === "server" ? { dryRun: ["All"] } : {}),
  };
  const response = yield* exchange(session, {
    method: "DELETE",
    path: objectPath(place.mapping, place.namespace, name),
    body,
  });
  if (response.code >= 400 && response.code !== 404) throw thrown(failureOfResponse(response.code, response.body));
}
