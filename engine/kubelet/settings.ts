import type { Pod } from "../api/generated/types.ts";
import type { Address, Millis } from "../kernel/process.ts";

/** What the topology says about one kubelet. */
export interface KubeletSettings {
  readonly node: {
    readonly name: string;
    readonly ip: string;
    readonly podCidr: string;
    readonly cpuMilli: number;
    readonly memoryBytes: number;
    readonly podsMax: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly server: Address;
  readonly runtime: Address;
  readonly heartbeats: "every" | "when-noticed" | "once";
  /** `traced`: Events go to the trace only. Written when absent. */
  readonly events?: "written" | "traced";
  /** Where the second begins for the PLEG and the sync ticker, in ms; drawn by the seed when absent. */
  readonly relistPhaseMillis?: Millis;
  readonly syncPhaseMillis?: Millis;
  /** Manifests of static pods. */
  readonly staticPods?: readonly Pod[];
  /** In a replay of a recording: when each pod (`namespace/name`) was seen to be synced; chance takes these times where the rule allows them. */
  readonly recordedSyncs?: Readonly<Record<string, readonly Millis[]>>;
  readonly recordedRelists?: readonly Millis[];
  readonly recordedEvictions?: Readonly<Record<string, Millis>>;
  readonly recordedMounts?: Readonly<Record<string, Millis>>;
}
