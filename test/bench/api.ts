import { podTemplateHash } from "../../engine/api/hash.ts";
import { matchesLabels, parseLabelSelector } from "../../engine/api/label-selector.ts";
import { milliValue, wholeValue } from "../../engine/api/quantity.ts";
import { schemaNamed } from "../../engine/api/schema.ts";
import { applyStrategicMergePatch } from "../../engine/api/strategic-merge-patch.ts";
import type { Benchmark } from "./measure.ts";

const ROUNDS = 100_000;
const TEXTS = ["100m", "2", "64Mi", "1Gi", "250m", "1500m", "128974848"];

export const quantityNumbers: Benchmark = {
  name: "api: quantities read as numbers",
  unit: "quantities",
  prepare: () => () => {
    let sum = 0;
    for (let round = 0; round < ROUNDS; round++) for (const text of TEXTS) sum += milliValue(text) + wholeValue(text);
    return sum > 0 ? ROUNDS * TEXTS.length * 2 : 0;
  },
};

export const selectorMatches: Benchmark = {
  name: "api: selectors asked",
  unit: "matches",
  prepare: () => {
    const selector = parseLabelSelector("app=web,tier in (front,back),!legacy");
    if (typeof selector === "string") throw new Error(selector);
    const objects = Array.from({ length: 100 }, (_, index) => ({ app: index % 2 === 0 ? "web" : "db", tier: "front" }));
    return () => {
      let matches = 0;
      for (let round = 0; round < ROUNDS / 10; round++)
        for (const labels of objects) if (matchesLabels(selector, labels)) matches += 1;
      return matches > 0 ? (ROUNDS / 10) * objects.length : 0;
    };
  },
};

const deployment = {
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [{ name: "c", image: "nginx:1", env: [{ name: "A", value: "1" }], ports: [{ containerPort: 80 }] }],
      },
    },
  },
};

export const strategicPatches: Benchmark = {
  name: "api: strategic merge patches of an image",
  unit: "patches",
  prepare: () => {
    const schema = schemaNamed("Deployment");
    if (schema === undefined) throw new Error("Deployment has a schema");
    return () => {
      for (let round = 0; round < ROUNDS / 10; round++) {
        const patch = { spec: { template: { spec: { containers: [{ name: "c", image: `nginx:${round}` }] } } } };
        applyStrategicMergePatch(deployment, patch, schema);
      }
      return ROUNDS / 10;
    };
  },
};

export const templateHashes: Benchmark = {
  name: "api: pod template hashes",
  unit: "hashes",
  prepare: () => () => {
    for (let round = 0; round < ROUNDS / 100; round++) podTemplateHash(deployment.spec.template, round);
    return ROUNDS / 100;
  },
};
