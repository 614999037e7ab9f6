import { expect, test } from "vitest";
import type { Pod } from "../api/generated/types.ts";
import { eventRequest, type EventSeriesCache, noEvents, SERIES_MILLIS_MAX, type SchedulerEvent } from "./events.ts";

const pod: Pod = { metadata: { name: "p", namespace: "default", uid: "u" }, spec: { containers: [] }, status: {} };
const event: SchedulerEvent = { pod, type: "Warning", reason: "FailedScheduling", action: "Scheduling", note: "no" };

function say(cache: EventSeriesCache, now: number): ReturnType<typeof eventRequest> {
  return eventRequest(cache, event, {
    now,
    epochMillis: 1_776_859_200_000,
    host: "cp",
    controller: "default-scheduler",
  });
}

test("the first event is created, the second makes it a series, more are only counted", () => {
  const first = say(noEvents, 0);
  const second = say(first.cache, 1000);
  const third = say(second.cache, 2000);
  expect(first.request).toMatchObject({
    method: "POST",
    path: "/apis/events.k8s.io/v1/namespaces/default/events",
    body: {
      reason: "FailedScheduling",
      note: "no",
      reportingController: "default-scheduler",
      reportingInstance: "default-scheduler-cp",
    },
  });
  expect(second.request).toMatchObject({
    method: "PATCH",
    body: { series: { count: 2, lastObservedTime: "2026-04-22T12:00:01.000000Z" } },
  });
  expect(third.request).toBeUndefined();
});

test("after six quiet minutes the same event is a new one", () => {
  const first = say(noEvents, 0);
  expect(say(first.cache, SERIES_MILLIS_MAX + 1).request).toMatchObject({ method: "POST" });
});
