import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rerun } from "./scenario.ts";

const folder = import.meta.dirname;
const scenarios = readdirSync(folder).filter((name) => name.endsWith(".txt"));

test.each(scenarios)("%s", async (name) => {
  const path = join(folder, name);
  await expect(rerun(readFileSync(path, "utf8"))).toMatchFileSnapshot(path);
});

test("a scenario that goes another way is found", () => {
  const changed = "boot nodes=1\n----\n\necho a\n----\nb\n";
  expect(rerun(changed)).not.toBe(changed);
});
