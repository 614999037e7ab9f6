import type { Prng } from "../kernel/prng.ts";
import type { Address, Millis } from "../kernel/process.ts";
import { get, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Exchange } from "../network/exchange.ts";
import type {
  Check,
  CheckResult,
  ContainerConfig,
  ContainerView,
  ImageView,
  LogLine,
  SandboxConfig,
  SandboxView,
} from "./cri.ts";
import type { Files, Volume } from "./file-system.ts";
import type { Image } from "./images/image.ts";
import type { ServerProgram, Task } from "./task.ts";

/** What the topology says about the runtime of one node. */
export interface RuntimeSettings {
  readonly node: {
    readonly name: string;
    readonly ip: string;
    readonly podCidr: string;
    /** Images that are there before anything is pulled. */
    readonly images?: readonly string[];
  };
  readonly kubelet: Address;
  /** The host whose processes are machines outside the cluster. */
  readonly outside: string;
  /** Images that stand in for others, by the name of the other. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** How long calls take, where it is not as usual: `StartContainer ns/pod/container#0`, first start; `RunPodSandbox ns/pod#0`. */
  readonly durations?: Readonly<Record<string, Millis>>;
  /** In a replay: how each pull of an image went, in order; the last one goes on. */
  readonly recordedPulls?: Readonly<Record<string, readonly RecordedPull[]>>;
}

/** How long a pull took, and what the registry said when it failed. */
export interface RecordedPull {
  readonly millis: Millis;
  readonly problem?: string;
  readonly sizeBytes?: number;
}

/** Everything that one node's containerd holds. */
export interface RuntimeState {
  readonly settings: RuntimeSettings;
  readonly prng: Prng;
  readonly epochMillis: number;
  readonly sandboxes: SortedMap<string, Sandbox>;
  readonly containers: SortedMap<string, Container>;
  /** Images by the full name. */
  readonly images: SortedMap<string, ImageView>;
  /** The next host number of the pod range. */
  readonly nextHost: number;
  readonly watches: SortedMap<number, Watch>;
  /** Who wants to know what an exchange with a pod gives, by `address id`. */
  readonly observers: SortedMap<string, Observer>;
  /** Logs that are followed, by the number of the wish: the container, and how many lines were told. */
  readonly followers: SortedMap<number, Follower>;
  /** Observations of dependencies under way, by number. */
  readonly links: SortedMap<number, Link>;
  readonly nextLink: number;
  /** Files of the node below host paths. */
  readonly hostVolumes: SortedMap<string, Volume>;
  /** How often each image was pulled. */
  readonly pulls: SortedMap<string, number>;
  /** What a fault makes of pulls, by full image name. */
  readonly brokenImages: SortedMap<string, string>;
}

export interface Sandbox {
  readonly view: SandboxView;
  readonly config: SandboxConfig;
  readonly volumes: SortedMap<string, Volume>;
}

export interface Container {
  readonly view: ContainerView;
  readonly config: ContainerConfig;
  readonly image: Image;
  readonly servers: Readonly<Record<string, ServerProgram>>;
  readonly root: Files;
  /** PID 1 while it runs. */
  readonly main: Task | undefined;
  /** Commands that run beside it: exec, by the number of the call. */
  readonly commands: readonly Command[];
  readonly log: readonly LogLine[];
  /** How many lines it ever wrote: old ones are dropped. */
  readonly logCount: number;
  readonly chance: number;
  readonly nextPid: number;
  readonly hasStarved: boolean;
  /** Set while it is being stopped. */
  readonly stopping: { readonly killAt: Millis; readonly calls: readonly number[] } | undefined;
}

/** A command that exec has started in a container. */
export interface Command {
  readonly call: number;
  readonly caller: Address;
  readonly task: Task;
  readonly log: readonly LogLine[];
  readonly until: Millis | undefined;
}

export interface Watch {
  readonly id: number;
  readonly container: string;
  readonly ip: string;
  readonly check: Check;
  readonly last: CheckResult | undefined;
}

export interface Observer {
  readonly client: Address;
  readonly id: number;
  readonly ip: string;
  readonly exchange: Exchange;
  readonly last: string;
}

export interface Follower {
  readonly id: number;
  readonly container: string;
  readonly toldCount: number;
}

/** A dependency of a program, `host:port`, that the runtime observes on its behalf. */
export interface Link {
  readonly container: string;
  readonly name: string;
}

/** How many lines of a container's log are kept. Source: the kubelet rotates at 10 MiB; a bound of this model. */
export const LOG_LINES_MAX = 1000;

export function withContainer(state: RuntimeState, container: Container): RuntimeState {
  return { ...state, containers: set(state.containers, container.view.id, container) };
}

export function sandboxOf(state: RuntimeState, container: Container): Sandbox | undefined {
  return get(state.sandboxes, container.view.sandbox);
}
