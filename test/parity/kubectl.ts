// Runs recorded kubectl transcripts inside one world, without HTTP, and says how many commands are equal.
//   node test/parity/kubectl.ts [DIR] [--only TEXT] [--verbose] [--json FILE]
// The masks are those of ../shared/tools/transcripts.mjs. Words of a line other than kubectl run in a real bash, on a copy of the world's files.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { advance, boot, exec, type Topology, type World, writeFile } from "../../engine/index.ts";
import { descriptions } from "../../src/cli/kubectl/descriptions.ts";

interface Step {
  readonly file?: string;
  readonly text?: string;
  readonly setup?: string;
  readonly cmd?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly unstable?: boolean;
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface Difference {
  readonly cmd: string;
  readonly expected: string;
  readonly got: string;
}

export interface Score {
  readonly id: string;
  readonly equal: number;
  readonly total: number;
  readonly different: readonly Difference[];
}

/** The cluster of the recordings: a tainted control plane and two workers. Source: golden/INDEX.md. */
const TOPOLOGY: Topology = {
  nodes: [
    {
      name: "control-plane",
      labels: { "node-role.kubernetes.io/control-plane": "" },
      taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
    },
    { name: "worker-1" },
    { name: "worker-2" },
  ],
};

const HOME = "/home/learner";
/** How much virtual time passes between two commands: what a person, or a slow shell, takes. */
const PAUSE_MILLIS = 700;

const HASH = "[bcdf-hj-np-tv-xz2456789]";
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "<time>"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<time>"],
  [/[A-Za-z0-9+/_-]{60,}={0,2}(\.[A-Za-z0-9_-]+)*/g, "<blob>"],
  [new RegExp(`-${HASH}{6,10}-${HASH}{5}(?![\\w-])`, "g"), "-<hash>-<rand>"],
  [new RegExp(`(?<=[a-z0-9])-(?=${HASH}*\\d)${HASH}{8,10}(?![\\w-])`, "g"), "-<hash>"],
  [new RegExp(`(?<=[a-z0-9>])-${HASH}{5}(?![\\w-])`, "g"), "-<rand>"],
  [new RegExp(`(pod-template-hash|controller-revision-hash)([=":]+\\s*"?)[\\w-]+`, "g"), "$1$2<hash>"],
  [/\b(resourceVersion|resource version|observedGeneration)("?:\s*"?)\d+/gi, "$1$2<n>"],
  [/\b10\.244\.\d+\.\d+\b/g, "<podIP>"],
  [/\b10\.(9[6-9]|1[01]\d)\.\d+\.\d+\b(?<!10\.96\.0\.1|10\.96\.0\.10)/g, "<serviceIP>"],
  [/\b3[0-2]\d{3}\b/g, "<nodePort>"],
  [/\bworker-[12]\b/g, "<worker>"],
  [/(?<![=\w.-])(<invalid>|\d+(y|d|h|m|s)(\d+(d|h|m|s))?)(?![\w=])/g, "<age>"],
  [/\(x\d+ over <age>\)/g, ""],
  [/127\.0\.0\.1:\d+|localhost:\d+/g, "<server>"],
  [/^(-+)$/gm, "---"],
  [/[ \t]+$/gm, ""],
  [/ {2,}|\t+/g, "  "],
];

function mask(text: string): string {
  return MASKS.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text.replaceAll("\r", "")).trimEnd();
}

/** Plays one transcript in a fresh world. */
export function play(base: World, id: string, steps: readonly Step[]): Score {
  const desk = mkdtempSync(join(tmpdir(), "kubectl-parity-"));
  let world = base;
  let [equal, total] = [0, 0];
  const different: Difference[] = [];
  for (const step of steps) {
    if (step.file !== undefined) world = writeFile(world, `${HOME}/${step.file}`, step.text ?? "");
    const line = step.setup ?? step.cmd;
    if (line === undefined) continue;
    const ran = runLine(world, line, desk);
    world = advance(ran.world, { for: PAUSE_MILLIS });
    if (step.setup !== undefined) {
      if (ran.printed.code !== step.code) different.push({ cmd: `# setup: ${line}`, expected: `exit ${step.code}`, got: `exit ${ran.printed.code} ${ran.printed.stderr}` });
      continue;
    }
    if (step.unstable === true) continue;
    total++;
    const difference = compare(step, ran.printed);
    if (difference === undefined) equal++;
    else different.push({ cmd: line, ...difference });
  }
  rmSync(desk, { recursive: true, force: true });
  return { id, equal, total, different };
}

function compare(step: Step, printed: Printed): { readonly expected: string; readonly got: string } | undefined {
  for (const part of ["stdout", "stderr"] as const) {
    const [expected, got] = [mask(step[part] ?? "").split("\n"), mask(printed[part]).split("\n")];
    const length = Math.max(expected.length, got.length);
    for (let index = 0; index < length; index++) {
      if (expected[index] !== got[index]) return { expected: `${part}:${index + 1} ${expected[index] ?? "<nothing>"}`, got: got[index] ?? "<nothing>" };
    }
  }
  return step.code === printed.code ? undefined : { expected: `exit ${step.code}`, got: `exit ${printed.code}` };
}

interface Ran {
  readonly world: World;
  readonly printed: Printed;
}

function runLine(start: World, line: string, desk: string): Ran {
  const sleep = /^sleep (\d+)$/.exec(line)?.[1];
  if (sleep !== undefined) return { world: advance(start, { for: Number(sleep) * 1000 }), printed: { stdout: "", stderr: "", code: 0 } };
  const redirect = /^(.*\S)\s*>\s*(\S+)$/s.exec(line);
  if (redirect?.[1] !== undefined && redirect[2] !== undefined && line.includes("kubectl") && !/['"|]/.test(redirect[2])) {
    const ran = runLine(start, redirect[1], desk);
    return { world: writeFile(ran.world, `${HOME}/${redirect[2]}`, ran.printed.stdout), printed: { ...ran.printed, stdout: "" } };
  }
  let world = start;
  let printed: Printed = { stdout: "", stderr: "", code: 0 };
  let errors = "";
  for (const segment of splitPipes(line)) {
    const ran: Ran = /(^|\s)kubectl\s/.test(`${segment} `) && !segment.startsWith("(") ? runKubectl(world, segment, { desk, input: printed.stdout }) : runBash(world, segment, { desk, input: printed.stdout });
    world = ran.world;
    printed = ran.printed;
    errors += printed.stderr;
  }
  return { world, printed: { ...printed, stderr: errors } };
}

function splitPipes(line: string): readonly string[] {
  const parts: string[] = [""];
  let [quote, depth] = ["", 0];
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) {
      parts.push("");
      continue;
    }
    parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

interface Desk {
  readonly desk: string;
  readonly input: string;
}

function runKubectl(start: World, segment: string, { desk, input }: Desk): Ran {
  const here = /^(.*)<<<\s*'(.*)'$/s.exec(segment);
  const text = here?.[2] === undefined ? input : `${here[2]}\n`;
  const words = here?.[1] ?? segment;
  const editor = /^KUBE_EDITOR=('[^']*'|\S+)\s+(.*)$/s.exec(words);
  const argv = expand(editor?.[2] ?? words);
  let world = start;
  let line = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  if (text !== "") {
    world = writeFile(world, `${HOME}/.stdin`, text);
    line += ` < ${HOME}/.stdin`;
  }
  const outcome = editor?.[1] === undefined ? exec(world, line) : execEditing(world, line, { editor: editor[1].replaceAll("'", ""), desk });
  return { world: outcome.world, printed: { stdout: outcome.stdout, stderr: outcome.stderr, code: outcome.exitCode } };
}

/** Runs the line once to see what the editor is given, and then with what the editor makes of it. */
function execEditing(world: World, line: string, { editor, desk }: { readonly editor: string; readonly desk: string }): ReturnType<typeof exec> {
  const marker = "# what the editor is given\n";
  const seen = exec(world, line, { edited: marker });
  const given = seen.stderr.includes(marker) ? "" : textGiven(world, line);
  const place = join(desk, "edit.yaml");
  mkdirSync(desk, { recursive: true });
  writeFileSync(place, given);
  spawnSync("bash", ["-c", `${editor} ${place}`]);
  return exec(world, line, { edited: readFileSync(place, "utf8") });
}

/** The object of an edit, as kubectl shows it to the editor. */
function textGiven(world: World, line: string): string {
  const words = line.replace(/'edit'/, "'get'").replace(/'--output-patch'/, "");
  return exec(world, `${words} '-o' 'yaml'`).stdout;
}

function expand(words: string): readonly string[] {
  const ran = spawnSync("bash", ["-c", `printf '%s\\0' ${words}`], { encoding: "utf8" });
  return ran.stdout.split("\0").slice(0, -1);
}

/** Runs other words on a copy of the files, and takes back what they changed. */
function runBash(start: World, segment: string, { desk, input }: Desk): Ran {
  rmSync(desk, { recursive: true, force: true });
  mkdirSync(desk, { recursive: true });
  for (const [path, text] of filesOf(start)) {
    if (!path.startsWith(HOME)) continue;
    const place = join(desk, path.slice(HOME.length));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
  const env = { ...process.env, KUBECONFIG: join(desk, ".kube/config"), HOME: desk };
  const ran = spawnSync("bash", ["-c", segment], { cwd: desk, input, encoding: "utf8", timeout: 20_000, env });
  let world = start;
  for (const path of filesBelow(desk)) {
    const text = readFileSync(path, "utf8");
    const inside = HOME + path.slice(desk.length);
    if (filesOf(world).get(inside) !== text) world = writeFile(world, inside, text);
  }
  for (const path of filesOf(world).keys()) {
    if (path.startsWith(HOME) && !filesBelow(desk).includes(desk + path.slice(HOME.length))) world = { ...world, files: without(world, path) };
  }
  return { world, printed: { stdout: ran.stdout, stderr: ran.stderr, code: ran.status ?? 124 } };
}

function filesOf(world: World): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: World["files"]): void => {
    if (node === null) return;
    walk(node.left);
    found.set(node.key, node.value);
    walk(node.right);
  };
  walk(world.files);
  return found;
}

function without(world: World, gone: string): World["files"] {
  let bare: World = { ...world, files: null };
  for (const [path, text] of filesOf(world)) if (path !== gone) bare = writeFile(bare, path, text);
  return bare.files;
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** The world that every transcript starts in: up for a while, with a kubeconfig on the desk. */
export function firstWorld(): World {
  const world = advance(boot(TOPOLOGY, { seed: 1 }), { for: 20_000 });
  const texts = descriptions();
  const informed = texts === undefined ? world : writeFile(world, "/usr/share/kubectl/descriptions.json", texts);
  return writeFile(informed, `${HOME}/.kube/config`, KUBECONFIG);
}

const KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://127.0.0.1:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: Q0E=
    client-key-data: Q0E=
`;

function main(argv: readonly string[]): void {
  const options = new Map<string, string>();
  const places: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--verbose") options.set("verbose", "yes");
    else if (word.startsWith("--")) options.set(word.slice(2), argv[++index] ?? "");
    else places.push(word);
  }
  const directory = resolve(places[0] ?? join(import.meta.dirname, "data/kubectl"));
  const base = firstWorld();
  const scores: Score[] = [];
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".json") && name.includes(options.get("only") ?? "")).toSorted()) {
    const transcript = JSON.parse(readFileSync(join(directory, file), "utf8")) as { readonly id: string; readonly steps: readonly Step[] };
    const score = playSafely(base, file.replace(/\.json$/, ""), transcript.steps);
    scores.push(score);
    console.log(`${score.equal === score.total ? "=" : "≠"} ${score.id}  ${score.equal}/${score.total}`);
    if (options.has("verbose")) for (const each of score.different) console.log(`    $ ${each.cmd}\n      - ${each.expected}\n      + ${each.got}`);
  }
  const [equal, total] = [scores.reduce((sum, each) => sum + each.equal, 0), scores.reduce((sum, each) => sum + each.total, 0)];
  const place = options.get("json");
  if (place !== undefined) writeFileSync(place, JSON.stringify({ equal, total, scores }, null, 1));
  console.log(`${equal} of ${total} commands equal (${((100 * equal) / Math.max(1, total)).toFixed(1)} %) in ${scores.length} transcripts`);
  process.exitCode = equal === total ? 0 : 1;
}

function playSafely(base: World, id: string, steps: readonly Step[]): Score {
  try {
    return play(base, id, steps);
  } catch (caught) {
    const message = caught instanceof Error ? `${caught.message} ${caught.stack?.split("\n").slice(1, 4).join(" ") ?? ""}` : String(caught);
    return { id, equal: 0, total: steps.filter((step) => step.cmd !== undefined && step.unstable !== true).length, different: [{ cmd: "(all)", expected: "no failure", got: message }] };
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.slice(2));
