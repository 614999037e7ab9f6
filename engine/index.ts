/**
 * The engine: a Kubernetes cluster as a value.
 *
 * `boot` gives a world. Each function takes a world and gives the next one; none changes the one it was given. Keeping a
 * world is a bookmark, using it twice is a fork. Nothing here reads a clock, draws chance that was not seeded, or touches anything
 * outside: the same topology, seed and inputs give the same world on every machine.
 */
export { boot } from "./cluster/boot.ts";
export { advance, advanceWhen, type Distance } from "./cluster/time.ts";
export {
  ADMIN,
  collected,
  type CommandOutcome,
  exec,
  type Executed,
  interrupt,
  open,
  type Opened,
  outcomeOf,
} from "./cluster/command.ts";
export { letters, request, type Requested, say, send } from "./cluster/request.ts";
export { writeFile } from "./cluster/file.ts";
export { inject } from "./cluster/inject.ts";
export type { Fault, TrafficSpec } from "./cluster/fault.ts";
export {
  type ContainerView,
  type EndpointView,
  type NodeView,
  type OutsideView,
  type PodView,
  type ServiceView,
  trafficOf,
  type TrafficView,
  type View,
  view,
} from "./cluster/view.ts";
export { objectAt, objectsIn } from "./cluster/objects.ts";
export { narrate } from "./cluster/narrate.ts";
export { schedulingTable } from "./cluster/scheduling.ts";
export { causes, trace, why } from "./cluster/trace.ts";
export { digest, ENGINE_VERSION, record, type Recording, replay } from "./cluster/recording.ts";
export { type NodeSpec, type OutsideSpec, type Taint, type Topology, cluster, workers } from "./cluster/topology.ts";
export type { Input, World } from "./cluster/world.ts";
export type { ApiRequest, ApiResponse, FromServer, Identity, WatchEvent } from "./api/wire.ts";
export type { KubernetesObject, ObjectMeta } from "./api/object.ts";
export type { Status } from "./api/status.ts";
export type { ObjectReference } from "./kernel/note.ts";
export type { TraceLine } from "./kernel/trace.ts";
export type { Millis } from "./kernel/process.ts";
export type { Answer, Exchange } from "./network/exchange.ts";
export { parseYaml, type ParsedYaml, type YamlError } from "./api/yaml.ts";
export { kubectl } from "./kubectl/kubectl.ts";
export type { Command, CommandAnswer, CommandAsk, Invocation } from "./client/command.ts";
