// After kubectl pkg/cmd/set/set_env.go and env/.
import { goQuote } from "../../../api/go-quote.ts";
import { refusal } from "../../failure.ts";
import { boolFlag, listFlag, textFlag } from "../../flag-set.ts";
import { fieldsAt, rowsAt, sortedKeys, text, textAt, type Fields } from "../../json.ts";
import { podSpecOf, withPodSpec } from "../../pod-template.ts";
import { print, readStdin, warn, type Session, type Talk } from "../../talk.ts";
import { infosOf } from "../../visit.ts";
import type { Info } from "../../info.ts";
import { environmentProblems } from "../create/key-sources.ts";
import { mapContainers, selectsContainer } from "../../pod-template.ts";
import { setTargets, updateAll } from "./update.ts";

interface Environment {
  readonly set: readonly Fields[];
  readonly remove: readonly string[];
}

export function* setEnvironment(session: Session): Talk<number> {
  const { flags } = session;
  const { resources, given } = splitArguments(session);
  const from = textFlag(flags, "from");
  const list = boolFlag(flags, "list");
  if (resources.length === 0 && listFlag(flags, "filename").length === 0) {
    throw refusal("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  const environment = yield* environmentOf(given);
  const fromSource = from === "" ? [] : yield* variablesFrom(session, from);
  const infos = yield* setTargets(session, resources);
  if (list && given.length === 0 && from === "") {
    for (const info of infos) yield* print(listingOf(session, info));
    return 0;
  }
  const all: Environment = { set: [...fromSource, ...environment.set], remove: environment.remove };
  const change = (object: Fields): Fields => withEnvironment(session, object, all);
  return yield* updateAll(session, infos, { operation: "env updated", what: "env update to pod template", change });
}

/** Words with `=` or a final `-` are variables; so is everything behind the first of them, and the values of --env. */
function splitArguments(session: Session): {
  readonly resources: readonly string[];
  readonly given: readonly string[];
} {
  const isVariable = (word: string): boolean =>
    (word.includes("=") && !word.startsWith("=")) || (word.endsWith("-") && word.length > 1) || word === "-";
  const start = session.args.findIndex(isVariable);
  const [resources, words] = start < 0 ? [session.args, []] : [session.args.slice(0, start), session.args.slice(start)];
  const late = words.find((word) => !isVariable(word));
  if (late !== undefined) throw refusal(`all resources must be specified before environment changes: ${late}`);
  return { resources, given: [...words, ...listFlag(session.flags, "env")] };
}

function* environmentOf(given: readonly string[]): Talk<Environment> {
  const set: Fields[] = [];
  const remove: string[] = [];
  const words = given.includes("-")
    ? [...given.filter((word) => word !== "-"), ...(yield* readStdin()).split("\n").filter((line) => line !== "")]
    : given;
  for (const word of words) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.replace(/-$/, "") : word.slice(0, equals);
    const problems = environmentProblems(name);
    if (problems.length > 0) throw refusal(`${goQuote(name)} is not a valid key name: ${problems.join(",")}`);
    if (equals < 0) remove.push(name);
    else set.push({ name, value: word.slice(equals + 1) });
  }
  const both = remove.find((name) => set.some((variable) => variable["name"] === name));
  if (both !== undefined)
    throw refusal(`can not both modify and remove the following environment variables in the same command: ${both}`);
  return { set, remove };
}

const SOURCES: Readonly<Record<string, readonly [string, string]>> = {
  ConfigMap: ["configMapKeyRef", "configmap"],
  Secret: ["secretKeyRef", "secret"],
};

function* variablesFrom(session: Session, from: string): Talk<readonly Fields[]> {
  const infos = yield* infosOf(session, { args: from.split(" "), namespace: session.config.namespace });
  const keys = listFlag(session.flags, "keys");
  const prefix = textFlag(session.flags, "prefix");
  const variables: Fields[] = [];
  for (const info of infos) {
    const source = SOURCES[info.mapping.kind];
    if (source === undefined) throw refusal(`unsupported resource specified in --from`);
    for (const key of sortedKeys(fieldsAt(info.object, "data"))) {
      if (keys.length > 0 && !keys.includes(key)) continue;
      const name = key.replace(/[^A-Za-z0-9_]/g, "_").toUpperCase();
      if (name !== key) yield* warn(`key ${key} transferred to ${name}`);
      variables.push({ name: prefix + name, valueFrom: { [source[0]]: { key, name: info.name } } });
    }
  }
  return variables;
}

function withEnvironment(session: Session, object: Fields, environment: Environment): Fields {
  const spec = podSpecOf(object);
  if (spec === undefined)
    throw refusal(`the object is not a pod or does not have a pod template: ${textAt(object, "kind")}`);
  const pattern = textFlag(session.flags, "containers");
  const names = ["initContainers", "containers"]
    .flatMap((part) => rowsAt(spec, part))
    .map((container) => textAt(container, "name"));
  if (!names.some((name) => selectsContainer(pattern, name)))
    throw refusal(`error: unable to find container named ${pattern}`);
  return withPodSpec(
    object,
    mapContainers(spec, (container) =>
      selectsContainer(pattern, textAt(container, "name")) ? changed(session, container, environment) : container,
    ),
  );
}

function changed(session: Session, container: Fields, environment: Environment): Fields {
  const before = rowsAt(container, "env");
  const taken = environment.set.filter((variable) => before.some((old) => old["name"] === variable["name"]));
  if (!boolFlag(session.flags, "overwrite") && taken.length > 0) {
    throw refusal(`'${text(taken[0]?.["name"])}' already has a value, and --overwrite is false`);
  }
  const replaced = before.map((old) => environment.set.findLast((variable) => variable["name"] === old["name"]) ?? old);
  const added = environment.set.filter((variable) => !before.some((old) => old["name"] === variable["name"]));
  const env = [...replaced, ...added].filter((variable) => !environment.remove.includes(text(variable["name"])));
  if (env.length > 0) return { ...container, env };
  const { env: _none, ...rest } = container;
  return rest;
}

function listingOf(session: Session, info: Info): string {
  const spec = podSpecOf(info.object) ?? {};
  const pattern = textFlag(session.flags, "containers");
  let out = "";
  for (const container of ["initContainers", "containers"].flatMap((part) => rowsAt(spec, part))) {
    if (!selectsContainer(pattern, textAt(container, "name"))) continue;
    out += `# ${info.mapping.kind} ${info.name}, container ${textAt(container, "name")}\n`;
    for (const variable of rowsAt(container, "env")) out += `${variableLine(variable)}\n`;
  }
  return out;
}

function variableLine(variable: Fields): string {
  const name = textAt(variable, "name");
  for (const [reference, word] of Object.values(SOURCES)) {
    const source = fieldsAt(variable, "valueFrom", reference);
    if (source["name"] !== undefined)
      return `# ${name} from ${word} ${text(source["name"])}, key ${text(source["key"])}`;
  }
  const path = textAt(variable, "valueFrom", "fieldRef", "fieldPath");
  if (path !== "") return `# ${name} from field path ${path}`;
  const resource = textAt(variable, "valueFrom", "resourceFieldRef", "resource");
  return resource === "" ? `${name}=${textAt(variable, "value")}` : `# ${name} from resource ${resource}`;
}
