import { expect, test } from "vitest";
import type { KubernetesObject } from "../api/object.ts";
import { fromEntries, get } from "../kernel/sorted-map.ts";
import { tableOf } from "./service-table.ts";

const service = {
  metadata: { namespace: "default", name: "web" },
  spec: { clusterIP: "10.96.0.9", ports: [{ port: 80 }] },
} as KubernetesObject;

interface Conditions {
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

function slice(endpoints: readonly (readonly [string, Conditions])[]): KubernetesObject {
  return {
    metadata: { namespace: "default", name: "web-x", labels: { "kubernetes.io/service-name": "web" } },
    ports: [{ port: 8080 }],
    endpoints: endpoints.map(([ip, conditions]) => ({ addresses: [ip], conditions })),
  } as KubernetesObject;
}

const ready = { ready: true, serving: true, terminating: false };
const unready = { ready: false, serving: false, terminating: false };
const leaving = { ready: false, serving: true, terminating: true };

const cases: readonly (readonly [string, readonly (readonly [string, Conditions])[], readonly string[]])[] = [
  [
    "ready endpoints are used, sorted by address",
    [
      ["10.244.0.2", ready],
      ["10.244.0.1", ready],
    ],
    ["10.244.0.1", "10.244.0.2"],
  ],
  [
    "what is not ready gets nothing",
    [
      ["10.244.0.2", ready],
      ["10.244.0.1", unready],
    ],
    ["10.244.0.2"],
  ],
  [
    "a terminating endpoint gets nothing while another is ready",
    [
      ["10.244.0.2", ready],
      ["10.244.0.1", leaving],
    ],
    ["10.244.0.2"],
  ],
  [
    "when all are terminating those that still serve are used",
    [
      ["10.244.0.1", leaving],
      ["10.244.0.2", unready],
    ],
    ["10.244.0.1"],
  ],
  ["without endpoints the service refuses", [], []],
];

test.each(cases)("%s", (_, endpoints, expected) => {
  const objects = {
    services: fromEntries([["default/web", service]] as const),
    slices: fromEntries([["default/web-x", slice(endpoints)]] as const),
  };
  const table = tableOf(objects, null);
  expect(get(table, "10.96.0.9:80")?.backends.map((backend) => backend.ip)).toEqual(expected);
  expect(get(tableOf(objects, table), "10.96.0.9:80")).toBe(get(table, "10.96.0.9:80"));
});
