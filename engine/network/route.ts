import type { Address } from "../kernel/process.ts";
import { type Cidr, contains, parseCidr, parseIpv4 } from "./address.ts";

/**
 * Which host owns which addresses: reachability only, the lowest of three fidelities. Packets, bridges and rules come with the
 * network chapters.
 */
export interface Route {
  readonly cidr: string;
  /** The process on that host that answers for its addresses. */
  readonly via: Address;
}

/** The route with the longest prefix that contains the address, or undefined. */
export function routeFor(routes: readonly Route[], ip: string): Route | undefined {
  const address = parseIpv4(ip);
  if (address === undefined) return undefined;
  let best: { readonly route: Route; readonly cidr: Cidr } | undefined;
  for (const route of routes) {
    const cidr = parseCidr(route.cidr);
    if (cidr === undefined || !contains(cidr, address)) continue;
    if (best === undefined || cidr.prefixLength > best.cidr.prefixLength) best = { route, cidr };
  }
  return best?.route;
}
