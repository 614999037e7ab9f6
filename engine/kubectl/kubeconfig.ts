// After client-go tools/clientcmd (loader.go, overrides, client_config.go); not modelled: exec plugins, proxies.
import type { Kubeconfig } from "./connection.ts";
import type { Invocation } from "../client/command.ts";
import { exit, refusal } from "./failure.ts";
import { isGiven, listFlag, textFlag, type Flags } from "./flag-set.ts";
import { fields, rowsAt, text, textAt, type Fields } from "./json.ts";
import type { Talk } from "./talk.ts";
import { fromYaml } from "./yaml-text.ts";

/** The files that make up the configuration, first wins; and where a change is written. */
export interface ConfigFiles {
  readonly paths: readonly string[];
  readonly explicit: boolean;
}

export function configFiles(invocation: Invocation, flags: Flags): ConfigFiles {
  const given = textFlag(flags, "kubeconfig");
  if (given !== "") return { paths: [given], explicit: true };
  const environment = invocation.environment["KUBECONFIG"] ?? "";
  if (environment !== "") return { paths: environment.split(":").filter((path) => path !== ""), explicit: false };
  return { paths: [`${invocation.environment["HOME"] ?? ""}/.kube/config`], explicit: false };
}

/** The merged configuration as the fields of a Config object; empty where there is no file. */
export function* loadConfig(invocation: Invocation, flags: Flags): Talk<Fields> {
  const { paths, explicit } = configFiles(invocation, flags);
  let merged: Fields = {};
  for (const path of paths) {
    const answer = yield { kind: "read", path };
    if (answer.kind === "file") merged = mergeConfigs(merged, fields(fromYaml(answer.text)));
    else if (explicit) throw refusal(`stat ${path}: no such file or directory`);
  }
  return merged;
}

function mergeConfigs(first: Fields, second: Fields): Fields {
  const merged: Record<string, unknown> = { ...second, ...first };
  for (const part of ["clusters", "contexts", "users"]) {
    const names = new Set(rowsAt(first, part).map((row) => text(row["name"])));
    const all = [...rowsAt(first, part), ...rowsAt(second, part).filter((row) => !names.has(text(row["name"])))];
    merged[part] = all.length === 0 ? null : all;
  }
  return merged;
}

/** Source: client-go tools/clientcmd; errors of validation are printed without `error:`. */
export function* resolveConfig(invocation: Invocation, flags: Flags): Talk<Kubeconfig> {
  const config = yield* loadConfig(invocation, flags);
  const wanted = textFlag(flags, "context");
  const name = wanted === "" ? text(config["current-context"]) : wanted;
  const context = named(config, "contexts", name);
  if (context === undefined && wanted !== "") {
    throw exit(`Error in configuration: context was not found for specified context: ${wanted}`);
  }
  const cluster = textFlag(flags, "cluster") || textAt(context, "context", "cluster");
  const user = textFlag(flags, "user") || textAt(context, "context", "user");
  const written = textAt(named(config, "clusters", cluster), "cluster", "server");
  const server = textFlag(flags, "server") || written || invocation.server;
  const given = textFlag(flags, "namespace");
  return {
    server,
    namespace: given || textAt(context, "context", "namespace") || "default",
    namespaceGiven: given !== "",
    token: textFlag(flags, "token") || textAt(named(config, "users", user), "user", "token"),
    impersonation: impersonationOf(flags),
    elsewhere:
      isGiven(flags, "server") &&
      hostAndPort(server) !== hostAndPort(invocation.server) &&
      hostAndPort(server) !== hostAndPort(written),
  };
}

function hostAndPort(server: string): string {
  return (
    server
      .replace(/^\w+:\/\//, "")
      .replace("localhost", "127.0.0.1")
      .split("/")[0] ?? ""
  );
}

export function named(config: Fields, part: string, name: string): Fields | undefined {
  return rowsAt(config, part).find((row) => row["name"] === name);
}

function impersonationOf(flags: Flags): Readonly<Record<string, string>> | undefined {
  const [user, uid] = [textFlag(flags, "as"), textFlag(flags, "as-uid")];
  const groups = listFlag(flags, "as-group");
  if (user === "" && uid === "" && groups.length === 0) return undefined;
  const headers: Record<string, string> = {};
  if (user !== "") headers["impersonate-user"] = user;
  if (uid !== "") headers["impersonate-uid"] = uid;
  if (groups.length > 0) headers["impersonate-group"] = groups.join(",");
  return headers;
}
