// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go; not modelled: the live lookup, which a cache without lag does not need.
import type { Status } from "../../../api/status.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { failure, notFound } from "../../failure.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { refuse } from "../refuse.ts";

const immortal: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** Nothing is created in a namespace that is not there or that goes; three namespaces stay. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  mutate: (turn, admission) =>
    admission.operation === "CREATE" ? (refusalOf(turn, admission) ?? admission.object) : admission.object,
  validate: (_turn, admission) => {
    if (admission.operation !== "DELETE" || admission.call.served.prefix !== "namespaces") return undefined;
    const isImmortal = immortal.has(admission.object.metadata.name ?? "");
    return isImmortal ? refuse(admission, "this namespace may not be deleted") : undefined;
  },
};

function refusalOf(turn: Turn, admission: Admission): Status | undefined {
  const { served, info } = admission.call;
  const { namespaced, plural, group } = served.strategy.resource;
  if (!namespaced || plural === "localsubjectaccessreviews") return undefined;
  const { namespace } = info;
  const found = get(collectionAt(turn.state, "namespaces").objects, namespace);
  if (found === undefined) return notFound({ group: "", resource: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return undefined;
  const { name = "", generateName = "" } = admission.object.metadata;
  const shown = name === "" ? generateName : name;
  const what = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const resource = group === "" ? plural : `${plural}.${group}`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return failure(403, "Forbidden", {
    message: `${resource} ${JSON.stringify(shown)} is forbidden: ${what}`,
    details: { name: shown, ...(group === "" ? {} : { group }), kind: plural, causes: [cause] },
  });
}
