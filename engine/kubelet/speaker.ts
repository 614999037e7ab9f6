import type { Container, Pod } from "../api/generated/types.ts";
import { GRACE_SECONDS_MIN } from "./constants.ts";
import type { Ask } from "./job.ts";
import { containerNamed } from "./pod-spec.ts";

export type Speak = (type: "Normal" | "Warning", reason: string, message: string) => Ask;

/** Events about one container of a pod. */
export function speaker(pod: Pod, container: Container): Speak {
  const object = { ...pod, kind: "Pod", apiVersion: "v1" };
  const fieldPath = containerNamed(pod, container.name)?.fieldPath ?? "";
  return (type, reason, message) => ({ kind: "event", note: { object, type, reason, message, fieldPath } });
}

/** The grace of a container that stops because its pod or its hook says so. Source: setTerminationGracePeriod. */
export function stopGrace(pod: Pod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? GRACE_SECONDS_MIN;
}
