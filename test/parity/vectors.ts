/** The small tables of j-vectors: pure functions against what a real cluster answered. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, Node, Pod, PodTemplateSpec } from "../../engine/api/generated/types.ts";
import { goQuote } from "../../engine/api/go-quote.ts";
import { podTemplateHash, revisionData, revisionHash } from "../../engine/api/hash.ts";
import { matchesLabels, parseLabelSelector } from "../../engine/api/label-selector.ts";
import { labelValueProblems, objectNameProblems } from "../../engine/api/names.ts";
import { nodeCells } from "../../engine/api/node.ts";
import { podCells } from "../../engine/api/pod.ts";
import { formatQuantity, isFractional, parseQuantity, roundUpQuantity } from "../../engine/api/quantity.ts";
import { humanDuration, parseTime } from "../../engine/api/time.ts";
import { boot, request, type World } from "../../engine/index.ts";
import { type Cases, difference, type ParityCase } from "./parity-case.ts";

export const cases: Cases = (directory) => {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, `${name}.json`), "utf8"));
  return [
    ...(read("hashes") as readonly HashRow[]).map(hashCase),
    ...(read("quantities") as readonly QuantityRow[]).map(quantityCase),
    ...(read("human-duration") as readonly DurationRow[]).map(durationCase),
    ...(read("pod-status-cells") as readonly PodRow[]).map(podCase),
    ...(read("node-cells") as readonly NodeRow[]).map(nodeCase),
    ...patchCases((read("patches") as PatchTable)),
    ...selectorCases((read("label-selectors") as SelectorTable)),
    ...(read("names") as readonly NameRow[]).map(nameCase),
  ];
};

interface HashRow {
  readonly input: unknown;
  readonly defaultedTemplate: PodTemplateSpec;
  readonly podTemplateHash: string;
  readonly statefulSetRevision: string;
  readonly daemonSetRevision: string;
  readonly daemonSetTemplateNodeSelectorAdded: Readonly<Record<string, string>>;
}

function hashCase(row: HashRow, index: number): ParityCase {
  const template = row.defaultedTemplate;
  const nodeSelector = { ...template.spec.nodeSelector, ...row.daemonSetTemplateNodeSelectorAdded };
  return {
    name: `hashes ${index} ${JSON.stringify(row.input)}`,
    compare: () =>
      difference(
        [row.podTemplateHash, suffix(row.statefulSetRevision), suffix(row.daemonSetRevision)],
        [
          podTemplateHash(template),
          revisionHash(revisionData(template), 0),
          podTemplateHash({ ...template, spec: { ...template.spec, nodeSelector } }),
        ],
      ),
  };
}

function suffix(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

interface QuantityAnswer {
  readonly ok?: string;
  readonly warning?: string;
  readonly code?: number;
  readonly error?: string;
}

interface QuantityRow {
  readonly q: string;
  readonly cpu: QuantityAnswer;
  readonly memory: QuantityAnswer;
}

function quantityCase(row: QuantityRow): ParityCase {
  return {
    name: `quantities ${JSON.stringify(row.q)}`,
    compare: () => difference([row.cpu, row.memory], [quantityAnswer(row.q, "cpu"), quantityAnswer(row.q, "memory")]),
  };
}

function quantityAnswer(text: string, resource: string): QuantityAnswer {
  const parsed = parseQuantity(text.trim());
  if (typeof parsed === "string") {
    return { code: 400, error: `Pod in version "v1" cannot be handled as a Pod: ${parsed}` };
  }
  const rounded = roundUpQuantity(parsed, -3);
  const stored = formatQuantity(rounded);
  const paths = ["limits", "requests"].map((list) => `spec.containers[0].resources.${list}[${resource}]`);
  if (rounded.value < 0n) {
    const sentence = `Invalid value: ${goQuote(stored)}: must be greater than or equal to 0`;
    return { code: 422, error: `Pod "q" is invalid: [${paths.map((path) => `${path}: ${sentence}`).join(", ")}]` };
  }
  if (resource !== "memory" || !isFractional(rounded)) return { ok: stored };
  const warnings = paths.map((path) => {
    const sentence = `${path}: fractional byte value ${goQuote(stored)} is invalid, must be an integer`;
    return `299 - ${goQuote(sentence)}`;
  });
  return { ok: stored, warning: warnings.join(", ") };
}

interface DurationRow {
  readonly seconds: number;
  readonly cell: string;
  readonly ageAtReadMin: number;
  readonly ageAtReadMax: number;
}

/** The clock went on while the table was read: any age in between is right. */
function durationCase(row: DurationRow): ParityCase {
  const ages = [row.ageAtReadMin, row.seconds, row.ageAtReadMax].map((seconds) => humanDuration(seconds * 1000));
  return {
    name: `human-duration ${row.seconds}`,
    compare: () => (ages.includes(row.cell) ? undefined : difference(row.cell, ages[1])),
  };
}

interface PodRow {
  readonly id: string;
  readonly spec: Pod["spec"];
  readonly status: Pod["status"];
  readonly deleted: boolean;
  readonly cells: Readonly<Record<string, string>>;
}

const READ_AT = parseTime("2026-11-20T13:20:00Z") ?? 0;

function podCase(row: PodRow): ParityCase {
  const gated = [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }];
  const pod: Pod = {
    metadata: { name: `p-${row.id}`, ...(row.deleted ? { deletionTimestamp: "2026-11-20T13:20:00Z" } : {}) },
    spec: row.spec,
    // The API server adds this condition to a pod that is created with gates.
    status: row.spec.schedulingGates === undefined ? row.status : { ...row.status, conditions: gated },
  };
  return { name: `pod-status-cells ${row.id}`, compare: () => difference(withoutAge(row.cells), withoutAge({ ...podCells(pod, READ_AT) })) };
}

/** The cells in the order of the columns; the age hangs on when the table was read. */
function withoutAge(cells: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(cells).flatMap(([column, cell]) => (column.toLowerCase() === "age" ? [] : [cell]));
}

interface NodeRow {
  readonly id: string;
  readonly meta: object;
  readonly spec: Node["spec"];
  readonly status: Node["status"];
  readonly cells: Readonly<Record<string, string>>;
}

function nodeCase(row: NodeRow): ParityCase {
  const node: Node = { metadata: { name: `vn-${row.id}`, ...row.meta }, spec: row.spec, status: row.status };
  return { name: `node-cells ${row.id}`, compare: () => difference(withoutAge(row.cells), withoutAge({ ...nodeCells(node, READ_AT) })) };
}

interface PatchTable {
  readonly base: Deployment;
  readonly cases: readonly {
    readonly type: string;
    readonly patch: unknown;
    readonly code: number;
    readonly result: unknown;
  }[];
}

function patchCases({ base, cases: rows }: PatchTable): readonly ParityCase[] {
  const world = worldWith(base);
  return rows.map((row, index) => ({
    name: `patches ${index} ${JSON.stringify(row.patch)}`,
    compare: () => difference({ code: row.code, result: row.result }, answerToPatch(world, base, row)),
  }));
}

/** A cluster without nodes and controllers that has the Deployment; each case begins from this same world. */
function worldWith({ metadata, spec }: Deployment): World {
  const topology = { nodes: [], controllers: [], bootstrap: "minimal" } as const;
  const namespace = metadata.namespace ?? "";
  const booted = request(boot(topology, { seed: 7 }), {
    method: "POST",
    path: "/api/v1/namespaces",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  }).world;
  const { name, labels, annotations } = metadata;
  const created = request(booted, {
    method: "POST",
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    body: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, labels, annotations }, spec },
  });
  if (created.response.code !== 201) throw new Error(JSON.stringify(created.response.body));
  return created.world;
}

function answerToPatch(world: World, { metadata }: Deployment, { type, patch }: PatchTable["cases"][number]): unknown {
  const { response } = request(world, {
    method: "PATCH",
    path: `/apis/apps/v1/namespaces/${metadata.namespace}/deployments/${metadata.name}`,
    headers: { "content-type": type },
    body: patch,
  });
  if (response.code !== 200) return { code: response.code, result: (response.body as { readonly message?: string }).message };
  const deployment = response.body as Deployment;
  const { labels, annotations, finalizers } = deployment.metadata;
  const { replicas, strategy: rollout, template } = deployment.spec;
  return { code: 200, result: { ...present({ labels, annotations, finalizers }), replicas, strategy: rollout, template } };
}

/** Without what is absent or empty, as Go prints metadata. */
function present(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && Object.keys(value as object).length > 0));
}

interface SelectorTable {
  readonly objects: readonly Readonly<Record<string, string>>[];
  readonly cases: readonly {
    readonly selector: string;
    readonly code: number;
    readonly matches?: readonly string[];
    readonly error?: string;
  }[];
}

function selectorCases({ objects, cases: rows }: SelectorTable): readonly ParityCase[] {
  return rows.map(({ selector, matches, error }) => ({
    name: `label-selectors ${JSON.stringify(selector)}`,
    compare: () => {
      const parsed = parseLabelSelector(selector);
      if (typeof parsed === "string") return difference(error, parsed);
      return difference(matches, objects.flatMap((labels, index) => (matchesLabels(parsed, labels) ? [`l${index}`] : [])));
    },
  }));
}

type NameRow = Readonly<Record<string, string>> & { readonly name: string };

const NAMED_KINDS: Readonly<Record<string, string>> = {
  pods: "Pod",
  services: "Service",
  namespaces: "Namespace",
  configmaps: "ConfigMap",
  deployments: "Deployment.apps",
  statefulsets: "StatefulSet.apps",
  jobs: "Job.batch",
  cronjobs: "CronJob.batch",
  roles: "Role.rbac.authorization.k8s.io",
  priorityclasses: "PriorityClass.scheduling.k8s.io",
  nodes: "Node",
  persistentvolumes: "PersistentVolume",
};

/** A label that the API server makes of the name, and so checks too. */
const LABEL_OF_NAME: Readonly<Record<string, string>> = { namespaces: "metadata.labels", jobs: "spec.template.labels" };

function nameCase(row: NameRow): ParityCase {
  const name = /^a x \d+$/.test(row.name) ? "a".repeat(Number(row.name.slice(4))) : row.name;
  const expected = Object.keys(NAMED_KINDS).map((plural) => row[plural]);
  return {
    name: `names ${JSON.stringify(row.name)}`,
    compare: () => difference(expected, Object.keys(NAMED_KINDS).map((plural) => nameAnswer(plural, name))),
  };
}

function nameAnswer(plural: string, name: string): string {
  const kind = NAMED_KINDS[plural];
  if (name === "") return `422 ${kind} "" is invalid: metadata.name: Required value: name or generateName is required`;
  const invalid = (path: string, problem: string): string => `${path}: Invalid value: ${goQuote(name)}: ${problem}`;
  const label = LABEL_OF_NAME[plural];
  const causes = objectNameProblems(plural, name).map((problem) => invalid("metadata.name", problem));
  if (label !== undefined) causes.push(...labelValueProblems(name).map((problem) => invalid(label, problem)));
  if (causes.length === 0) return "ok";
  return `422 ${kind} "${name}" is invalid: ${causes.length === 1 ? causes[0] : `[${causes.join(", ")}]`}`;
}
