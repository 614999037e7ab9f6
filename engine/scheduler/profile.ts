// After kubernetes v1.36 pkg/scheduler/apis/config KubeSchedulerConfiguration; a profile's plugins are the default ones, changed.
import type { Plugin } from "./framework.ts";
import { defaultPlugins } from "./plugins/index.ts";
import { nodeResourcesFitWith } from "./plugins/node-resources-fit/node-resources-fit.ts";
import type { ScoringStrategy } from "./plugins/node-resources-fit/scoring-strategy.ts";

/** How pods of one `schedulerName` are scheduled. */
export interface Profile {
  readonly schedulerName: string;
  readonly disabled?: readonly string[];
  readonly weights?: Readonly<Record<string, number>>;
  readonly scoringStrategy?: ScoringStrategy;
}

export const DEFAULT_PROFILE: Profile = { schedulerName: "default-scheduler" };

/** The plugins of a profile, in order. */
export function pluginsOf(
  { disabled = [], weights = {}, scoringStrategy }: Profile,
  registry: readonly Plugin[] = defaultPlugins,
): readonly Plugin[] {
  if (disabled.length === 0 && scoringStrategy === undefined && Object.keys(weights).length === 0) return registry;
  return registry
    .filter(({ name }) => !disabled.includes(name))
    .map((plugin): Plugin => {
      const isFit = plugin.name === "NodeResourcesFit" && scoringStrategy !== undefined;
      const chosen: Plugin = isFit ? nodeResourcesFitWith(scoringStrategy) : plugin;
      const weight = weights[plugin.name];
      return weight === undefined ? chosen : { ...chosen, weight };
    });
}

/** The settings of the scheduler's process. */
export interface SchedulerSettings {
  readonly server: string;
  readonly profiles?: readonly Profile[];
  readonly percentageOfNodesToScore?: number;
  /** The limits that the scheduler's client puts on itself. Source: config/v1/defaults.go, ClientConnection: 50 and 100. */
  readonly qps?: number;
  readonly burst?: number;
}
