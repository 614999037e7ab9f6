// After kubernetes v1.36 plugin/pkg/admission/runtimeclass/admission.go.
import type { PodSpec, RuntimeClass, Toleration } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Status } from "../../../api/status.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { isAboutPod, podSpecOf, refuse } from "../refuse.ts";

/** Gives a pod what its runtime class costs and where it runs. */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  mutate: (turn, admission) => {
    if (admission.operation !== "CREATE" || !isAboutPod(admission)) return admission.object;
    const name = podSpecOf(admission.object).runtimeClassName;
    return name === undefined ? admission.object : withClass(turn, admission, name);
  },
};

function withClass(turn: Turn, admission: Admission, name: string): KubernetesObject | Status {
  const found = get(collectionAt(turn.state, "runtimeclasses").objects, name) as RuntimeClass | undefined;
  if (found === undefined) return refuse(admission, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  const { overhead, scheduling } = found;
  if (overhead === undefined && scheduling === undefined) return admission.object;
  const spec = podSpecOf(admission.object);
  const nodeSelector = selectorOf(spec, scheduling?.nodeSelector);
  if (typeof nodeSelector === "string") return refuse(admission, nodeSelector);
  const tolerations = joined(spec.tolerations, scheduling?.tolerations);
  const next: PodSpec = {
    ...spec,
    ...(overhead?.podFixed === undefined ? {} : { overhead: overhead.podFixed }),
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
  };
  return { ...admission.object, spec: next };
}

type Labels = Readonly<Record<string, string>>;

function selectorOf(spec: PodSpec, wanted: Labels | undefined): Labels | string | undefined {
  const own = spec.nodeSelector;
  for (const key in wanted) {
    if (own?.[key] === undefined || own[key] === wanted[key]) continue;
    return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted[key] ?? ""}; pod.spec.nodeSelector[${key}] = ${own[key]}`;
  }
  return wanted === undefined ? own : { ...own, ...wanted };
}

function joined(
  own: readonly Toleration[] | undefined,
  more: readonly Toleration[] | undefined,
): readonly Toleration[] | undefined {
  if (more === undefined) return own;
  const known = new Set((own ?? []).map((one) => JSON.stringify(one)));
  return [...(own ?? []), ...more.filter((one) => !known.has(JSON.stringify(one)))];
}
