import { expect, test } from "vitest";
import { compared } from "./controllers.ts";
import { readRecording } from "./controllers/recording.ts";
import { play, restartControllers } from "./controllers/stage.ts";

const DATA = new URL("./controllers/data", import.meta.url).pathname;

test.each(["01-deploy-create", "40-job-backoff-never"])("%s: the engine's controllers write what the recorded ones wrote", (name) => {
  const recording = readRecording(DATA, name);
  const { expected, got } = compared(recording, play(recording));
  expect(got).toEqual(expected);
});

test("controllers that are killed at any moment of a rollout bring it to the same end", () => {
  const recording = readRecording(DATA, "01-deploy-create");
  for (let at = 460; at < 700; at += 20) {
    const { seen } = play(recording, [{ at, change: restartControllers }]);
    const pods = new Set(seen.filter(({ object, type }) => object.kind === "Pod" && type === "ADDED").map(({ object }) => object.metadata.uid));
    const last = seen.findLast(({ object }) => object.kind === "Deployment");
    const { readyReplicas, replicas } = (last?.object.status ?? {}) as { readonly readyReplicas?: number; readonly replicas?: number };
    expect([at, pods.size, replicas, readyReplicas]).toEqual([at, 3, 3, 3]);
  }
});
