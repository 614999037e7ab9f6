// After kubernetes v1.36 pkg/controller/ttl/ttl_controller.go.
import { patchRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { nodes } from "../watched.ts";

const ANNOTATION = "node.alpha.kubernetes.io/ttl";

/** Up to how many nodes, and for how many seconds kubelets may then keep Secrets and ConfigMaps. Source: ttl_controller.go ttlBoundaries. */
const BOUNDARIES = [
  { nodesMax: 100, seconds: 0 },
  { nodesMax: 500, seconds: 15 },
  { nodesMax: 1000, seconds: 30 },
  { nodesMax: 2000, seconds: 60 },
] as const;
const SECONDS_BEYOND = 300;

/** Tells kubelets how long they may cache what they mount. */
export const ttl: Controller<null> = {
  name: "ttl",
  identity: "ttl-controller",
  workers: 5,
  memory: null,
  watches: [watch(nodes, ownKey)],
  sync: syncNode,
};

function* syncNode(name: string, { lister }: Situation<null>): Sync {
  const node = lister.get(nodes, name);
  if (node === undefined) return DONE;
  const count = lister.list(nodes).length;
  const value = String(BOUNDARIES.find(({ nodesMax }) => count <= nodesMax)?.seconds ?? SECONDS_BEYOND);
  if (node.metadata.annotations?.[ANNOTATION] === value) return DONE;
  const body = { metadata: { annotations: { [ANNOTATION]: value } } };
  const response = yield* send(patchRequest({ resource: nodes.resource, name }, { dialect: "strategic", body }));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}
