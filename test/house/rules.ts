// The house's rules (docs/contributing/architecture.md, style.md) as functions: files in, complaints out.
import { codeOf, importsOf, isCode, isTest, type SourceFile } from "./tree.ts";

export type Rule = (files: readonly SourceFile[]) => readonly string[];

/** Who may import whom inside the engine; `cluster` may import every room. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  api: ["kernel"],
  network: ["kernel"],
  raft: ["kernel"],
  pki: ["kernel"],
  etcd: ["kernel", "raft"],
  apiserver: ["kernel", "api", "pki", "etcd"],
  client: ["kernel", "api"],
  runtime: ["kernel", "network"],
  controllers: ["kernel", "api", "client"],
  scheduler: ["kernel", "api", "client"],
  kubectl: ["kernel", "api", "client"],
  kubelet: ["kernel", "api", "client", "network", "runtime"],
  cni: ["kernel", "api", "client", "network"],
  proxy: ["kernel", "api", "client", "network"],
  dns: ["kernel", "api", "client", "network"],
  edge: ["kernel", "api", "client", "network"],
  shell: ["kernel", "api", "client", "network", "pki"],
};

/** Packages from outside that may be imported, each in one file. */
const wrapped: Readonly<Record<string, string>> = {
  yaml: "engine/api/yaml.ts",
  "@marcbachmann/cel-js": "engine/apiserver/cel.ts",
};

function sources(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter((file) => isCode(file) && !isTest(file));
}

function roomOf(path: string): string | undefined {
  const parts = path.split("/");
  return parts[0] === "engine" && parts.length > 2 ? parts[1] : undefined;
}

function mayImport(from: string, to: string): boolean {
  return from === to || from === "cluster" || (layers[from] ?? []).includes(to);
}

/** Imports between rooms go down only. */
export const importDown: Rule = (files) =>
  sources(files).flatMap((file) => {
    const from = roomOf(file.path);
    if (from === undefined) return [];
    if (from !== "cluster" && layers[from] === undefined)
      return [`${file.path}: engine/${from} is not a room of the house`];
    return importsOf(file)
      .filter((one) => one.isRelative)
      .flatMap((one) => {
        const to = roomOf(one.to);
        if (to !== undefined && mayImport(from, to)) return [];
        return [`${file.path}: ${from} may not import ${to ?? one.to}`];
      });
  });

/** The engine imports nothing but its wrapped packages, labs only the engine, src only the two packages' faces. */
export const stayInPackage: Rule = (files) =>
  sources(files).flatMap((file) => {
    const home = file.path.split("/")[0] ?? "";
    return importsOf(file)
      .filter((one) => (one.isRelative ? leaves(home, one.to) : !mayUse(home, file.path, one.to)))
      .map((one) => `${file.path}: ${home} may not import ${one.to}`);
  });

function leaves(home: string, to: string): boolean {
  if (["engine", "labs"].includes(home)) return !to.startsWith(`${home}/`);
  return to.startsWith("engine/") || to.startsWith("labs/");
}

function mayUse(home: string, path: string, to: string): boolean {
  if (home === "engine") return wrapped[to] === path;
  if (home === "labs") return to === "@workbook/engine";
  return !/^@workbook\/(engine|labs)\//.test(to);
}

/** Folders whose members never import each other. */
const families =
  /^(engine\/controllers|engine\/runtime\/images|(?:engine\/.*)\/plugins|engine\/apiserver\/admission)\/([^/]+)\//;

/** A controller or plugin never imports its neighbour. */
export const keepApart: Rule = (files) =>
  sources(files).flatMap((file) => {
    const [, family, member] = families.exec(file.path) ?? [];
    if (family === undefined) return [];
    return importsOf(file).flatMap((one) => {
      const [, otherFamily, other] = families.exec(one.to) ?? [];
      return otherFamily === family && other !== member
        ? [`${file.path}: ${member} may not import its sibling ${other}`]
        : [];
    });
  });

/** Every controller, plugin and lab stands in its register. */
export const register: Rule = (files) => {
  const members = new Set(
    sources(files).flatMap(({ path }) => {
      const lab = /^(labs)\/([^/]+\/[^/]+)\/lab\.ts$/.exec(path);
      const [, family, member] = lab ?? families.exec(path) ?? [];
      return family === undefined ? [] : [`${family}/index.ts ${member}`];
    }),
  );
  return [...members].flatMap((pair) => {
    const [index = "", member = ""] = pair.split(" ");
    const text = files.find((file) => file.path === index)?.text ?? "";
    return text.includes(`"./${member}/`) ? [] : [`${index}: ${member} is not in the register`];
  });
};

/** A file has at most 400 lines. */
export const staySmall: Rule = (files) =>
  sources(files).flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    return lines > 400 ? [`${path}: ${lines} lines, the wall is 400`] : [];
  });

const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\b/, "Date: time is virtual"],
  [/\b(setTimeout|setInterval|queueMicrotask|requestAnimationFrame|performance)\b/, "timers: send a wake effect"],
  [
    /\bMath\.(?!imul\b|clz32\b|min\b|max\b|abs\b|floor\b|ceil\b|trunc\b|sign\b)\w+/,
    "Math beyond the allowed functions",
  ],
  [/\b(localeCompare|toLocale\w+|Intl)\b/, "locale: depends on the machine"],
  // Generators are allowed as scripts (engine/client/conversation.ts); they never stand in a state.
  [/\b(async|await|Promise)\b/, "promises: the engine is synchronous"],
  [/\bconsole\b/, "console: write a note"],
  [/^(?:export\s+)?(let|var)\b/m, "module state"],
  [/^(?:export\s+)?(?:abstract\s+)?class\b(?! InvariantError\b)/m, "classes: data is plain"],
  [/\bstructuredClone\b/, "deep clones: share structure"],
];

/** The engine and the labs have no clock, chance, locale, promise, I/O or state of their own. */
export const stayPure: Rule = (files) =>
  sources(files)
    .filter(({ path }) => /^(engine|labs)\//.test(path))
    .flatMap((file) => complaints(file, impure));

/** NodeInfo, PodInfo and RequestInfo are upstream words (scheduler framework, apiserver request). */
const unwritten: readonly (readonly [RegExp, string])[] = [
  [/:\s*any\b|\bas any\b|<any>/, "any: use unknown and parse"],
  [/^\s*(?:export\s+)?(?:const\s+)?enum\s+\w+\s*\{/m, "enums are not erasable"],
  [/^\s*(?:export\s+)?namespace\s+\w+\s*\{/m, "namespaces are not erasable"],
  [
    /\b(?:interface|type|class)\s+(?!NodeInfo\b|PodInfo\b|RequestInfo\b|I18n)(?:\w+(?:Manager|Helper|Util|Impl|Base|Like|Data|Info)|I[A-Z][a-z]\w+)\b(?=\s*[<={]|\s+extends)/,
    "a name that says nothing",
  ],
];

/** Words and shapes that the style guide bans everywhere. */
export const banned: Rule = (files) =>
  files
    .filter(isCode)
    .flatMap((file) => [
      ...complaints(file, unwritten),
      ...(/\b(TODO|FIXME|XXX|HACK)\b/.test(file.text.replace(/\\b.*/g, ""))
        ? [`${file.path}: left for later without an issue`]
        : []),
      ...(/(^|\/)(utils?|helpers?|common|shared)(\/|\.|$)/.test(file.path)
        ? [`${file.path}: a place for anything`]
        : []),
      ...(/^test|\.test\./.test(file.path) && /\b(it|test|describe)\.(skip|only|todo)\b/.test(codeOf(file))
        ? [`${file.path}: a skipped or focused test`]
        : []),
    ]);

function complaints(file: SourceFile, words: readonly (readonly [RegExp, string])[]): readonly string[] {
  const code = codeOf(file);
  return words.flatMap(([pattern, why]) => {
    const found = pattern.exec(code);
    if (found === null) return [];
    const line = code.slice(0, found.index).split("\n").length + (found[0].startsWith("\n") ? 1 : 0);
    return [`${file.path}:${line}: ${found[0].trim()} (${why})`];
  });
}

/** Re-exports stand only in a package's face. */
export const noBarrels: Rule = (files) =>
  sources(files).flatMap((file) => {
    const faces = ["engine/index.ts", "labs/index.ts"];
    const found =
      !faces.includes(file.path) && /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;"]*\bfrom\b/m.test(codeOf(file));
    return found ? [`${file.path}: re-exports belong in a package's index.ts only`] : [];
  });

/** No file reaches itself through its imports, types included. */
export const noCycles: Rule = (files) => {
  const graph = new Map(sources(files).map((file) => [file.path, importsOf(file).map((one) => one.to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const to of graph.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
};

/** A chapter has one title: a line that starts with one `#`, outside code. */
export const oneTitle: Rule = (files) =>
  files
    .filter(({ path }) => /^docs\/\d[^/]*\/.*\.mdx?$/.test(path))
    .flatMap(({ path, text }) => {
      const titles = text.replace(/^```[\s\S]*?^```/gm, "").match(/^# /gm) ?? [];
      return titles.length === 1 ? [] : [`${path}: ${titles.length} titles, a chapter has one`];
    });

/** Each room's tsconfig.json references exactly the rooms below it that exist. */
export const lockRooms: Rule = (files) => {
  const rooms = [...new Set(files.flatMap(({ path }) => roomOf(path) ?? []))];
  return rooms.flatMap((room) => {
    const config = files.find(({ path }) => path === `engine/${room}/tsconfig.json`);
    if (config === undefined) return [`engine/${room}: no tsconfig.json`];
    const wanted = rooms.filter((other) => other !== room && mayImport(room, other)).toSorted();
    const found = [...config.text.matchAll(/"path": "\.\.\/(\w+)"/g)].map((match) => match[1] ?? "").toSorted();
    return wanted.join() === found.join()
      ? []
      : [`${config.path}: references ${found.join()}, the table says ${wanted.join()}`];
  });
};
