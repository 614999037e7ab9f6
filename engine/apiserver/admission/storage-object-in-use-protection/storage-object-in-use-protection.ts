// After kubernetes v1.36 plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go.
import type { AdmissionPlugin } from "../plugin.ts";

const finalizers: Readonly<Record<string, string>> = {
  persistentvolumes: "kubernetes.io/pv-protection",
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  volumeattributesclasses: "kubernetes.io/vac-protection",
};

/** Volumes and claims cannot go while somebody uses them. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  mutate: (_turn, admission) => {
    const { object, operation, call } = admission;
    const finalizer = operation === "CREATE" ? finalizers[call.served.prefix] : undefined;
    const present = object.metadata.finalizers ?? [];
    if (finalizer === undefined || present.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
  },
};
