import { expect, test } from "vitest";
import { readConfiguration } from "./configuration.ts";
import { pluginsOf } from "./profile.ts";

const head = { apiVersion: "kubescheduler.config.k8s.io/v1", kind: "KubeSchedulerConfiguration" };

test("a profile changes weights, leaves plugins out and scores by another strategy", () => {
  const read = readConfiguration({
    ...head,
    percentageOfNodesToScore: 30,
    profiles: [
      {
        schedulerName: "packer",
        plugins: { score: { enabled: [{ name: "NodeAffinity", weight: 7 }], disabled: [{ name: "ImageLocality" }] } },
        pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }],
      },
    ],
  });
  if (read.kind === "problem") throw new Error(read.message);
  expect(read.percentageOfNodesToScore).toBe(30);
  const [profile] = read.profiles;
  const plugins = pluginsOf(profile ?? { schedulerName: "" });
  expect(plugins.find(({ name }) => name === "NodeAffinity")?.weight).toBe(7);
  expect(plugins.some(({ name }) => name === "ImageLocality")).toBe(false);
  expect(profile?.scoringStrategy?.type).toBe("MostAllocated");
});

test.each([
  [
    "another kind",
    { ...head, kind: "Pod" },
    'no kind "Pod" is registered for version "kubescheduler.config.k8s.io/v1"',
  ],
  [
    "a plugin that does not exist",
    { ...head, profiles: [{ plugins: { filter: { disabled: [{ name: "Nope" }] } } }] },
    'plugin "Nope" is not in the registry',
  ],
])("%s is refused with a sentence", (_, object, message) => {
  expect(readConfiguration(object)).toEqual({ kind: "problem", message });
});

test("what is not read is named", () => {
  const read = readConfiguration({ ...head, leaderElection: { leaderElect: false } });
  expect(read.kind === "configuration" && read.notModelled).toEqual(["leaderElection"]);
});
