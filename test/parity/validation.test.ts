import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./validation.ts";

const directory = fileURLToPath(new URL("data/validation", import.meta.url));

test.each([...cases(directory)])("$name", ({ compare }) => {
  expect(compare()).toBeUndefined();
});
