// After kubernetes v1.36 plugin/pkg/admission/priority/admission.go.
import type { PriorityClass } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Status } from "../../../api/status.ts";
import { get, values } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { isAboutPod, refuse } from "../refuse.ts";

interface PodPriority {
  readonly priorityClassName?: string;
  readonly priority?: number;
  readonly preemptionPolicy?: string;
}

/** Turns the name of a priority class into a number. */
export const priority: AdmissionPlugin = {
  name: "Priority",
  mutate: (turn, admission) => {
    if (!isAboutPod(admission)) return admission.object;
    if (admission.operation === "CREATE") return prioritized(turn, admission);
    return kept(admission);
  },
  validate: (turn, admission) => {
    if (admission.call.served.prefix !== "priorityclasses") return undefined;
    return admission.operation === "DELETE" ? systemClass(admission) : secondDefault(turn, admission);
  },
};

/** An update that leaves the priority out keeps it. */
function kept(admission: Admission): KubernetesObject {
  const { object, old } = admission;
  const spec = (object.spec ?? {}) as PodPriority;
  const before = (old?.spec ?? {}) as PodPriority;
  if (admission.operation !== "UPDATE" || spec.priority !== undefined || before.priority === undefined) return object;
  const preemptionPolicy = spec.preemptionPolicy ?? before.preemptionPolicy;
  const policy = preemptionPolicy === undefined ? {} : { preemptionPolicy };
  return { ...object, spec: { ...spec, priority: before.priority, ...policy } };
}

function prioritized(turn: Turn, admission: Admission): KubernetesObject | Status {
  const { object } = admission;
  const spec = (object.spec ?? {}) as PodPriority;
  const name = spec.priorityClassName ?? "";
  const classes = collectionAt(turn.state, "priorityclasses").objects;
  const found = (name === "" ? values(classes).find(isDefault) : get(classes, name)) as PriorityClass | undefined;
  if (name !== "" && found === undefined) return refuse(admission, `no PriorityClass with name ${name} was found`);
  const value = found?.value ?? 0;
  const policy = found?.preemptionPolicy ?? "PreemptLowerPriority";
  const problem = givenProblem(spec, { value, policy });
  if (problem !== undefined) return refuse(admission, problem);
  const className = name === "" && found !== undefined ? { priorityClassName: found.metadata.name ?? "" } : {};
  return { ...object, spec: { ...spec, ...className, priority: value, preemptionPolicy: policy } };
}

/** What the class says cannot be said by the pod in another way. */
function givenProblem(
  spec: PodPriority,
  computed: { readonly value: number; readonly policy: string },
): string | undefined {
  const { value, policy } = computed;
  const tail = "from the given PriorityClass name";
  if (spec.priority !== undefined && spec.priority !== value) {
    return `the integer value of priority (${String(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${String(value)} ${tail}`;
  }
  if (spec.preemptionPolicy === undefined || spec.preemptionPolicy === policy) return undefined;
  return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} ${tail}`;
}

function isDefault(object: KubernetesObject): boolean {
  return (object as PriorityClass).globalDefault === true;
}

/** Source: pkg/registry/scheduling/priorityclass/storage/storage.go Delete. */
function systemClass(admission: Admission): Status | undefined {
  const isSystem = admission.object.metadata.name?.startsWith("system-") === true;
  return isSystem ? refuse(admission, "this is a system priority class and cannot be deleted") : undefined;
}

function secondDefault(turn: Turn, admission: Admission): Status | undefined {
  if (!isDefault(admission.object)) return undefined;
  const other = values(collectionAt(turn.state, "priorityclasses").objects).find(isDefault);
  if (other === undefined || other.metadata.name === admission.object.metadata.name) return undefined;
  return refuse(
    admission,
    `PriorityClass ${other.metadata.name ?? ""} is already marked as default. Only one default can exist`,
  );
}
