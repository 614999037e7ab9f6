/** Compares created objects and server-side tables with those of a real cluster (recordings of Kubernetes v1.36.2). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { KubernetesObject } from "../../engine/api/object.ts";
import { resourceKindAt } from "../../engine/api/resource-kind.ts";
import { strategyOf } from "../../engine/apiserver/registry/index.ts";
import { parseTime } from "../../engine/api/time.ts";
import { parseYaml } from "../../engine/api/yaml.ts";
import type { World } from "../../engine/kernel/world.ts";
import { ask, collectionOf, freshCluster } from "./api-world.ts";
import { type Cases, difference, type ParityCase } from "./parity-case.ts";

export const cases: Cases = (directory) => {
  const names = readdirSync(directory);
  const inputs = names.filter((name) => name.endsWith(".input.yaml")).map((name) => name.slice(0, -".input.yaml".length));
  const world = freshCluster();
  const created = inputs.map((id) => ({ name: `created ${id}`, compare: () => compareCreated(directory, id, world) }));
  return [...created, ...tableCases(directory)];
};

function compareCreated(directory: string, id: string, fresh: World): string | undefined {
  const input = objectIn(`${directory}/${id}.input.yaml`);
  let world = fresh;
  const { namespace = "default" } = input.metadata;
  if (namespace !== "default") world = ask(fresh, creationOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } })).world;
  if (id === "crontab") world = ask(fresh, creationOf(objectIn(`${directory}/crd.input.yaml`))).world;
  const { response } = ask(world, creationOf(input));
  if (response.code !== 201) return `refused: ${JSON.stringify(response.body)}`;
  return difference(masked(objectIn(`${directory}/${id}.created.yaml`)), masked(response.body));
}

function creationOf(body: KubernetesObject): { readonly method: "POST"; readonly path: string; readonly body: unknown } {
  if (body.kind === "CronTab") return { method: "POST", path: "/apis/stable.example.com/v1/namespaces/default/crontabs", body };
  return { method: "POST", path: collectionOf(body), body };
}

function objectIn(file: string): KubernetesObject {
  const parsed = parseYaml(withoutWarnings(readFileSync(file, "utf8")));
  if (parsed.kind === "error") throw new Error(`${file}: ${parsed.error.message}`);
  return parsed.documents[0]?.value as KubernetesObject;
}

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/** What the server chooses is replaced by words. */
function masked(value: unknown): unknown {
  const text = JSON.stringify(value, (key, part: unknown) => {
    // A client certificate's number, which the identity of a comparison has not.
    if (key === "managedFields" || key === "extra") return undefined;
    if (key === "resourceVersion") return "<version>";
    if (key === "nodePort" || key === "healthCheckNodePort") return 30_000;
    if (key === "clusterIP" && typeof part === "string" && part.startsWith("10.")) return "<address>";
    if (key === "clusterIPs" && Array.isArray(part) && String(part[0]).startsWith("10.")) return ["<address>"];
    return part;
  });
  const plain = text.replaceAll(UID, "<uid>").replaceAll(TIME, "<time>").replaceAll(/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-xxxxx");
  return JSON.parse(plain) as unknown;
}

interface TableRow {
  readonly cells: readonly unknown[];
  readonly object: KubernetesObject;
}

interface RecordedTable {
  readonly columnDefinitions: readonly { readonly name: string; readonly type: string; readonly format: string; readonly priority: number }[];
  readonly rows: readonly TableRow[] | null;
}

function tableCases(directory: string): readonly ParityCase[] {
  const folder = `${directory}/tables`;
  if (!existsSync(folder)) return [];
  const objects = knownObjects(directory);
  return readdirSync(folder)
    .filter((file) => !file.startsWith("_"))
    .map((file) => ({ name: `table ${file.replace(".json", "")}`, compare: () => compareTable(`${folder}/${file}`, objects) }));
}

/** All recorded objects by uid and version served. */
function knownObjects(directory: string): ReadonlyMap<string, KubernetesObject> {
  const files = readdirSync(directory).filter((name) => name.endsWith(".settled.json"));
  const settled = files.map((file) => JSON.parse(withoutWarnings(readFileSync(`${directory}/${file}`, "utf8"))) as KubernetesObject);
  const list = `${directory}/bootstrap-objects.yaml`;
  const bootstrap = existsSync(list) ? (objectIn(list) as unknown as { readonly items: readonly KubernetesObject[] }).items : [];
  return new Map([...bootstrap, ...settled].map((object) => [`${object.apiVersion} ${object.metadata.uid}`, object]));
}

/** What kubectl wrote to stderr stands in some recordings. */
function withoutWarnings(text: string): string {
  return text.replaceAll(/^Warning: .*$/gm, "");
}

function compareTable(file: string, objects: ReadonlyMap<string, KubernetesObject>): string | undefined {
  const table = JSON.parse(readFileSync(file, "utf8")) as RecordedTable;
  const [group = "", version = "", plural = ""] = (file.split("/").at(-1) ?? "").replace(".json", "").split("_");
  const resource = resourceKindAt(group === "core" ? "" : group, version, plural);
  if (resource === undefined) return compareCustomTable(table, file);
  const strategy = strategyOf(resource);
  const shown = (columns: readonly { name: string; type: string; format: string; priority: number }[]): unknown =>
    columns.map(({ name, type, format, priority }) => ({ name, type, format, priority }));
  const columns = difference(shown(table.columnDefinitions), shown(strategy.columns), "columns");
  if (columns !== undefined) return columns;
  const apiVersion = resource.group === "" ? version : `${group}/${version}`;
  for (const row of table.rows ?? []) {
    const object = objects.get(`${apiVersion} ${row.object.metadata.uid}`);
    if (object === undefined || object.metadata.resourceVersion !== row.object.metadata.resourceVersion) continue;
    const cells = strategy.cells(object, nowOf(row));
    const problem = difference(ageless(row.cells), ageless(cells), `${object.metadata.name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The custom kind of the recordings, asked for as kubectl does. */
function compareCustomTable(table: RecordedTable, file: string): string | undefined {
  const directory = file.slice(0, file.indexOf("/tables/"));
  let world = freshCluster();
  for (const id of ["crd", "crontab"]) world = ask(world, creationOf(objectIn(`${directory}/${id}.input.yaml`))).world;
  const path = creationOf({ kind: "CronTab", metadata: {} }).path;
  const { response } = ask(world, { method: "GET", path, headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } });
  const got = response.body as RecordedTable;
  const names = (columns: RecordedTable["columnDefinitions"]): unknown => columns.map(({ name, type }) => ({ name, type }));
  const rows = (from: RecordedTable): unknown => (from.rows ?? []).map(({ cells }) => ageless(cells));
  return difference([names(table.columnDefinitions), rows(table)], [names(got.columnDefinitions), rows(got)]);
}

/** A time at which the recorded row may have been printed. */
function nowOf(row: TableRow): number {
  return (parseTime(row.object.metadata.creationTimestamp ?? "") ?? 0) + 60_000;
}

const AGE = /^(\d+[ydhms]){1,2}$/;

function ageless(cells: readonly unknown[]): readonly unknown[] {
  return cells.map((cell) => (typeof cell === "string" && AGE.test(cell) ? "<age>" : cell));
}
