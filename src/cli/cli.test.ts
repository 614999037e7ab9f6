// The command as a user meets it: arguments in, text and exit code out.
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./main.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "workbook-cli-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function workbook(...argv: readonly string[]): Promise<Ran> {
  let out = "";
  let error = "";
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    environment: {},
    workingDirectory: home,
  };
  const code = await run(argv, terminal);
  return { code, out, error };
}

/** A folder for a lab, as `start` writes it, with some files changed. */
async function folder(
  name: string,
  changes: Readonly<Record<string, string | Buffer>> = {},
  lab = "probes/slow-starter",
): Promise<string> {
  expect((await workbook("start", lab, name, "--solution")).code).toBe(0);
  for (const [file, text] of Object.entries(changes)) writeFileSync(join(home, name, file), text);
  return join(home, name);
}

const QUICK = ["--seeds", "3"];

describe("usage", () => {
  test("help is no error; no command, an unknown one and unknown flags are", async () => {
    expect((await workbook("help")).code).toBe(0);
    expect((await workbook()).code).toBe(2);
    expect(await workbook("frobnicate")).toMatchObject({
      code: 2,
      error: expect.stringContaining('unknown command "frobnicate"'),
    });
    expect((await workbook("constructor")).code).toBe(2);
    expect((await workbook("grade", "--frobnicate")).code).toBe(2);
    expect((await workbook("grade", "--seeds", "-1")).code).toBe(2);
    expect((await workbook("grade", "--reporter", "constructor")).code).toBe(2);
    expect((await workbook("grade", "--lab", "probes/none")).code).toBe(2);
  });

  test("list prints the register; as JSON in the shape of the contract", async () => {
    expect((await workbook("list")).out).toContain("probes/slow-starter");
    const listed = JSON.parse((await workbook("list", "--json")).out) as Record<
      string,
      readonly Record<string, unknown>[]
    >;
    expect(listed["chapters"]?.[0]).toMatchObject({
      id: "probes",
      number: 24,
      title: "Probes",
      claims: expect.any(Array),
    });
    expect(listed["labs"]?.[0]).toMatchObject({
      chapter: "probes",
      title: expect.any(String),
      points: expect.any(Number),
    });
    expect(listed["quizzes"]?.[0]).toMatchObject({ chapter: "probes", items: expect.any(Array) });
  });

  test("start writes the starter, and never over what is there", async () => {
    expect((await workbook("start", "probes/four-mechanisms", "four")).code).toBe(0);
    expect(readFileSync(join(home, "four/answers.yaml"), "utf8")).toContain("redirect:");
    expect(await workbook("start", "probes/four-mechanisms", "four")).toMatchObject({
      code: 2,
      error: expect.stringContaining("there already"),
    });
  });
});

describe("grade", () => {
  test("a right answer exits 0, the starter 1, both say so in the document", async () => {
    await folder("right");
    const right = await workbook("grade", "right", ...QUICK, "--reporter", "json");
    expect(right.code).toBe(0);
    const document = JSON.parse(right.out) as { readonly labs: readonly Record<string, unknown>[] };
    expect(document).toMatchObject({ schema: "workbook.grade/v1", passed: true, invalid: [] });
    expect(document.labs[0]).toMatchObject({
      id: "probes/slow-starter",
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      failureRateBound: 1,
    });

    await workbook("start", "probes/slow-starter", "starter");
    const starter = await workbook("grade", "starter", ...QUICK);
    expect(starter.code).toBe(1);
    expect(starter.out).toContain("the smallest story");
    expect(starter.out).toContain("again: workbook grade starter --lab probes/slow-starter --seed 242");
  });

  test("the schema names every field that the document requires", async () => {
    await folder("shaped");
    const schema = JSON.parse(
      readFileSync(new URL("../../static/schema/workbook.grade.v1.json", import.meta.url), "utf8"),
    );
    const document = JSON.parse((await workbook("grade", "shaped", ...QUICK, "--reporter", "json")).out);
    for (const name of schema.required) expect(document).toHaveProperty(name);
    for (const name of schema.$defs.lab.required) expect(document.labs[0]).toHaveProperty(name);
    for (const name of schema.$defs.check.required) expect(document.labs[0].checks[0]).toHaveProperty(name);
    expect(Object.keys(document.labs[0]).filter((name) => !(name in schema.$defs.lab.properties))).toEqual([]);
  });

  test("all reporters tell the same failures", async () => {
    await folder("told", {}, "probes/not-ready-not-unreachable");
    writeFileSync(
      join(home, "told/answers.yaml"),
      "service: answered\npod-ip: answered\nopen: cut\nrestarts: 0\nendpoint: marked\n",
    );
    const all = await Promise.all(
      ["json", "junit", "sarif", "github", "pretty"].map((reporter) =>
        workbook("grade", "told", "--reporter", reporter),
      ),
    );
    const [json, junit, sarif, github, pretty] = all.map((one) => one.out);
    expect(all.map((one) => one.code)).toEqual([1, 1, 1, 1, 1]);
    const failed = (JSON.parse(json ?? "") as { labs: { checks: { passed: boolean }[] }[] }).labs[0]?.checks.filter(
      (check) => !check.passed,
    );
    expect(failed).toHaveLength(2);
    expect(junit?.match(/<failure /g)).toHaveLength(2);
    expect((JSON.parse(sarif ?? "") as { runs: { results: unknown[] }[] }).runs[0]?.results).toHaveLength(2);
    expect(github?.match(/^::error /gm)).toHaveLength(2);
    expect(pretty?.match(/^ {2}✗/gm)).toHaveLength(2);
  });

  test("every submission below a path is graded, or those of one lab", async () => {
    mkdirSync(join(home, "class"), { recursive: true });
    await folder("class/ann/one", {}, "probes/not-ready-not-unreachable");
    await folder("class/bob/two", {}, "probes/detection-time");
    const all = await workbook("grade", "class", "--reporter", "json");
    expect((JSON.parse(all.out) as { labs: unknown[] }).labs).toHaveLength(2);
    const one = await workbook("grade", "class", "--lab", "probes/detection-time", "--reporter", "json");
    expect((JSON.parse(one.out) as { labs: { id: string }[] }).labs.map((lab) => lab.id)).toEqual([
      "probes/detection-time",
    ]);
  });

  test("a limit of processor time exits 3 and names itself", async () => {
    await folder("long");
    const ran = await workbook("grade", "long", "--seeds", "100000", "--timeout", "1");
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("CpuSecondsMax");
  });
});

describe("a submission that cannot be read exits 2, with its place", () => {
  const cases: readonly (readonly [
    says: string,
    changes: Readonly<Record<string, string | Buffer>>,
    complaint: RegExp,
  ])[] = [
    ["broken YAML", { "app.yaml": "a: [1\nb: }\n" }, /app\.yaml:\d+:\d+: YAML does not parse/],
    [
      "an unknown question",
      { "answers.yaml": "restarts: once\nconstructor: 1\n" },
      /answers\.yaml:2:1: no question "constructor"/,
    ],
    ["answers that are a list", { "answers.yaml": "- 1\n" }, /answers\.yaml:1:1: expected a mapping/],
    ["an unknown lab", { "workbook.yaml": "lab: ../../etc\n" }, /no lab "\.\.\/\.\.\/etc"/],
    ["a binary file", { "app.yaml": Buffer.from([0x61, 0, 0x62]) }, /app\.yaml: is binary/],
    ["text that is not UTF-8", { "app.yaml": Buffer.from([0x61, 0xff, 0x62]) }, /app\.yaml: is not UTF-8/],
    ["a file over 1 MiB", { "notes.txt": "x".repeat(1024 * 1024 + 1) }, /notes\.txt: has 1048577 bytes/],
    [
      "ten thousand documents",
      { "app.yaml": "---\na: 1\n".repeat(10_000) },
      /app\.yaml:\d+:1: more than \d+ documents/,
    ],
    ["an alias bomb", { "app.yaml": bomb() }, /app\.yaml:\d+:\d+: /],
    ["deep nesting", { "app.yaml": "[".repeat(50_000) }, /app\.yaml:\d+:\d+: /],
    [
      "a path that leads out",
      { "commands.sh": "kubectl apply -f ../other/app.yaml\n" },
      /commands\.sh:1:18: "\.\.\/other\/app\.yaml" lies outside/,
    ],
    [
      "an absolute path",
      { "commands.sh": "# mine\nkubectl apply --filename=/etc/passwd\n" },
      /commands\.sh:2:\d+: "\/etc\/passwd" lies outside/,
    ],
  ];
  test.each(cases)("%s", async (says, changes, complaint) => {
    const name = `bad-${says.replaceAll(/[^a-z]/gi, "-")}`;
    await folder(name, changes);
    const ran = await workbook("grade", name, ...QUICK);
    expect(ran).toMatchObject({ code: 2, error: expect.stringMatching(complaint) });
    expect(ran.error).not.toContain("    at ");
  });

  test("links, soft and hard", async () => {
    await folder("soft");
    symlinkSync("/etc/hostname", join(home, "soft/extra.yaml"));
    expect(await workbook("grade", "soft", ...QUICK)).toMatchObject({
      code: 2,
      error: expect.stringContaining("extra.yaml: is a link"),
    });
    await folder("hard");
    linkSync(join(home, "soft/app.yaml"), join(home, "hard/copy.yaml"));
    expect(await workbook("grade", "hard", ...QUICK)).toMatchObject({
      code: 2,
      error: expect.stringContaining("hard link"),
    });
  });

  test("terminal escapes and annotation commands in it are shown, not sent", async () => {
    await folder("escape", { "answers.yaml": 'restarts: "\\e[2J\\u202e::error::hi\\n::warning::x"\n' });
    for (const reporter of ["pretty", "github", "junit", "json"]) {
      const { out, error } = await workbook("grade", "escape", ...QUICK, "--reporter", reporter);
      expect([...(out + error)].filter((character) => "\u001b\u202e".includes(character))).toEqual([]);
      expect(out + error).not.toMatch(/^\s*::(?!error file=|notice title=)/m);
    }
  });
});

describe("replay", () => {
  test("what is no recording exits 2 with its place", async () => {
    writeFileSync(join(home, "not.json"), "{\n  oops\n}");
    expect(await workbook("replay", "not.json")).toMatchObject({
      code: 2,
      error: expect.stringContaining("not.json:"),
    });
    writeFileSync(join(home, "other.json"), "{}");
    expect(await workbook("replay", "other.json")).toMatchObject({
      code: 2,
      error: expect.stringContaining('"engineVersion" is missing'),
    });
  });

  test("the digest that was kept comes out again; another one exits 4", async () => {
    const { boot, digest, exec, record, workers } = await import("@workbook/engine");
    const world = exec(boot(workers(1), { seed: 3 }), "kubectl get nodes").world;
    const kept = { ...record(world), digest: digest(world) };
    writeFileSync(join(home, "run.json"), JSON.stringify(kept));
    expect(await workbook("replay", "run.json")).toMatchObject({ code: 0, out: `${kept.digest}\n` });
    writeFileSync(join(home, "other-run.json"), JSON.stringify({ ...kept, digest: "0000000000000000" }));
    expect((await workbook("replay", "other-run.json")).code).toBe(4);
  });
});

function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  return `${lines.join("\n")}\n`;
}
