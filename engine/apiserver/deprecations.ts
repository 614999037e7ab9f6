import type { Served } from "./served.ts";

/** The warning of a kind that is on its way out. Source: `+k8s:prerelease-lifecycle-gen:deprecated` of the API types. */
export function deprecationOf(served: Served): string | undefined {
  const { group, version, plural } = served.strategy.resource;
  return deprecated[`${group}/${version}/${plural}`];
}

const deprecated: Readonly<Record<string, string>> = {
  "/v1/componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
  "/v1/endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
};
