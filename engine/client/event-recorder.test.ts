import { expect, test } from "vitest";
import { type EventRecorder, openRecorder, receiveAnswer, record, sendNext } from "./event-recorder.ts";

const web = { kind: "ReplicaSet", apiVersion: "apps/v1", metadata: { name: "web", namespace: "n", uid: "u" } };

/** Says something and takes the answer; gives what was written: `POST x1 text`, or nothing. */
function say(recorder: EventRecorder, message: string, now: number): readonly [EventRecorder, string] {
  const moment = { now, epochMillis: 0, date: "2026-01-01T00:00:00Z" };
  const noted = record(recorder, { object: web, type: "Warning", reason: "FailedCreate", message }, moment);
  const sent = sendNext(noted, now);
  if (sent.request === undefined) return [sent.recorder, ""];
  const { count, message: text = "" } = sent.request.body as { readonly count: number; readonly message?: string };
  return [receiveAnswer(sent.recorder, { code: 200, body: {} }).recorder, `${sent.request.method} x${count} ${text}`];
}

test("an event that repeats raises the count of the first", () => {
  const [once, first] = say(openRecorder("replicaset-controller"), "no", 0);
  const [, second] = say(once, "no", 10);
  expect([first, second]).toEqual(["POST x1 no", "PATCH x2 "]);
});

// Source: golden/d-controllers/64-quota-blocks-rs/events.txt: nine events, then combined ones with a rising count.
test("the tenth similar event in ten minutes is combined with those that follow", () => {
  let recorder = openRecorder("replicaset-controller");
  const written: string[] = [];
  for (let index = 0; index < 12; index++) {
    const [next, line] = say(recorder, `no ${index}`, index);
    recorder = next;
    written.push(line);
  }
  expect(written.slice(8)).toEqual([
    "POST x1 no 8",
    "POST x1 (combined from similar events): no 9",
    "PATCH x2 (combined from similar events): no 10",
    "PATCH x3 (combined from similar events): no 11",
  ]);
});

test("more than 25 events about one object are dropped, and one is let through every five minutes", () => {
  let recorder = openRecorder("replicaset-controller");
  let written = 0;
  for (let index = 0; index < 40; index++) {
    const [next, line] = say(recorder, "no", index);
    recorder = next;
    if (line !== "") written += 1;
  }
  expect(written).toBe(25);
  expect(say(recorder, "no", 300_000)[1]).toBe("PATCH x41 ");
});

test("an event that is gone is written anew", () => {
  const [once] = say(openRecorder("c"), "no", 0);
  const noted = record(
    once,
    { object: web, type: "Warning", reason: "FailedCreate", message: "no" },
    { now: 1, epochMillis: 0, date: "d" },
  );
  const answered = receiveAnswer(sendNext(noted, 1).recorder, { code: 404, body: {} });
  expect(answered.request?.method).toBe("POST");
});
