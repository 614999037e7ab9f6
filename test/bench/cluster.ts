import { advance, advanceWhen, boot, exec, request, view, workers, type World, writeFile } from "@workbook/engine";
import type { Benchmark } from "./measure.ts";

/** A real kubelet takes 110 pods; that many nodes hold `pods` pods. Source: kubelet default maxPods. */
function nodesFor(pods: number): number {
  return Math.ceil(pods / 100) + 1;
}

const seed = 1;

export const bootThree: Benchmark = {
  name: "boot a cluster of 3 workers",
  unit: "boots",
  prepare: () => () => {
    boot(workers(3), { seed });
    return 1;
  },
};

function deployed(world: World, replicas: number): World {
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`;
  const applied = exec(writeFile(world, "/home/learner/web.yaml", manifest), "kubectl apply -f web.yaml").world;
  const isReady = (next: World): boolean => view(next).pods.filter((pod) => pod.isReady).length === replicas;
  // Looking is not free: ask once a virtual second.
  let later = applied;
  for (let seconds = 0; seconds < 600 && !isReady(later); seconds++) later = advance(later, { for: 1000 });
  if (!isReady(later)) throw new Error(`${replicas} replicas did not become ready`);
  return later;
}

/** Scenario S2 of the engine-neutral benchmark: a Deployment to all Ready. */
export function deployment(replicas: number): Benchmark {
  return {
    name: `deployment of ${replicas} to all Ready`,
    unit: "pods",
    prepare: () => {
      const world = boot(workers(nodesFor(replicas)), { seed });
      return () => {
        deployed(world, replicas);
        return replicas;
      };
    },
  };
}

/** Scenario S4: a cluster with 100 pods in which nothing happens for an hour. */
export const idleHour: Benchmark = {
  name: "one idle virtual hour, 100 pods",
  unit: "hours",
  prepare: () => {
    const world = deployed(boot(workers(2), { seed }), 100);
    return () => {
      advance(world, { for: 3_600_000 });
      return 1;
    };
  },
};

const REQUESTS = 1000;

/** Scenario S3: requests to the API inside the engine. */
export function requests(name: string, method: "GET" | "PATCH", path: string): Benchmark {
  return {
    name: `api: ${name}`,
    unit: "requests",
    prepare: () => {
      const world = deployed(boot(workers(2), { seed }), 100);
      const [pod] = view(world).pods;
      const place = path.replace("POD", pod?.name ?? "");
      const headers = { "content-type": "application/merge-patch+json" };
      return () => {
        let next = world;
        for (let count = 0; count < REQUESTS; count++) {
          const body = { metadata: { labels: { count: String(count) } } };
          next = request(
            next,
            method === "GET" ? { method, path: place } : { method, path: place, headers, body },
          ).world;
        }
        return REQUESTS;
      };
    },
  };
}

/** From the typed command to the first running pod. */
export const firstPod: Benchmark = {
  name: "first pod running",
  unit: "pods",
  prepare: () => {
    const world = boot(workers(1), { seed });
    return () => {
      const started = exec(world, "kubectl run web --image=nginx").world;
      advanceWhen(started, (next) => view(next).pods[0]?.status === "Running", 60_000);
      return 1;
    };
  },
};
