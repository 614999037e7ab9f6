// After kubernetes v1.36 kube-scheduler/config/v1 KubeSchedulerConfiguration; read: profiles, plugins, weights, NodeResourcesFitArgs.
import type { Profile } from "./profile.ts";
import { defaultPlugins } from "./plugins/index.ts";
import type { ScoringStrategy } from "./plugins/node-resources-fit/scoring-strategy.ts";

/** What a configuration says, or what is wrong with it. */
export type ReadConfiguration =
  | {
      readonly kind: "configuration";
      readonly profiles: readonly Profile[];
      readonly percentageOfNodesToScore: number;
      /** Fields that upstream has and this scheduler does not read. */
      readonly notModelled: readonly string[];
    }
  | { readonly kind: "problem"; readonly message: string };

interface PluginSet {
  readonly enabled?: readonly { readonly name?: string; readonly weight?: number }[];
  readonly disabled?: readonly { readonly name?: string }[];
}

interface ProfileObject {
  readonly schedulerName?: string;
  readonly plugins?: Readonly<Record<string, PluginSet>>;
  readonly pluginConfig?: readonly {
    readonly name?: string;
    readonly args?: { readonly scoringStrategy?: ScoringStrategyObject };
  }[];
}

interface ScoringStrategyObject {
  readonly type?: ScoringStrategy["type"];
  readonly resources?: ScoringStrategy["resources"];
  readonly requestedToCapacityRatio?: { readonly shape?: ScoringStrategy["shape"] };
}

interface ConfigurationObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly profiles?: readonly ProfileObject[];
  readonly percentageOfNodesToScore?: number;
}

const READ = new Set(["apiVersion", "kind", "profiles", "percentageOfNodesToScore"]);
const CONFIG_VERSION = "kubescheduler.config.k8s.io/v1";

/** Reads the parsed YAML of a KubeSchedulerConfiguration. */
export function readConfiguration(object: unknown): ReadConfiguration {
  const configuration = (object ?? {}) as ConfigurationObject;
  if (configuration.kind !== "KubeSchedulerConfiguration" || configuration.apiVersion !== CONFIG_VERSION) {
    return {
      kind: "problem",
      message: `no kind "${configuration.kind ?? ""}" is registered for version "${configuration.apiVersion ?? ""}"`,
    };
  }
  const profiles = (configuration.profiles ?? [{}]).map(profileOf);
  const unknown = profiles
    .flatMap(({ disabled = [], weights = {} }) => [...disabled, ...Object.keys(weights)])
    .find(isUnknown);
  if (unknown !== undefined) return { kind: "problem", message: `plugin "${unknown}" is not in the registry` };
  return {
    kind: "configuration",
    profiles,
    percentageOfNodesToScore: configuration.percentageOfNodesToScore ?? 0,
    notModelled: Object.keys(configuration).filter((key) => !READ.has(key)),
  };
}

function isUnknown(name: string): boolean {
  return name !== "*" && !defaultPlugins.some((plugin) => plugin.name === name) && !BUILT_IN.has(name);
}

/** Default plugins that are no objects here: the queue's order, preemption and binding. */
const BUILT_IN: ReadonlySet<string> = new Set(["PrioritySort", "DefaultPreemption", "DefaultBinder"]);

/** A plugin that is disabled at one extension point is disabled here at all of them. */
function profileOf({ schedulerName, plugins = {}, pluginConfig = [] }: ProfileObject): Profile {
  const sets = Object.values(plugins);
  const enabled = sets.flatMap((set) => set.enabled ?? []);
  const names = sets.flatMap((set) => (set.disabled ?? []).flatMap(({ name }) => name ?? []));
  const all = names.includes("*") ? defaultPlugins.map(({ name }) => name) : names;
  const weights = enabled.flatMap(({ name, weight }) =>
    name === undefined || weight === undefined ? [] : [[name, weight] as const],
  );
  const fit = pluginConfig.find(({ name }) => name === "NodeResourcesFit")?.args?.scoringStrategy;
  return {
    schedulerName: schedulerName ?? "default-scheduler",
    disabled: all.filter((name) => !enabled.some((one) => one.name === name)),
    weights: Object.fromEntries(weights),
    ...(fit === undefined ? {} : { scoringStrategy: strategyOf(fit) }),
  };
}

function strategyOf({
  type = "LeastAllocated",
  resources,
  requestedToCapacityRatio,
}: ScoringStrategyObject): ScoringStrategy {
  const counted = resources ?? [
    { name: "cpu", weight: 1 },
    { name: "memory", weight: 1 },
  ];
  const shape = requestedToCapacityRatio?.shape;
  return { type, resources: counted, ...(shape === undefined ? {} : { shape }) };
}
