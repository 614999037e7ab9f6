// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateVolumeMounts, ValidateVolumeDevices.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { forbidden, invalid, notFound, notSupported, required } from "../field-error.ts";
import { type Errors, isSet } from "../rules.ts";
import { validateLocalDescendingPath } from "./paths.ts";
import type { Container, Scope } from "./scope.ts";

type Mount = Decoded<api.VolumeMount>;

export function validateVolumeMounts(container: Container, path: string, scope: Scope): void {
  const { errors, volumes } = scope;
  const devices = container.volumeDevices ?? [];
  const points = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${path}[${index}]`;
    const { name = "", mountPath = "" } = mount;
    if (name === "") errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    if (mountPath === "") errors.push(required(`${at}.mountPath`));
    if (points.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, "must be unique"));
    points.add(mountPath);
    if (devices.some((device) => device.name === name)) {
      errors.push(invalid(`${at}.name`, name, "must not already exist in volumeDevices"));
    }
    if (devices.some((device) => device.devicePath === mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mountPath, "must not already exist as a path in volumeDevices"));
    }
    validateSubPaths(mount, { at, list: path, scope });
    validatePropagation(mount, container, path, errors);
    validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`, errors);
  }
}

interface MountPlace {
  readonly at: string;
  /** Upstream names the list and not the element here. */
  readonly list: string;
  readonly scope: Scope;
}

function validateSubPaths({ name = "", subPath, subPathExpr }: Mount, { at, list, scope }: MountPlace): void {
  const { errors } = scope;
  if (scope.volumes.get(name)?.image !== undefined) {
    const detail = "not allowed in image volume sources";
    if (isSet(subPathExpr)) errors.push(invalid(`${at}.subPathExpr`, subPathExpr, detail));
  }
  if (isSet(subPath)) validateLocalDescendingPath(subPath, `${list}.subPath`, errors);
  if (!isSet(subPathExpr)) return;
  if (isSet(subPath))
    errors.push(invalid(`${at}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive"));
  validateLocalDescendingPath(subPathExpr, `${list}.subPathExpr`, errors);
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function validatePropagation({ mountPropagation }: Mount, container: Container, list: string, errors: Errors): void {
  if (mountPropagation === undefined) return;
  const path = `${list}.mountPropagation`;
  if (!propagations.includes(mountPropagation)) errors.push(notSupported(path, mountPropagation, propagations));
  if (mountPropagation !== "Bidirectional" || container.securityContext?.privileged === true) return;
  errors.push(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"));
}

function validateRecursiveReadOnly(mount: Mount, path: string, errors: Errors): void {
  const { recursiveReadOnly, mountPropagation } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return;
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible") {
    return void errors.push(notSupported(path, recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"]));
  }
  if (mount.readOnly !== true) errors.push(forbidden(path, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None") {
    errors.push(forbidden(path, "may only be specified when mountPropagation is None or not specified"));
  }
}

export function validateVolumeDevices(container: Container, path: string, scope: Scope): void {
  const { errors } = scope;
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, { name = "", devicePath = "" }] of (container.volumeDevices ?? []).entries()) {
    const at = `${path}[${index}]`;
    validateDeviceVolume(name, `${at}.name`, { names, scope });
    if (devicePath === "") errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, "must be unique"));
    if (devicePath.split("/").includes("..")) {
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    for (const mount of container.volumeMounts ?? []) {
      if (mount.name === name) errors.push(invalid(`${at}.name`, name, "must not already exist in volumeMounts"));
      if (mount.mountPath === devicePath) {
        errors.push(invalid(`${at}.devicePath`, devicePath, "must not already exist as a path in volumeMounts"));
      }
    }
  }
}

function validateDeviceVolume(
  name: string,
  path: string,
  { names, scope }: { readonly names: Set<string>; readonly scope: Scope },
): void {
  const { errors } = scope;
  const volume = scope.volumes.get(name);
  if (name === "") errors.push(required(path));
  if (names.has(name)) errors.push(invalid(path, name, "must be unique"));
  if (volume === undefined) errors.push(notFound(path, name));
  else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
    errors.push(
      invalid(path, name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"),
    );
  }
  if (name !== "") names.add(name);
}
