import type { Endpoint } from "./exchange.ts";

/**
 * Messages by which a client on a node learns where the node's rules send its connections. `follow` asks for the backends
 * of one `ip:port`; they come at once and again after each sync of the rules that changes them, until `unfollow`.
 */
export type ToProxy =
  | { readonly kind: "follow"; readonly id: number; readonly address: string }
  | { readonly kind: "unfollow"; readonly id: number };

export interface FromProxy {
  readonly kind: "backends";
  readonly id: number;
  /** Undefined: the node has no rule for the address. Empty: connections are refused. */
  readonly backends: readonly Endpoint[] | undefined;
}
