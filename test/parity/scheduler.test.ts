import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./scheduler.ts";

const directory = fileURLToPath(new URL("data/scheduler", import.meta.url));

test.each([...cases(directory)])("$name", ({ compare }) => {
  expect(compare()).toBeUndefined();
});
