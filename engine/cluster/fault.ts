import type { HostCondition } from "../edge/outside-host.ts";
import type { Exchange } from "../network/exchange.ts";
import type { Address, Millis } from "../kernel/process.ts";

/** Something that goes wrong, or is put right again: an input like any other. */
export type Fault =
  | { readonly kind: "kill"; readonly process: Address }
  | { readonly kind: "restart"; readonly process: Address }
  | { readonly kind: "pause"; readonly process: Address }
  | { readonly kind: "resume"; readonly process: Address }
  /** Every process of the host at once. */
  | { readonly kind: "crash-host"; readonly host: string }
  | { readonly kind: "boot-host"; readonly host: string }
  | { readonly kind: "cut"; readonly id: string; readonly from: string; readonly to: string }
  | {
      readonly kind: "slow";
      readonly id: string;
      readonly from: string;
      readonly to: string;
      readonly delayMillis: Millis;
    }
  | { readonly kind: "heal"; readonly id: string }
  /** A machine outside the cluster, such as a database. */
  | { readonly kind: "outside"; readonly name: string; readonly condition: HostCondition }
  /** A program in a container changes its behaviour; which faults a program knows is said in its image. */
  | {
      readonly kind: "container";
      readonly namespace: string;
      readonly pod: string;
      readonly container?: string;
      readonly change: string;
    }
  /** A client that sends requests from now on; its account is read with `trafficOf`. */
  | { readonly kind: "traffic"; readonly client: TrafficSpec }
  | { readonly kind: "end-traffic"; readonly name: string };

/** A client and its load. */
export interface TrafficSpec {
  readonly name: string;
  /** The node it runs on; the first one when absent. */
  readonly node?: string;
  /** `namespace/name` of a Service, or of a Pod to reach it by its address. */
  readonly to: { readonly service: string } | { readonly pod: string };
  readonly exchange: Exchange;
  readonly ratePerSecond: number;
  readonly timeoutMillis?: Millis;
  readonly isKeptAlive?: boolean;
}
