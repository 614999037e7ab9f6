// After kubernetes v1.36 pkg/controller/replication/replication_controller.go, conversion.go.
import type { ReplicaSet } from "../../api/generated/types.ts";
import type { Watched } from "../cache.ts";
import type { Controller } from "../controller.ts";
import type { Expectations } from "../expectations.ts";
import { replicaController } from "../replicas.ts";
import { type Labels, selectsAll } from "../selector.ts";
import { replicationControllers } from "../watched.ts";

/** Keeps the number of pods of a ReplicationController, the ReplicaSet of early days. */
export const replication: Controller<Expectations> = replicaController({
  name: "replication",
  identity: "replication-controller",
  watched: replicationControllers as unknown as Watched<ReplicaSet>,
  ownKind: { apiVersion: "v1", kind: "ReplicationController" },
  // Its selector is a plain map of labels, and an empty one selects nothing.
  matches: (controller, pod) => {
    const selector = controller.spec.selector as unknown as Labels | undefined;
    return Object.keys(selector ?? {}).length > 0 && selectsAll(selector, pod.metadata.labels);
  },
  countsTerminating: false,
  waitsForOwnWrites: false,
});
