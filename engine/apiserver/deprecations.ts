/** Kinds that are on their way out. Source: `+k8s:prerelease-lifecycle-gen:deprecated` of the API types. */
const deprecated: readonly { readonly plural: string; readonly warning: string }[] = [
  { plural: "componentstatuses", warning: "v1 ComponentStatus is deprecated in v1.19+" },
  { plural: "endpoints", warning: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice" },
];

/** The warning that every answer about such a kind carries. */
export function deprecationOf(path: string): string | undefined {
  if (!path.startsWith("/api/v1/")) return undefined;
  return deprecated.find(({ plural }) => path.includes(`/${plural}`) && isAbout(path, plural))?.warning;
}

/** `/api/v1/endpoints`, `/api/v1/namespaces/x/endpoints/y`. */
function isAbout(path: string, plural: string): boolean {
  const parts = path.split("/");
  return parts[3] === plural || (parts[3] === "namespaces" && parts[5] === plural);
}
