import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./objects.ts";

const directory = fileURLToPath(new URL("data/objects", import.meta.url));

test.each([...cases(directory)])("$name", ({ compare }) => {
  expect(compare()).toBeUndefined();
});
