/**
 * The rules of Kubernetes 1.36 that the engine holds as data, in one place: what the documentation says beside what the engine has. A row
 * whose source says something else is a defect of one of the two.
 */
import { describe, expect, test } from "vitest";
import { boot, request, workers } from "@workbook/engine";
import { MONITOR_GRACE_MILLIS, STARTUP_GRACE_MILLIS } from "../engine/controllers/node-lifecycle/health.ts";
import { MONITOR_PERIOD_MILLIS } from "../engine/controllers/node-lifecycle/reconcile.ts";
import { LARGE_ZONE, RATE, SECONDARY_RATE, UNHEALTHY_PERCENT } from "../engine/controllers/node-lifecycle/zones.ts";
import {
  BACK_OFF_FIRST_MILLIS,
  BACK_OFF_MILLIS_MAX,
  GRACE_SECONDS_MIN,
  LEASE_RENEW_MILLIS,
  NODE_STATUS_MILLIS,
} from "../engine/kubelet/constants.ts";
import { majorityOf } from "../engine/raft/quorum.ts";
import { SYNC_PERIOD_MILLIS_MIN } from "../engine/proxy/kube-proxy.ts";
import { podCidrOf } from "../engine/cluster/topology.ts";

const DOCS = "https://kubernetes.io/docs";

type Row = readonly [rule: string, found: unknown, documented: unknown, source: string];

const held: readonly Row[] = [
  ["a kubelet renews its Lease every 10 s", LEASE_RENEW_MILLIS, 10_000, `${DOCS}/concepts/architecture/nodes/`],
  ["it reports an unchanged status every 5 min", NODE_STATUS_MILLIS, 300_000, `${DOCS}/concepts/architecture/nodes/`],
  ["nodes are looked at every 5 s", MONITOR_PERIOD_MILLIS, 5000, `${DOCS}/concepts/architecture/nodes/`],
  [
    "a silent node is Unknown after 50 s",
    MONITOR_GRACE_MILLIS,
    50_000,
    "https://github.com/kubernetes/kubernetes/pull/126287",
  ],
  ["a new node has 60 s", STARTUP_GRACE_MILLIS, 60_000, "https://github.com/kubernetes/kubernetes/pull/126287"],
  ["nodes are evicted at 0.1 per second", RATE / 100, 0.1, `${DOCS}/concepts/architecture/nodes/`],
  ["in a sick zone at 0.01", SECONDARY_RATE / 100, 0.01, `${DOCS}/concepts/architecture/nodes/`],
  ["a zone is sick at 55 %", UNHEALTHY_PERCENT, 55, `${DOCS}/concepts/architecture/nodes/`],
  ["and large above 50 nodes", LARGE_ZONE, 50, `${DOCS}/concepts/architecture/nodes/`],
  ["the first restart delay is 10 s", BACK_OFF_FIRST_MILLIS, 10_000, `${DOCS}/concepts/workloads/pods/pod-lifecycle/`],
  ["the longest is 5 min", BACK_OFF_MILLIS_MAX, 300_000, `${DOCS}/concepts/workloads/pods/pod-lifecycle/`],
  [
    "after a hook that took all the grace 2 s are left",
    GRACE_SECONDS_MIN,
    2,
    `${DOCS}/concepts/workloads/pods/pod-lifecycle/`,
  ],
  ["kube-proxy syncs at most once a second", SYNC_PERIOD_MILLIS_MIN, 1000, `${DOCS}/reference/networking/virtual-ips/`],
  ["a node's pod range is a /24", podCidrOf(17), "10.244.17.0/24", `${DOCS}/setup/best-practices/cluster-large/`],
  ["etcd's quorum is floor(n/2)+1", [1, 2, 3, 4, 5].map(majorityOf), [1, 2, 2, 3, 3], "https://etcd.io/docs/v3.6/faq/"],
];

test.each(held)("%s", (_, found, documented, source) => {
  expect(source).toMatch(/^https:/);
  expect(found).toEqual(documented);
});

const world = boot(workers(1), { seed: 1 });

function created(path: string, body: unknown): unknown {
  return request(world, { method: "POST", path, body }).response.body;
}

const container = { name: "c", image: "nginx", livenessProbe: { tcpSocket: { port: 80 } } };
const pods = "/api/v1/namespaces/default/pods";
const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };

describe("what an object gets when it says nothing", () => {
  test("probes: period 10 s, timeout 1 s, one success, three failures", () => {
    const pod = created(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [container] },
    });
    const probe = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
    expect(pod).toMatchObject({ spec: { containers: [{ livenessProbe: probe }], terminationGracePeriodSeconds: 30 } });
  });

  test("pods tolerate a lost node for 300 s", () => {
    const pod = created(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [container] },
    });
    const toleration = { operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 };
    expect(pod).toMatchObject({
      spec: {
        tolerations: [
          { key: "node.kubernetes.io/not-ready", ...toleration },
          { key: "node.kubernetes.io/unreachable", ...toleration },
        ],
      },
    });
  });

  test("deployments: 25 % and 25 %, a deadline of 600 s, 10 old ReplicaSets", () => {
    const deployment = created("/apis/apps/v1/namespaces/default/deployments", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d" },
      spec: { selector: { matchLabels: { a: "b" } }, template },
    });
    expect(deployment).toMatchObject({
      spec: {
        replicas: 1,
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      },
    });
  });

  test("session affinity lasts 10800 s", () => {
    const service = created("/api/v1/namespaces/default/services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { ports: [{ port: 80 }], sessionAffinity: "ClientIP" },
    });
    expect(service).toMatchObject({ spec: { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } } });
  });

  test("node ports lie between 30000 and 32767", () => {
    const service = created("/api/v1/namespaces/default/services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { type: "NodePort", ports: [{ port: 80 }] },
    }) as { readonly spec: { readonly ports: readonly { readonly nodePort: number }[] } };
    const nodePort = service.spec.ports[0]?.nodePort ?? 0;
    expect(nodePort).toBeGreaterThanOrEqual(30_000);
    expect(nodePort).toBeLessThanOrEqual(32_767);
  });
});
