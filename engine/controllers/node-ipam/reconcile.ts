// After kubernetes v1.36 pkg/controller/nodeipam/ipam/range_allocator.go, cidrset/cidr_set.go; not modelled: IPv6 and dual stack.
import { patchRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { DONE, isSuccess, recordEvent, relist, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { nodes } from "../watched.ts";

/** Source: kubeadm --cluster-cidr; kube-controller-manager --node-cidr-mask-size-ipv4. */
const CLUSTER_CIDR = "10.244.0.0/16";
const NODE_MASK = 24;

/** Gives every node a range of pod addresses. */
export const nodeIpam: Controller<null> = {
  name: "node-ipam",
  identity: "node-controller",
  component: "cidrAllocator",
  workers: 1,
  memory: null,
  watches: [watch(nodes, ownKey)],
  sync: syncNode,
};

function* syncNode(name: string, { settings }: Situation<null>): Sync {
  const lister = yield* relist();
  const node = lister.get(nodes, name);
  if (node === undefined || (node.spec?.podCIDR ?? "") !== "") return DONE;
  const { clusterCidr = CLUSTER_CIDR, nodeMask = NODE_MASK } = (settings ?? {}) as {
    readonly clusterCidr?: string;
    readonly nodeMask?: number;
  };
  const taken = new Set(lister.list(nodes).map(({ spec }) => spec?.podCIDR ?? ""));
  const cidr = firstFree(clusterCidr, nodeMask, taken);
  if (cidr === undefined) {
    const message = `Node ${name} status is now: CIDRNotAvailable`;
    yield* recordEvent({ object: node, type: "Normal", reason: "CIDRNotAvailable", message });
    return retry("CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range");
  }
  const body = { spec: { podCIDR: cidr, podCIDRs: [cidr] } };
  const response = yield* send(patchRequest({ resource: nodes.resource, name }, { dialect: "strategic", body }));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}

/** The first range of the mask inside the cluster's that nobody has. */
export function firstFree(clusterCidr: string, mask: number, taken: ReadonlySet<string>): string | undefined {
  const [address = "", bits = "16"] = clusterCidr.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  let count = 1;
  for (let bit = Number(bits); bit < mask; bit++) count *= 2;
  let size = 1;
  for (let bit = mask; bit < 32; bit++) size *= 2;
  for (let index = 0; index < count; index++) {
    const start = base + index * size;
    const octets = [16_777_216, 65_536, 256, 1].map((unit) => Math.floor(start / unit) % 256);
    const cidr = `${octets.join(".")}/${mask}`;
    if (!taken.has(cidr)) return cidr;
  }
  return undefined;
}
