import type { Container, Pod, ResourceRequirements } from "../api/generated/types.ts";
import { isEqual } from "../api/semantic-equal.ts";

/** Resources of containers by name. */
export type Allocation = Readonly<Record<string, ResourceRequirements>>;

export function allocationOf(pod: Pod): Allocation {
  return Object.fromEntries(pod.spec.containers.map((container) => [container.name, container.resources ?? {}]));
}

/** The pod as it was allocated: what its containers get, whatever is asked for by now. */
export function allocatedPod(pod: Pod, allocated: Allocation): Pod {
  const isAsAsked = pod.spec.containers.every((container) =>
    isEqual(container.resources ?? {}, allocated[container.name] ?? {}),
  );
  if (isAsAsked) return pod;
  const containers = pod.spec.containers.map((container) => ({
    ...container,
    resources: allocated[container.name] ?? {},
  }));
  return { ...pod, spec: { ...pod.spec, containers } };
}

/** A container with its resources, as Events print them. */
export function printed(container: Container): unknown {
  const { limits, requests } = container.resources ?? {};
  return {
    name: container.name,
    resources: {
      ...(limits === undefined ? {} : { limits: sorted(limits) }),
      ...(requests === undefined ? {} : { requests: sorted(requests) }),
    },
  };
}

function sorted(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

export function completedMessage(pod: Pod): string {
  const containers = pod.spec.containers.filter((it) => it.resources !== undefined).map(printed);
  return `Pod resize completed: ${JSON.stringify({ containers, generation: pod.metadata.generation })}`;
}

/** Whether the change from what a container has to what it is allocated needs a new start of it. */
export function needsRestart(container: Container, has: ResourceRequirements): boolean {
  const wanted = container.resources ?? {};
  return (container.resizePolicy ?? []).some((policy) => {
    if (policy.restartPolicy !== "RestartContainer") return false;
    const name = policy.resourceName;
    return wanted.limits?.[name] !== has.limits?.[name] || wanted.requests?.[name] !== has.requests?.[name];
  });
}
