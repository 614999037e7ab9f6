// After kubernetes v1.36 pkg/controller/replicaset/replica_set.go.
import type { Controller } from "../controller.ts";
import type { Expectations } from "../expectations.ts";
import { replicaController } from "../replicas.ts";
import { selects } from "../selector.ts";
import { replicaSets } from "../watched.ts";

/** Keeps the number of pods of a ReplicaSet. */
export const replicaSet: Controller<Expectations> = replicaController({
  name: "replica-set",
  identity: "replicaset-controller",
  watched: replicaSets,
  ownKind: { apiVersion: "apps/v1", kind: "ReplicaSet" },
  matches: (set, pod) => selects(set.spec.selector, pod.metadata.labels),
  countsTerminating: true,
  waitsForOwnWrites: true,
});
