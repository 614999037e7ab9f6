import type { Mistake } from "../../verify/mistake.ts";
import { solution } from "./solution.ts";

/** Wrong predictions that people make, each with the check that must refuse it and the words that they must read. */
export const mistakes: readonly Mistake[] = [
  answered("container-restarts", "the container restarts", { restarts: 1 }, [
    "restarts",
    "restarts/readiness-restarts",
  ]),
  answered("restarts-often", "restarts every 15 s", { restarts: "8" }, ["restarts", "restarts/readiness-restarts"]),
  answered("pod-ip-blocked", "the Pod IP is blocked", { "pod-ip": "refused" }, ["pod-ip", "pod-ip/refused"]),
  answered("pod-ip-silent", "packets to the Pod IP are lost", { "pod-ip": "silent" }, ["pod-ip", "pod-ip/silent"]),
  answered("service-still-answers", "the Service still sends to it", { service: "answered" }, [
    "service",
    "service/answered",
  ]),
  answered("open-is-cut", "the open connection is cut", { open: "cut" }, ["open", "open/cut"]),
  answered("open-moves", "the open connection moves to another Pod", { open: "moved" }, ["open", "open/moved"]),
  answered("endpoint-deleted", "the endpoint is deleted", { endpoint: "removed" }, ["endpoint", "endpoint/removed"]),
  answered("nothing-changes", "nothing changes in the slice", { endpoint: "unchanged" }, [
    "endpoint",
    "endpoint/unchanged",
  ]),
];

function answered(
  id: string,
  says: string,
  answers: Readonly<Record<string, unknown>>,
  [refusedBy, reason]: readonly [string, string],
): Mistake {
  return { id, says, submission: { ...solution, answers: { ...solution.answers, ...answers } }, refusedBy, reason };
}
