import type { ApiResponse } from "../../api/wire.ts";
import { apiVersionOf } from "../../api/resource-kind.ts";
import type { Served } from "../served.ts";
import { allServed } from "../served-places.ts";
import type { ServerState } from "../state.ts";
import { aggregatedVersion, type GroupVersion, resourceList } from "./resources.ts";

/** A group and what it serves, by version, in the order of discovery: the preferred version first. */
export interface Group {
  readonly name: string;
  readonly versions: readonly GroupVersion[];
}

/** All groups that are served, the core group (without a name) first. */
export function groupsOf(state: ServerState): readonly Group[] {
  const groups = new Map<string, Map<string, Served[]>>();
  for (const served of allServed(state)) {
    const { group, version } = served.strategy.resource;
    const versions = groups.get(group) ?? new Map<string, Served[]>();
    groups.set(group, versions);
    versions.set(version, [...(versions.get(version) ?? []), served]);
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: [...versions].map(([version, served]) => ({ version, served })),
  }));
}

/** The media type of aggregated discovery. */
const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

export function wantsAggregated(accept: string | undefined): boolean {
  return accept?.split(",").some((clause) => clause.replaceAll(" ", "").startsWith(AGGREGATED)) === true;
}

/** `/api`. */
export function coreVersions(state: ServerState, accept: string | undefined): ApiResponse {
  const core = groupsOf(state).filter((group) => group.name === "");
  if (wantsAggregated(accept)) return aggregated(core);
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: SERVER_ADDRESS }];
  return { code: 200, body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs } };
}

/** Where the recorded server stands: the control plane of kubeadm. */
const SERVER_ADDRESS = "192.168.64.2:6443";

/** `/apis`. */
export function groupList(state: ServerState, accept: string | undefined): ApiResponse {
  const named = groupsOf(state).filter((group) => group.name !== "");
  if (wantsAggregated(accept)) return aggregated(named);
  return { code: 200, body: { kind: "APIGroupList", apiVersion: "v1", groups: named.map(groupBody) } };
}

function aggregated(groups: readonly Group[]): ApiResponse {
  const items = groups.map((group) => ({
    metadata: group.name === "" ? {} : { name: group.name },
    versions: group.versions.map(aggregatedVersion),
  }));
  const body = { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
  return { code: 200, headers: { "content-type": AGGREGATED }, body };
}

function groupBody(group: Group): object {
  const versions = group.versions.map(({ version }) => ({
    groupVersion: apiVersionOf({ group: group.name, version }),
    version,
  }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

/** `/apis/apps`. */
export function oneGroup(state: ServerState, name: string): ApiResponse | undefined {
  const group = groupsOf(state).find((one) => one.name === name);
  return group === undefined
    ? undefined
    : { code: 200, body: { kind: "APIGroup", apiVersion: "v1", ...groupBody(group) } };
}

/** `/apis/apps/v1`, `/api/v1`. */
export function oneVersion(
  state: ServerState,
  place: { readonly group: string; readonly version: string },
): ApiResponse | undefined {
  const group = groupsOf(state).find((one) => one.name === place.group);
  const version = group?.versions.find((one) => one.version === place.version);
  return version === undefined ? undefined : { code: 200, body: resourceList(apiVersionOf(place), version) };
}
