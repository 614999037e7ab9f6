import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./vectors.ts";

const directory = fileURLToPath(new URL("data/vectors", import.meta.url));

/** Patches also need the API server's defaults and validation; `npm run parity` holds them against the recording. */
const pure = [...cases(directory)].filter(({ name }) => !name.startsWith("patches"));

test.each(pure)("$name", ({ compare }) => {
  expect(compare()).toBeUndefined();
});
