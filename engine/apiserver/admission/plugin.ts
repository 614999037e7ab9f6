// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/interfaces.go.
import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import type { Call, Turn } from "../state.ts";

/** What is about to be written, as admission sees it. */
export interface Admission {
  readonly call: Call;
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  /** The object as it would be written; for a deletion the object that goes. */
  readonly object: KubernetesObject;
  /** What is there now; absent for a create. */
  readonly old: KubernetesObject | undefined;
}

/** One admission plugin: a gate that may change the object, and a gate that may only refuse it. */
export interface AdmissionPlugin {
  readonly name: string;
  /** Answers with the object, changed or the very same, or with a refusal. */
  mutate?(turn: Turn, admission: Admission): KubernetesObject | Status;
  /** Answers with a refusal, or with nothing. */
  validate?(turn: Turn, admission: Admission): Status | undefined;
}
