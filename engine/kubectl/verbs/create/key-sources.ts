// After kubectl pkg/cmd/create/create_configmap.go, create_secret.go, pkg/util/env_file.go and generate/util.go.
import { configKeyProblems } from "../../../api/names.ts";
import { refusal } from "../../failure.ts";
import { listFlag } from "../../flag-set.ts";
import { readFile, type Session, type Talk } from "../../talk.ts";

/** The keys and texts that --from-literal, --from-file and --from-env-file give, in that order. */
export function* keysFromFlags(session: Session): Talk<Readonly<Record<string, string>>> {
  const { flags } = session;
  const environments = listFlag(flags, "from-env-file");
  const [files, literals] = [listFlag(flags, "from-file"), listFlag(flags, "from-literal")];
  if (environments.length > 0 && (files.length > 0 || literals.length > 0)) {
    throw refusal("from-env-file cannot be combined with from-file or from-literal");
  }
  const data: Record<string, string> = {};
  for (const literal of literals) {
    const [key, value] = literalParts(literal);
    addKey(data, key, value);
  }
  for (const source of files) yield* addFile(session, data, source);
  for (const path of environments) yield* addEnvironment(session, data, path);
  return data;
}

function literalParts(literal: string): readonly [string, string] {
  const equals = literal.indexOf("=");
  if (equals <= 0) throw refusal(`invalid literal source ${literal}, expected key=value`);
  const value = literal.slice(equals + 1);
  const isQuoted = value.length >= 2 && (value[0] === '"' || value[0] === "'") && value.at(-1) === value[0];
  return [literal.slice(0, equals), isQuoted ? value.slice(1, -1) : value];
}

function addKey(data: Record<string, string>, key: string, value: string): void {
  const problems = configKeyProblems(key);
  if (problems.length > 0)
    throw refusal(`${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${problems.join(",")}`);
  if (Object.hasOwn(data, key)) throw refusal(`cannot add key ${key}, another key by that name already exists`);
  data[key] = value;
}

function* addFile(session: Session, data: Record<string, string>, source: string): Talk<void> {
  const parts = source.split("=");
  if (parts.length > 2) throw refusal("key names or file paths cannot contain '='");
  const [first = "", second] = parts;
  if (parts.length === 2 && first === "") throw refusal(`key name for file path ${second ?? ""} missing`);
  if (parts.length === 2 && second === "") throw refusal(`file path for key name ${first} missing`);
  const path = second ?? first;
  const file = yield* readFile(session, path);
  if (file === undefined) throw refusal(`error reading ${path}: no such file or directory`);
  if (file.entries === undefined) return addKey(data, second === undefined ? baseName(path) : first, file.text);
  if (second !== undefined) throw refusal("cannot give a key name for a directory path");
  yield* addDirectory(session, data, { path, entries: file.entries });
}

function* addDirectory(
  session: Session,
  data: Record<string, string>,
  directory: { readonly path: string; readonly entries: readonly string[] },
): Talk<void> {
  const { path, entries } = directory;
  for (const entry of entries.toSorted()) {
    const below = yield* readFile(session, `${path.replace(/\/$/, "")}/${entry}`);
    if (below !== undefined && below.entries === undefined && configKeyProblems(entry).length === 0)
      addKey(data, entry, below.text);
  }
}

function baseName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

function* addEnvironment(session: Session, data: Record<string, string>, path: string): Talk<void> {
  const file = yield* readFile(session, path);
  if (file === undefined) throw refusal(`error reading ${path}: no such file or directory`);
  if (file.entries !== undefined) throw refusal("env config file cannot be a directory");
  for (const raw of file.text.split("\n")) {
    const line = raw.replace(/\r$/, "").trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = equals < 0 ? line : line.slice(0, equals);
    const problems = environmentProblems(key);
    if (problems.length > 0) throw refusal(`${JSON.stringify(key)} is not a valid key name: ${problems.join(";")}`);
    const value = equals < 0 ? (session.invocation.environment[key] ?? "") : line.slice(equals + 1);
    if (equals >= 0 || value !== "") addKey(data, key, value);
  }
}

/** What is wrong with a name of a variable as kubectl itself checks it, stricter than the server. */
export function environmentProblems(name: string): readonly string[] {
  return /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) ? [] : [ENVIRONMENT_PROBLEM];
}

/** Source: apimachinery pkg/util/validation IsEnvVarName. */
const ENVIRONMENT_PROBLEM =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
