// After kubernetes v1.36 plugin/pkg/admission/storage/storageclass/setdefault/admission.go.
import { values } from "../../../kernel/sorted-map.ts";
import { collectionAt } from "../../state.ts";
import { newestDefault } from "../newest-default.ts";
import type { AdmissionPlugin } from "../plugin.ts";

/** A claim that names no class gets the default one; the empty name means none. */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  mutate: (turn, admission) => {
    const { object, operation, call } = admission;
    if (operation !== "CREATE" || call.served.prefix !== "persistentvolumeclaims") return object;
    const spec = (object.spec ?? {}) as { readonly storageClassName?: string };
    const betaClass = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
    if (spec.storageClassName !== undefined || betaClass !== undefined) return object;
    const classes = values(collectionAt(turn.state, "storageclasses").objects);
    const found = newestDefault(classes, "storageclass.kubernetes.io/is-default-class");
    if (found === undefined) return object;
    return { ...object, spec: { ...spec, storageClassName: found.metadata.name ?? "" } };
  },
};
