// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/installer.go and apidiscovery/v2 types.
import type { Subresource } from "../../api/resource-kind.ts";
import type { Served } from "../served.ts";

/** A version of a group and what it serves. */
export interface GroupVersion {
  readonly version: string;
  readonly served: readonly Served[];
}

/** An APIResourceList. */
export function resourceList(groupVersion: string, version: GroupVersion): object {
  const isCore = groupVersion === "v1";
  return {
    kind: "APIResourceList",
    ...(isCore ? {} : { apiVersion: "v1" }),
    groupVersion,
    resources: version.served.flatMap((served) => [
      resource(served),
      ...served.subresources.map((sub) => subresource(served, sub)),
    ]),
  };
}

function resource(served: Served): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, storageVersionHash } =
    served.strategy.resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(storageVersionHash === undefined ? {} : { storageVersionHash }),
  };
}

function subresource(served: Served, sub: Subresource): object {
  const { group, version } = sub;
  return {
    name: `${served.strategy.resource.plural}/${sub.name}`,
    singularName: "",
    namespaced: served.strategy.resource.namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind: sub.kind,
    verbs: sub.verbs,
  };
}

/** One version of an APIGroupDiscovery. */
export function aggregatedVersion(version: GroupVersion): object {
  return { version: version.version, resources: version.served.map(aggregatedResource), freshness: "Current" };
}

function aggregatedResource(served: Served): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, group, version } =
    served.strategy.resource;
  const own = served.isCustom ? { group, version } : { group: "", version: "" };
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(served.subresources.length === 0
      ? {}
      : { subresources: served.subresources.map((sub) => aggregatedSubresource(served, sub)) }),
  };
}

function aggregatedSubresource(served: Served, sub: Subresource): object {
  const { group, version } = served.strategy.resource;
  const own =
    served.isCustom && sub.group === undefined
      ? { group, version }
      : { group: sub.group ?? "", version: sub.version ?? "" };
  return { subresource: sub.name, responseKind: { ...own, kind: sub.kind }, verbs: sub.verbs };
}
