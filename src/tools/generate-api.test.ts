import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "./generate-api.ts";

const files = generate();

test.each(Object.keys(files))("the committed %s is what the generator makes from the pinned input", (file) => {
  const committed = readFileSync(new URL(`../../engine/api/generated/${file}`, import.meta.url), "utf8");
  expect(committed === files[file]).toBe(true);
});
