// After kubernetes v1.36 plugin/pkg/admission/limitranger/admission.go; not modelled: in-place resize.
import type { Container, LimitRange, LimitRangeItem, PodSpec } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Status } from "../../../api/status.ts";
import { valuesWithPrefix } from "../../../kernel/sorted-map.ts";
import { aggregate } from "../../registry/status-error.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { isAboutPod, podSpecOf, refuse } from "../refuse.ts";
import { type Quantities, totalOf } from "../quantities.ts";
import { problemsOf } from "./constraints.ts";

/** Gives containers the limits of their namespace, and refuses what is outside them. */
export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  mutate: (turn, admission) => {
    if (admission.operation !== "CREATE" || !isAboutPod(admission)) return admission.object;
    let { object } = admission;
    for (const range of rangesOf(turn, admission)) object = withDefaults(object, range);
    return object;
  },
  validate: (turn, admission) => {
    if (admission.operation !== "CREATE") return undefined;
    for (const range of rangesOf(turn, admission)) {
      const refusal = refusalOf(admission, range);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  },
};

function rangesOf(turn: Turn, admission: Admission): readonly LimitRange[] {
  const { objects } = collectionAt(turn.state, "limitranges");
  if (objects === null) return [];
  return valuesWithPrefix(objects, `${admission.call.info.namespace}/`) as unknown as readonly LimitRange[];
}

/** A range without limits is kept with null. */
function limitsOf(range: LimitRange): readonly LimitRangeItem[] {
  return (range.spec?.limits as readonly LimitRangeItem[] | null | undefined) ?? [];
}

function refusalOf(admission: Admission, range: LimitRange): Status | undefined {
  const found = limitsOf(range).flatMap((item) => problemsFor(admission, item));
  return found.length === 0 ? undefined : refuse(admission, aggregate(found));
}

function problemsFor(admission: Admission, item: LimitRangeItem): readonly string[] {
  const isClaim = admission.call.served.prefix === "persistentvolumeclaims";
  const spec = podSpecOf(admission.object) as PodSpec & { readonly resources?: { readonly requests?: Quantities } };
  if (isClaim)
    return item.type === "PersistentVolumeClaim"
      ? problemsOf(item, { requests: spec.resources?.requests, isClaim })
      : [];
  if (!isAboutPod(admission)) return [];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (item.type === "Container") {
    return containers.flatMap(({ resources }) =>
      problemsOf(item, { requests: resources?.requests, limits: resources?.limits, isClaim: false }),
    );
  }
  return item.type === "Pod" ? problemsOf(item, { ...podSums(spec), isClaim: false }) : [];
}

/** What a pod asks for: the sum of its containers. */
function podSums(spec: PodSpec): { readonly requests: Quantities; readonly limits: Quantities } {
  return {
    requests: sum(spec.containers.map((container) => container.resources?.requests)),
    limits: sum(spec.containers.map((container) => container.resources?.limits)),
  };
}

function withDefaults(pod: KubernetesObject, range: LimitRange): KubernetesObject {
  const item = limitsOf(range).find((one) => one.type === "Container");
  if (item === undefined) return pod;
  const spec = podSpecOf(pod);
  const notes: string[] = [];
  const containers = spec.containers.map((container) => withOwnDefaults(container, item, { notes, word: "container" }));
  const inits = spec.initContainers?.map((container) =>
    withOwnDefaults(container, item, { notes, word: "init container" }),
  );
  if (notes.length === 0) return pod;
  const text = `LimitRanger plugin set: ${notes.join("; ")}`;
  const annotations = { ...pod.metadata.annotations, "kubernetes.io/limit-ranger": text };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...spec, containers, ...(inits === undefined ? {} : { initContainers: inits }) },
  };
}

function withOwnDefaults(
  container: Container,
  item: LimitRangeItem,
  report: { readonly notes: string[]; readonly word: string },
): Container {
  const requests = missingFrom(container.resources?.requests, item.defaultRequest);
  const limits = missingFrom(container.resources?.limits, item.default);
  if (requests.length === 0 && limits.length === 0) return container;
  const { notes, word } = report;
  if (requests.length > 0) notes.push(`${requests.join(", ")} request for ${word} ${container.name}`);
  if (limits.length > 0) notes.push(`${limits.join(", ")} limit for ${word} ${container.name}`);
  return {
    ...container,
    resources: {
      ...container.resources,
      ...filled("requests", container.resources?.requests, item.defaultRequest),
      ...filled("limits", container.resources?.limits, item.default),
    },
  };
}

function missingFrom(own: Quantities | undefined, defaults: Quantities | undefined): readonly string[] {
  return Object.keys(defaults ?? {})
    .filter((name) => own?.[name] === undefined)
    .toSorted();
}

function filled(
  key: string,
  own: Quantities | undefined,
  defaults: Quantities | undefined,
): Readonly<Record<string, Quantities>> {
  if (own === undefined && defaults === undefined) return {};
  return { [key]: { ...defaults, ...own } };
}

function sum(all: readonly (Quantities | undefined)[]): Quantities {
  return totalOf(all.filter((one) => one !== undefined));
}
