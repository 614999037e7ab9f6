// The style guide as a test. Each rule is shown failing on a small bad tree before it is held against the real one.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import * as rules from "./house/rules.ts";
import { readTree, type SourceFile, top } from "./house/tree.ts";

const tree = ["docs", "engine", "labs", "src", "test"].flatMap(readTree);

function file(path: string, text: string): SourceFile {
  return { path, text };
}

interface Case {
  readonly rule: rules.Rule;
  readonly says: string;
  readonly bad: readonly SourceFile[];
  readonly complaint: string;
}

const cases: readonly Case[] = [
  {
    says: "rooms import down only, type imports too",
    rule: rules.importDown,
    bad: [file("engine/kernel/a.ts", `import type { World } from "../cluster/world.ts";`)],
    complaint: "engine/kernel/a.ts: kernel may not import cluster",
  },
  {
    says: "sibling rooms do not know each other",
    rule: rules.importDown,
    bad: [file("engine/scheduler/a.ts", `export * from "../controllers/b.ts";`)],
    complaint: "engine/scheduler/a.ts: scheduler may not import controllers",
  },
  {
    says: "a new room is entered in the table first",
    rule: rules.importDown,
    bad: [file("engine/attic/a.ts", "")],
    complaint: "engine/attic/a.ts: engine/attic is not a room of the house",
  },
  {
    says: "the engine imports no package but those wrapped in one file",
    rule: rules.stayInPackage,
    bad: [file("engine/api/other.ts", `import { parse } from "yaml";`)],
    complaint: "engine/api/other.ts: engine may not import yaml",
  },
  {
    says: "labs know the engine's face only",
    rule: rules.stayInPackage,
    bad: [file("labs/a.ts", `import { advance } from "../engine/kernel/world.ts";`)],
    complaint: "labs/a.ts: labs may not import engine/kernel/world.ts",
  },
  {
    says: "src reaches both packages by their faces",
    rule: rules.stayInPackage,
    bad: [file("src/worker/a.ts", `const x = await import("../../engine/index.ts");`)],
    complaint: "src/worker/a.ts: src may not import engine/index.ts",
  },
  {
    says: "a controller never imports its neighbour",
    rule: rules.keepApart,
    bad: [file("engine/controllers/a/reconcile.ts", `import { x } from "../b/reconcile.ts";`)],
    complaint: "engine/controllers/a/reconcile.ts: a may not import its sibling b",
  },
  {
    says: "every lab stands in the register",
    rule: rules.register,
    bad: [file("labs/index.ts", `import { a } from "./probes/a/lab.ts";`), file("labs/probes/b/lab.ts", "")],
    complaint: "labs/index.ts: probes/b is not in the register",
  },
  {
    says: "every plugin stands in the register",
    rule: rules.register,
    bad: [file("engine/scheduler/plugins/index.ts", ""), file("engine/scheduler/plugins/fit/plugin.ts", "")],
    complaint: "engine/scheduler/plugins/index.ts: fit is not in the register",
  },
  {
    says: "files have at most 400 lines",
    rule: rules.staySmall,
    bad: [file("src/a.ts", "\n".repeat(401))],
    complaint: "src/a.ts: 401 lines, the wall is 400",
  },
  ...["const t = Date.now();", "Math.random();", "Math.sqrt(2);", "a.localeCompare(b);", "async () => {};"].map(impure),
  ...["console.log(1);", "let n = 0;", "export class A {}", "setTimeout(f);"].map(impure),
  {
    says: "what stands in comments and strings is not code",
    rule: (files) => (rules.stayPure(files).length === 0 ? ["clean"] : []),
    bad: [file("engine/kernel/a.ts", `// Date\nconst s = "Date" + \`Date \${x}\`;\nconst r = /Date"/;\n`)],
    complaint: "clean",
  },
  {
    says: "no any",
    rule: rules.banned,
    bad: [file("src/a.ts", "export function f(x: any): void {}")],
    complaint: "src/a.ts:1: : any (any: use unknown and parse)",
  },
  {
    says: "names say something",
    rule: rules.banned,
    bad: [file("src/a.ts", "export interface PodManager {}")],
    complaint: "src/a.ts:1: interface PodManager (a name that says nothing)",
  },
  {
    says: "no folder for anything",
    rule: rules.banned,
    bad: [file("engine/api/utils/a.ts", "")],
    complaint: "engine/api/utils/a.ts: a place for anything",
  },
  {
    says: "nothing is left for later",
    rule: rules.banned,
    bad: [file("src/a.ts", ["// TO", "DO write it"].join(""))],
    complaint: "src/a.ts: left for later without an issue",
  },
  {
    says: "no test is skipped",
    rule: rules.banned,
    bad: [file("engine/api/a.test.ts", "test.skip(() => {});")],
    complaint: "engine/api/a.test.ts: a skipped or focused test",
  },
  {
    says: "re-exports stand in a package's face only",
    rule: rules.noBarrels,
    bad: [file("engine/api/index.ts", `export { a } from "./a.ts";`)],
    complaint: "engine/api/index.ts: re-exports belong in a package's index.ts only",
  },
  {
    says: "no cycles, types included",
    rule: rules.noCycles,
    bad: [file("labs/a.ts", `import type { B } from "./b.ts";`), file("labs/b.ts", `import { a } from "./a.ts";`)],
    complaint: "labs/a.ts → labs/b.ts → labs/a.ts",
  },
  {
    says: "a chapter has one title",
    rule: rules.oneTitle,
    bad: [file("docs/1-one/01-a.mdx", "# One\n\n```sh\n# no title\n```\n\n# Two\n")],
    complaint: "docs/1-one/01-a.mdx: 2 titles, a chapter has one",
  },
  {
    says: "a room's tsconfig.json says what the table says",
    rule: rules.lockRooms,
    bad: [file("engine/kernel/tsconfig.json", "{}"), file("engine/api/tsconfig.json", `{ "references": [] }`)],
    complaint: "engine/api/tsconfig.json: references , the table says kernel",
  },
];

function impure(text: string): Case {
  const bad = [file("engine/kernel/a.ts", `\n${text}\n`)];
  const rule: rules.Rule = (files) => rules.stayPure(files).map((line) => line.replace(/:\d+: .*/, ""));
  return { says: `the engine is pure: ${text}`, rule, bad, complaint: "engine/kernel/a.ts" };
}

describe("each rule is seen failing", () => {
  test.each(cases)("$says", ({ rule, bad, complaint }) => {
    expect(rule(bad)).toContain(complaint);
  });
});

describe("the repository keeps the rule", () => {
  test.each(Object.entries(rules).filter(([, rule]) => typeof rule === "function"))("%s", (_, rule) => {
    expect((rule as rules.Rule)(tree)).toEqual([]);
  });
});

/** Contract.md, "Names": nothing else stands at the top. */
const entries = [
  ...["docs", "engine", "i18n", "labs", "src", "static", "test", ".ci", ".github"],
  ...["docusaurus.config.ts", "sidebars.ts", "package.json", "package-lock.json", "vitest.config.mts"],
  ...["tsconfig.json", "tsconfig.node.json", "tsconfig.site.json", "tsconfig.test.json"],
  ...["README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...["knip.json", "cspell.json", "lefthook.yml"],
];

test("nothing else stands at the top of the repository", () => {
  const listed = execFileSync("git", ["ls-files"], { cwd: top, encoding: "utf8" }).split("\n");
  const found = new Set(listed.map((path) => path.split("/")[0] ?? ""));
  const dots =
    /^$|^\.(gitignore|gitattributes|npmrc|oxlintrc\.json|oxfmtrc\.json|markdownlint-cli2\.jsonc|browserslistrc)$/;
  expect([...found].filter((name) => !entries.includes(name) && !dots.test(name))).toEqual([]);
});

test("the engine's face changes only on purpose", async () => {
  const face = await import("@workbook/engine");
  await expect(`${Object.keys(face).toSorted().join("\n")}\n`).toMatchFileSnapshot("./house/engine-face.txt");
});
