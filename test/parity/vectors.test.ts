import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./vectors.ts";

const directory = fileURLToPath(new URL("data/vectors", import.meta.url));

test.each([...cases(directory)])("$name", ({ compare }) => {
  expect(compare()).toBeUndefined();
});
