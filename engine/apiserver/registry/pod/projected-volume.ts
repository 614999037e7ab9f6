// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateProjectionSources; not modelled: names of ClusterTrustBundles, key types.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { forbidden, invalid, required } from "../field-error.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { type Errors, isSet, needed } from "../rules.ts";
import { validateLocalNonReservedPath } from "./paths.ts";
import { validateDownwardFile, validateKeyToPath, validateMode } from "./volume-sources.ts";

type Projection = Decoded<api.VolumeProjection>;

interface Sources {
  readonly errors: Errors;
  /** Where the volume is: some errors name it instead of the source. */
  readonly path: string;
  /** The paths that files have taken. */
  readonly taken: Set<string>;
}

export function validateProjected(source: Decoded<api.ProjectedVolumeSource>, path: string, errors: Errors): void {
  validateMode(source.defaultMode, `${path}.defaultMode`, errors);
  const sources: Sources = { errors, path, taken: new Set() };
  for (const [index, projection] of (source.sources ?? []).entries()) {
    validateProjection(projection, `${path}.sources[${index}]`, sources);
  }
}

const kinds = [
  "secret",
  "configMap",
  "downwardAPI",
  "serviceAccountToken",
  "clusterTrustBundle",
  "podCertificate",
] as const;

function validateProjection(projection: Projection, path: string, sources: Sources): void {
  const { errors } = sources;
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  if (secret !== undefined) validateKeyed(secret, `${path}.secret`, sources);
  if (configMap !== undefined) validateKeyed(configMap, `${path}.configMap`, sources);
  for (const file of downwardAPI?.items ?? []) {
    validateDownwardFile(file, `${path}.downwardAPI`, errors);
    take(file.path, file.path ?? "", sources);
  }
  if (serviceAccountToken !== undefined) validateToken(serviceAccountToken, `${path}.serviceAccountToken`, sources);
  if (clusterTrustBundle !== undefined) validateBundle(clusterTrustBundle, `${path}.clusterTrustBundle`, sources);
  const count = kinds.filter((kind) => projection[kind] !== undefined).length;
  if (count > 1) errors.push(forbidden(path, "may not specify more than 1 volume type per source"));
}

/** A file's path may be taken once. */
function take(path: string | undefined, found: string, { errors, path: volume, taken }: Sources): void {
  if (!isSet(path)) return;
  if (taken.has(path)) errors.push(invalid(volume, found, "conflicting duplicate paths"));
  taken.add(path);
}

function validateKeyed(source: Decoded<api.SecretProjection>, path: string, sources: Sources): void {
  needed(source.name, `${path}.name`, sources.errors);
  for (const [index, item] of (source.items ?? []).entries()) {
    validateKeyToPath(item, `${path}.items[${index}]`, sources.errors);
    take(item.path, source.name ?? "", sources);
  }
}

/** Source: validateProjectionSources: ten minutes to 2^32 seconds. */
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 4_294_967_296;

function validateToken(
  token: Decoded<api.ServiceAccountTokenProjection>,
  path: string,
  { errors, path: volume }: Sources,
): void {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < TOKEN_SECONDS_MIN) {
    errors.push(invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds > TOKEN_SECONDS_MAX) {
    errors.push(invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (!isSet(token.path)) errors.push(required(`${volume}.path`));
  else validateLocalNonReservedPath(token.path, `${volume}.path`, errors);
}

function validateBundle(bundle: Decoded<api.ClusterTrustBundleProjection>, path: string, sources: Sources): void {
  const { errors } = sources;
  const { name, signerName, labelSelector } = bundle;
  if (name === undefined && signerName === undefined)
    errors.push(required(path, "either name or signerName must be specified"));
  if (name === "") errors.push(required(`${path}.name`, "must be a valid object name"));
  if (name !== undefined && labelSelector !== undefined) {
    errors.push(invalid(`${path}.labelSelector`, labelSelector, "labelSelector must be unset if name is specified"));
  }
  if (signerName === "") errors.push(required(`${path}.signerName`, "must be a valid signer name"));
  if (signerName !== undefined) validateLabelSelector(labelSelector, `${path}.labelSelector`, errors);
  needed(bundle.path, `${path}.path`, errors);
  validateLocalNonReservedPath(bundle.path ?? "", `${path}.path`, errors);
  take(bundle.path, bundle.path ?? "", sources);
}
