/** Compares the API server's answers to bad objects and bad updates with those of a real one (recordings of Kubernetes v1.36.2). */
import { existsSync, readFileSync } from "node:fs";
import type { KubernetesObject } from "../../engine/api/object.ts";
import type { Status } from "../../engine/api/status.ts";
import type { ApiRequest, ApiResponse } from "../../engine/api/wire.ts";
import type { World } from "../../engine/kernel/world.ts";
import { ask, collectionOf, freshCluster } from "./api-world.ts";
import { type Cases, difference, type ParityCase } from "./parity-case.ts";

interface CreateCase {
  readonly id: string;
  readonly input: unknown;
  readonly api: { readonly code: number; readonly body: unknown; readonly warning?: string; readonly path: string } | null;
}

interface UpdateCase {
  readonly id: string;
  readonly create: KubernetesObject;
  readonly patchType: string;
  readonly patch: unknown;
  readonly code: number;
  readonly body: unknown;
  readonly warning?: string;
}

/** Too large to be recorded: what its label stands for. */
const LARGE: Readonly<Record<string, unknown>> = {
  "cm-too-big": { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" }, data: { k: "x".repeat(1_048_577) } },
};

/** What kubectl refused before it asked the server is left out. */
export const cases: Cases = (directory) => {
  const world = freshCluster();
  return [...createCases(directory, world), ...updateCases(directory, world)];
};

function createCases(directory: string, world: World): readonly ParityCase[] {
  const recorded = read(directory, "create-invalid.json") as readonly CreateCase[];
  return recorded.flatMap(({ id, input, api }) => {
    const body = LARGE[id] ?? input;
    if (api === null || typeof body !== "object") return [];
    const [path = "", query = ""] = api.path.split("?");
    const request: ApiRequest = { method: "POST", path, query: Object.fromEntries(new URLSearchParams(query)), body };
    return [{ name: id, compare: () => compare(ask(world, request).response, api) }];
  });
}

function updateCases(directory: string, world: World): readonly ParityCase[] {
  const recorded = read(directory, "update-invalid.json") as readonly UpdateCase[];
  return recorded.map((one) => ({ name: one.id, compare: () => compareUpdate(one, world) }));
}

function compareUpdate({ create, patchType, patch, code, body, warning }: UpdateCase, world: World): string | undefined {
  const path = collectionOf(create);
  const made = ask(world, { method: "POST", path, body: create.kind === "Pod" ? scheduled(create) : create });
  const object = `${path}/${create.metadata.name}`;
  if (made.response.code !== 201) return `the object was not created: ${JSON.stringify(made.response.body)}`;
  const sent = typeof patch === "string" ? { text: patch } : { body: patch };
  const { response } = ask(made.world, { method: "PATCH", path: object, headers: { "content-type": patchType }, ...sent });
  return compare(response, { code, body, warning });
}

/** The recorded pods had a node before they were changed. */
function scheduled(pod: KubernetesObject): KubernetesObject {
  return { ...pod, spec: { nodeName: "worker-1", ...(pod.spec as object) } };
}

function read(directory: string, file: string): unknown {
  const path = `${directory}/${file}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

interface Recorded {
  readonly code: number;
  readonly body: unknown;
  readonly warning?: string | undefined;
}

function compare(response: ApiResponse, recorded: Recorded): string | undefined {
  const expected = { ...answerOf(recorded.code, recorded.body), warning: recorded.warning ?? "" };
  return difference(expected, { ...answerOf(response.code, response.body), warning: warningOf(response) });
}

/** What must be equal: code, reason, message and causes, after masking what the server chooses. */
function answerOf(code: number, body: unknown): object {
  if (code < 300) return { code };
  const { reason, message, details } = body as Status;
  return JSON.parse(mask(JSON.stringify({ code, reason, message, details }))) as object;
}

function warningOf({ headers }: ApiResponse): string {
  return (headers?.["warning"] ?? "").split("\n").join(", ");
}

function mask(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>").replaceAll(/Bad_[a-z0-9]{5}/g, "Bad_xxxxx");
}
