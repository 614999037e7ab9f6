// After kubectl pkg/cmd/config/.
import { boolFlag, isGiven, textFlag } from "../flag-set.ts";
import { bracketed, exit, refusal, usageRefusal } from "../failure.ts";
import { helpText } from "../help.ts";
import { fieldsAt, rowsAt, text, textAt, type Fields } from "../json.ts";
import { configFiles, loadConfig, named } from "../kubeconfig.ts";
import { printerOf } from "../printers/printer.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { complain, print, printLine, type Session, type Talk } from "../talk.ts";
import { fromYaml, toYaml } from "../yaml-text.ts";

function* config(session: Session): Talk<Fields> {
  return yield* loadConfig(session.invocation, session.flags);
}

/** The file that a change is written to, and its content. */
function* target(session: Session): Talk<{ readonly path: string; readonly content: Fields }> {
  const { paths } = configFiles(session.invocation, session.flags);
  for (const path of paths) {
    const answer = yield { kind: "read", path };
    if (answer.kind === "file") return { path, content: (fromYaml(answer.text) ?? {}) as Fields };
  }
  return { path: paths.at(-1) ?? "", content: { apiVersion: "v1", kind: "Config" } };
}

function* save(path: string, content: Fields): Talk<void> {
  const whole = {
    apiVersion: "v1",
    clusters: null,
    contexts: null,
    "current-context": "",
    kind: "Config",
    users: null,
  };
  yield { kind: "write", path, text: toYaml({ ...whole, ...content }) };
}

function* badArguments(session: Session): Talk<never> {
  yield* print(helpText(session.path));
  throw refusal(`Unexpected args: ${bracketed(session.args)}`);
}

export function* currentContext(session: Session): Talk<number> {
  const current = text((yield* config(session))["current-context"]);
  if (current === "") throw refusal("current-context is not set");
  yield* printLine(current);
  return 0;
}

export function* getContexts(session: Session): Talk<number> {
  const { flags, args } = session;
  const output = textFlag(flags, "output");
  if (output !== "" && output !== "name")
    throw refusal(
      `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
    );
  const all = yield* config(session);
  const names =
    args.length > 0
      ? args
      : rowsAt(all, "contexts")
          .map((each) => text(each["name"]))
          .toSorted();
  if (output === "name") {
    yield* print(names.map((name) => `${name}\n`).join(""));
    return 0;
  }
  const rows = names
    .filter((name) => named(all, "contexts", name) !== undefined)
    .map((name) => {
      const context = fieldsAt(named(all, "contexts", name), "context");
      return `${all["current-context"] === name ? "*" : ""}\t${name}\t${text(context["cluster"])}\t${text(context["user"])}\t${text(context["namespace"])}\n`;
    });
  const headers = boolFlag(flags, "no-headers") ? "" : "CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n";
  yield* print(tabulate(headers + rows.join(""), TABLE_LAYOUT));
  const missing = names.find((name) => named(all, "contexts", name) === undefined);
  if (missing !== undefined) throw refusal(`context ${missing} not found`);
  return 0;
}

export function listNames(part: "clusters" | "users"): (session: Session) => Talk<number> {
  return function* run(session) {
    const names = rowsAt(yield* config(session), part)
      .map((each) => text(each["name"]))
      .toSorted();
    yield* print(`NAME\n${names.map((name) => `${name}\n`).join("")}`);
    return 0;
  };
}

export function* useContext(session: Session): Talk<number> {
  const [name = ""] = session.args;
  if (session.args.length !== 1) return yield* badArguments(session);
  const all = yield* config(session);
  if (named(all, "contexts", name) === undefined)
    throw refusal(`no context exists with the name: ${JSON.stringify(name)}`);
  const { path, content } = yield* target(session);
  yield* save(path, { ...content, "current-context": name });
  yield* printLine(`Switched to context ${JSON.stringify(name)}.`);
  return 0;
}

type Part = "clusters" | "contexts" | "users";
const ENTRY_KEYS: Readonly<Record<Part, string>> = { clusters: "cluster", contexts: "context", users: "user" };

/** Sets members of an entry; a new one is appended. Answers whether it was there. */
function changed(
  content: Fields,
  place: { readonly part: Part; readonly name: string },
  members: Fields,
): { readonly content: Fields; readonly existed: boolean } {
  const { part, name } = place;
  const key = ENTRY_KEYS[part];
  const rows = rowsAt(content, part);
  const old = rows.find((each) => each["name"] === name);
  const entry = { name, [key]: { ...fieldsAt(old, key), ...members } };
  const others = old === undefined ? [...rows, entry] : rows.map((each) => (each === old ? entry : each));
  return { content: { ...content, [part]: others }, existed: old !== undefined };
}

export function* setContext(session: Session): Talk<number> {
  const { flags, args } = session;
  const current = boolFlag(flags, "current");
  if (args.length > 1) return yield* badArguments(session);
  const { path, content } = yield* target(session);
  const name = current ? text(content["current-context"]) : (args[0] ?? "");
  if (name === "" && !current) throw refusal("you must specify a non-empty context name or --current");
  if (current && args.length > 0) throw refusal("you cannot specify both a context name and --current");
  if (name === "") throw refusal("no current context is set");
  const members = Object.fromEntries(
    ["cluster", "user", "namespace"]
      .filter((flag) => isGiven(flags, flag))
      .map((flag) => [flag, textFlag(flags, flag)]),
  );
  const outcome = changed(content, { part: "contexts", name }, members);
  yield* save(path, outcome.content);
  yield* printLine(`Context ${JSON.stringify(name)} ${outcome.existed ? "modified" : "created"}.`);
  return 0;
}

export function* setCluster(session: Session): Talk<number> {
  const { flags, args } = session;
  const [name = ""] = args;
  if (args.length !== 1) return yield* badArguments(session);
  const { path, content } = yield* target(session);
  const members: Record<string, unknown> = {};
  for (const flag of ["server", "tls-server-name", "proxy-url", "certificate-authority"])
    if (isGiven(flags, flag)) members[flag] = textFlag(flags, flag);
  if (isGiven(flags, "insecure-skip-tls-verify"))
    members["insecure-skip-tls-verify"] = boolFlag(flags, "insecure-skip-tls-verify");
  yield* save(path, changed(content, { part: "clusters", name }, members).content);
  yield* printLine(`Cluster ${JSON.stringify(name)} set.`);
  return 0;
}

export function* setCredentials(session: Session): Talk<number> {
  const { flags, args } = session;
  const [name = ""] = args;
  if (args.length !== 1) {
    yield* print(helpText(session.path));
    throw refusal(`unexpected args: ${bracketed(args)}`);
  }
  if (textFlag(flags, "token") !== "" && (textFlag(flags, "username") !== "" || textFlag(flags, "password") !== "")) {
    throw refusal(
      "you cannot specify more than one authentication method at the same time: --token, --username/--password",
    );
  }
  const { path, content } = yield* target(session);
  const given = ["client-certificate", "client-key", "token", "username", "password"].filter((flag) =>
    isGiven(flags, flag),
  );
  yield* save(
    path,
    changed(content, { part: "users", name }, Object.fromEntries(given.map((flag) => [flag, textFlag(flags, flag)])))
      .content,
  );
  yield* printLine(`User ${JSON.stringify(name)} set.`);
  return 0;
}

export function deleteEntry(part: Part): (session: Session) => Talk<number> {
  const word = ENTRY_KEYS[part];
  return function* run(session) {
    const [name = ""] = session.args;
    if (session.args.length !== 1) {
      yield* print(helpText(session.path));
      return 0;
    }
    const { path, content } = yield* target(session);
    const rows = rowsAt(content, part);
    if (!rows.some((each) => each["name"] === name)) throw refusal(`cannot delete ${word} ${name}, not in ${path}`);
    if (part === "contexts" && content["current-context"] === name) {
      yield* complain(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    }
    yield* save(path, { ...content, [part]: rows.filter((each) => each["name"] !== name) });
    yield* printLine(`deleted ${word} ${name} from ${path}`);
    return 0;
  };
}

export function* renameContext(session: Session): Talk<number> {
  const [from = "", to = ""] = session.args;
  if (session.args.length !== 2) return yield* badArguments(session);
  const { path, content } = yield* target(session);
  const rows = rowsAt(content, "contexts");
  if (!rows.some((each) => each["name"] === from))
    throw refusal(`cannot rename the context ${JSON.stringify(from)}, it's not in ${path}`);
  if (rows.some((each) => each["name"] === to))
    throw refusal(
      `cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${path}`,
    );
  const contexts = rows.map((each) => (each["name"] === from ? { ...each, name: to } : each));
  const current = content["current-context"] === from ? to : content["current-context"];
  yield* save(path, { ...content, contexts, "current-context": current });
  yield* printLine(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.`);
  return 0;
}

export function* setProperty(session: Session): Talk<number> {
  const [property = "", value = ""] = session.args;
  if (session.args.length !== 2) return yield* badArguments(session);
  const { path, content } = yield* target(session);
  yield* save(path, withProperty(content, property, value));
  yield* printLine(`Property ${JSON.stringify(property)} set.`);
  return 0;
}

function withProperty(content: Fields, property: string, value: string | undefined): Fields {
  const [first = "", name, ...rest] = property.split(".");
  if (first === "current-context") return { ...content, [first]: value ?? "" };
  if (!Object.hasOwn(ENTRY_KEYS, first)) throw refusal(`unable to parse ${first} after [] at api.Config`);
  const part = first as Part;
  if (name === undefined) return { ...content, [part]: [] };
  if (rest.length === 0) return { ...content, [part]: rowsAt(content, part).filter((each) => each["name"] !== name) };
  return changed(
    content,
    { part, name },
    { [rest.join(".")]: value === "true" || value === "false" ? value === "true" : value },
  ).content;
}

export function* unsetProperty(session: Session): Talk<number> {
  const [property = ""] = session.args;
  if (session.args.length !== 1) return yield* badArguments(session);
  const { path, content } = yield* target(session);
  yield* save(path, withProperty(content, property, undefined));
  yield* printLine(`Property ${JSON.stringify(property)} unset.`);
  return 0;
}

const OMITTED = "DATA+OMITTED";
const REDACTED = "REDACTED";

export function* viewConfig(session: Session): Talk<number> {
  const { flags, args } = session;
  if (args.length > 0) throw usageRefusal("kubectl config view", `unexpected arguments: ${bracketed(args)}`);
  const all = yield* config(session);
  const whole: Fields = {
    kind: "Config",
    apiVersion: "v1",
    clusters: null,
    users: null,
    contexts: null,
    "current-context": "",
    ...all,
  };
  const shortened = boolFlag(flags, "minify") ? minified(session, whole) : whole;
  const shown = boolFlag(flags, "raw") || boolFlag(flags, "flatten") ? shortened : concealed(shortened);
  yield* print((yield* printerOf(session, { order: "as-is" })).print(shown));
  return 0;
}

function minified(session: Session, all: Fields): Fields {
  const name = textFlag(session.flags, "context") || text(all["current-context"]);
  const context = named(all, "contexts", name);
  if (name === "" || context === undefined)
    throw exit(
      name === "" ? "error: current-context must exist in order to minify" : `error: cannot locate context ${name}`,
    );
  const [cluster, user] = [textAt(context, "context", "cluster"), textAt(context, "context", "user")];
  const keep = (part: Part, wanted: string): readonly Fields[] =>
    rowsAt(all, part).filter((each) => each["name"] === wanted);
  return {
    ...all,
    clusters: keep("clusters", cluster),
    contexts: [context],
    users: keep("users", user),
    "current-context": name,
  };
}

function concealed(all: Fields): Fields {
  const hide = (value: unknown, key: string): unknown => {
    if (key.endsWith("-data")) return OMITTED;
    return key === "token" || key === "password" ? REDACTED : value;
  };
  const hidden = (part: Part): unknown => {
    if (all[part] === null) return null;
    return rowsAt(all, part).map((row) => {
      const key = ENTRY_KEYS[part];
      const inner = fieldsAt(row, key);
      return { ...row, [key]: Object.fromEntries(Object.keys(inner).map((name) => [name, hide(inner[name], name)])) };
    });
  };
  return { ...all, clusters: hidden("clusters"), users: hidden("users") };
}
