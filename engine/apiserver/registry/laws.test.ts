import { expect, test } from "vitest";
import type { KubernetesObject } from "../../api/object.ts";
import { apiVersionOf, builtInKinds, resourceKindOf } from "../../api/resource-kind.ts";
import { beforeCreate } from "./before-create.ts";
import { decode } from "./decode.ts";
import { strategyOf } from "./index.ts";
import type { Context, Strategy } from "./strategy.ts";

const context: Context = {
  user: { name: "kubernetes-admin", groups: ["system:masters"] },
  namespace: "default",
  time: "2026-11-20T12:00:00Z",
  now: 1_795_176_000_000,
  uid: "00000000-0000-0000-0000-000000000000",
  suffix: "bcdfg",
};

const listed = builtInKinds.filter(({ verbs }) => verbs.includes("list"));

const web: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
  },
};

function read(body: KubernetesObject, known?: KubernetesObject): KubernetesObject {
  const decoded = decode(body, resourceKindOf(body.apiVersion ?? "", body.kind ?? "")?.schema ?? "", known);
  if (decoded.kind === "failed") throw new Error(decoded.message);
  return decoded.value as KubernetesObject;
}

function deployments(): Strategy {
  const kind = resourceKindOf("apps/v1", "Deployment");
  if (kind === undefined) throw new Error("there are deployments");
  return strategyOf(kind);
}

function stored(): KubernetesObject {
  const strategy = deployments();
  const prepared = beforeCreate(strategy, strategy.defaults(read(web)), context);
  if (prepared.kind === "refused") throw new Error(prepared.status.message);
  return prepared.object;
}

test.each(listed.map((kind) => ({ kind, name: `${kind.group}/${kind.plural}` })))(
  "$name: an empty object is judged, and defaults settle",
  ({ kind }) => {
    const strategy = strategyOf(kind);
    // A pod's table wants the containers that its validation wants.
    const spec = kind.kind === "Pod" ? { spec: { containers: [] } } : {};
    const once = strategy.defaults(
      read({ ...spec, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: "x" } }),
    );
    expect(strategy.defaults(once)).toBe(once);
    expect(Array.isArray(strategy.validate(once))).toBe(true);
    expect(Array.isArray(strategy.warnings(once))).toBe(true);
    expect(strategy.cells(once, 0).length).toBeGreaterThanOrEqual(strategy.columns.length);
  },
);

test("what was decoded is decoded again to the same reference", () => {
  const object = stored();
  expect(read(object)).toBe(object);
  expect(deployments().defaults(object)).toBe(object);
});

test("an update that says nothing new answers with the old object's parts and generation", () => {
  const old = { ...stored(), metadata: { ...stored().metadata, resourceVersion: "1" } };
  const copy = read(structuredClone(old), old);
  const next = deployments().update.prepareForUpdate(copy, old, context);
  expect(next.spec).toBe(old.spec);
  expect(next.metadata.generation).toBe(1);
  expect(deployments().update.validateUpdate(next, old)).toEqual([]);
});

test("a change of the spec counts a generation, a change of the status does not", () => {
  const old = stored();
  const scaled = { ...old, spec: { ...(old.spec as object), replicas: 3 }, status: { replicas: 9 } };
  const next = deployments().update.prepareForUpdate(scaled, old, context);
  expect(next.metadata.generation).toBe(2);
  expect(next.status).toBe(old.status);
  const reported = deployments().subresources["status"]?.prepareForUpdate(scaled, old, context);
  expect(reported?.spec).toBe(old.spec);
  expect(reported?.metadata.generation).toBe(1);
  expect(reported?.status).toEqual({ replicas: 9 });
});

test.each([
  [{ spec: { foo: 1 } }, 'unknown field "spec.foo"'],
  [
    { spec: { template: { spec: { containers: [{ Name: "x" }] } } } },
    'unknown field "spec.template.spec.containers[0].Name"',
  ],
])("unknown fields are named: %j", (part, expected) => {
  const decoded = decode({ ...part, metadata: { name: "x" } }, "Deployment");
  expect(decoded).toMatchObject({ kind: "decoded", unknown: [expected] });
});

test.each([
  [
    { spec: { replicas: "3" } },
    "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
  ],
  [
    { metadata: { labels: { a: 1 } } },
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
  ],
])("a wrong type is told in Go's words: %j", (part, message) => {
  expect(decode(part, "Deployment")).toEqual({ kind: "failed", message });
});
