import { expect, test } from "vitest";
import type { Frame } from "./session.ts";
import { type LocalSession, startLocal } from "./local.ts";

const lab = "probes/slow-starter";

function frameOf(session: LocalSession): Frame {
  const { frame, trouble } = session.state();
  if (frame === undefined) throw new Error(trouble ?? "no frame");
  return frame;
}

test("a lab starts at zero, stands still, and has its files", () => {
  const session = startLocal(lab);
  session.pass(1000);
  expect(frameOf(session)).toMatchObject({ now: 0, latest: 0, pace: 0, ended: 0 });
  expect(Object.keys(frameOf(session).files)).toContain("app.yaml");
  expect(frameOf(session).view.nodes.length).toBeGreaterThan(0);
});

test("time passes at the pace, and by the second", () => {
  const session = startLocal(lab);
  session.setPace(20);
  session.pass(500);
  expect(frameOf(session).now).toBe(10_000);
  session.skip("second");
  expect(frameOf(session)).toMatchObject({ now: 11_000, pace: 0 });
});

test("the next event is the next line of the log", () => {
  const session = startLocal(lab);
  const before = session.state().log.length;
  session.skip("event");
  expect(session.state().log.length).toBeGreaterThan(before);
});

test("a command prints and ends while time stands still", () => {
  const session = startLocal(lab);
  let printed = "";
  session.listen((output) => (printed += output));
  session.command("echo hello");
  expect(printed).toBe("hello\n");
  expect(frameOf(session).ended).toBe(1);
});

test("an earlier moment can be looked at, and nothing is lost by looking", () => {
  const session = startLocal(lab);
  session.setPace(20);
  session.pass(3000);
  const newest = frameOf(session);
  session.seek(10_000);
  expect(frameOf(session)).toMatchObject({ now: 10_000, latest: 60_000 });
  session.seek(60_000);
  expect(frameOf(session).view).toEqual(newest.view);
});

test("what is done in the past starts a new future", () => {
  const session = startLocal(lab);
  session.setPace(20);
  session.pass(3000);
  session.seek(10_000);
  session.command("echo again");
  expect(frameOf(session).latest).toBeLessThan(12_000);
  expect(session.state().log.every((line) => line.at <= frameOf(session).latest)).toBe(true);
});

test("going back and running again gives the same future", async () => {
  const session = startLocal(lab);
  session.setPace(20);
  session.pass(3000);
  const first = await session.recording();
  session.seek(30_000);
  session.write("notes.txt", "x");
  session.setPace(20);
  session.pass(1500);
  expect(frameOf(session).latest).toBe(60_000);
  expect(JSON.parse(first)).toMatchObject({ schema: "workbook.recording/v1", lab });
});

test("starting over gives the first moment again", () => {
  const session = startLocal(lab);
  const first = frameOf(session).view;
  session.command("echo hello");
  session.setPace(20);
  session.pass(500);
  session.reset();
  expect(frameOf(session)).toMatchObject({ now: 0, latest: 0, pace: 0 });
  expect(frameOf(session).view).toEqual(first);
  expect(session.state().log).toEqual([]);
});

test("files saved last time are in the learner's home again", () => {
  const session = startLocal(lab, { "app.yaml": "# mine\n" });
  expect(frameOf(session).files["app.yaml"]).toBe("# mine\n");
});

test("an unknown lab is trouble, not a crash", () => {
  expect(startLocal("probes/none").state()).toMatchObject({ status: "failed", trouble: "there is no lab probes/none" });
});
