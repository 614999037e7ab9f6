import type { Millis } from "../kernel/process.ts";
import { forEach, get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Mount } from "./cri.ts";

/** A file or, when `isDirectory`, a directory that was made on purpose; directories of files exist without one. */
export interface File {
  readonly text: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Millis;
  readonly isDirectory: boolean;
}

/** Files by absolute path. */
export type Files = SortedMap<string, File>;

/** What a process of a container sees: its own root and the pod's volumes where they are mounted. */
export interface Disk {
  readonly root: Files;
  /** The volumes of the pod by name, shared by its containers. */
  readonly volumes: SortedMap<string, Volume>;
  readonly mounts: readonly Mount[];
}

export interface Volume {
  readonly files: Files;
  readonly isReadOnly: boolean;
  readonly sizeLimitBytes: number | undefined;
  readonly isInMemory: boolean;
}

interface Place {
  readonly mount: Mount | undefined;
  readonly path: string;
}

/** The file at an absolute path, or undefined. */
export function fileAt(disk: Disk, path: string): File | undefined {
  const place = placeOf(disk, path);
  if (place.mount === undefined) return get(disk.root, place.path);
  const volume = get(disk.volumes, place.mount.volume);
  return volume === undefined ? undefined : get(volume.files, place.path);
}

export function isDirectory(disk: Disk, path: string): boolean {
  const file = fileAt(disk, path);
  if (file !== undefined) return file.isDirectory;
  return (
    path === "/" || STANDARD_DIRECTORIES.includes(path) || isMountPoint(disk, path) || namesIn(disk, path).length > 0
  );
}

/** Directories that every image has. Source: the file system of busybox:1.36. */
const STANDARD_DIRECTORIES: readonly string[] = [
  "/bin",
  "/dev",
  "/etc",
  "/home",
  "/proc",
  "/root",
  "/sys",
  "/tmp",
  "/usr",
  "/var",
  "/run",
];

function isMountPoint(disk: Disk, path: string): boolean {
  return disk.mounts.some((mount) => mount.path === path && mount.subPath === "");
}

/** Why a write does not succeed, in the words of the C library; undefined when it may. */
export function writeProblem(disk: Disk, path: string, sizeBytes: number): string | undefined {
  if (isDirectory(disk, path)) return "Is a directory";
  const parent = path.slice(0, path.lastIndexOf("/"));
  if (parent !== "" && !isDirectory(disk, parent)) return `nonexistent directory`;
  const place = placeOf(disk, path);
  if (place.mount === undefined) return undefined;
  if (place.mount.isReadOnly) return "Read-only file system";
  const volume = get(disk.volumes, place.mount.volume);
  const limit = volume?.isInMemory === true ? volume.sizeLimitBytes : undefined;
  return limit !== undefined && sizeBytes > limit ? "No space left on device" : undefined;
}

export function withFile(disk: Disk, path: string, file: File): Disk {
  const place = placeOf(disk, path);
  if (place.mount === undefined) return { ...disk, root: set(disk.root, place.path, file) };
  return inVolume(disk, place.mount.volume, (files) => set(files, place.path, file));
}

export function withoutFile(disk: Disk, path: string): Disk {
  const place = placeOf(disk, path);
  if (place.mount === undefined) return { ...disk, root: remove(disk.root, place.path) };
  return inVolume(disk, place.mount.volume, (files) => remove(files, place.path));
}

function inVolume(disk: Disk, name: string, change: (files: Files) => Files): Disk {
  const volume = get(disk.volumes, name) ?? EMPTY_VOLUME;
  return { ...disk, volumes: set(disk.volumes, name, { ...volume, files: change(volume.files) }) };
}

export const EMPTY_VOLUME: Volume = { files: null, isReadOnly: false, sizeLimitBytes: undefined, isInMemory: false };

/** The names directly below a directory, in order. */
export function namesIn(disk: Disk, directory: string): readonly string[] {
  const base = directory === "/" ? "/" : `${directory}/`;
  const found = new Set<string>();
  const collect = (path: string): void => {
    if (!path.startsWith(base)) return;
    const name = path.slice(base.length).split("/")[0];
    if (name !== undefined && name !== "") found.add(name);
  };
  forEach(disk.root, (_, path) => collect(path));
  for (const mount of disk.mounts) {
    collect(mount.path);
    const prefix = mount.path === "/" ? "" : mount.path;
    forEach(get(disk.volumes, mount.volume)?.files ?? null, (_, path) => {
      const below = relativeTo(mount, path);
      if (below !== undefined) collect(`${prefix}${below}`);
    });
  }
  return [...found].toSorted();
}

function relativeTo(mount: Mount, path: string): string | undefined {
  if (mount.subPath === "") return path;
  const base = `/${mount.subPath}`;
  if (path === base) return "";
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}

/** How many bytes of a volume, or of the container's own layer, are in use. */
export function usageOf(files: Files): number {
  let sum = 0;
  forEach(files, (file) => {
    sum += file.sizeBytes;
  });
  return sum;
}

function placeOf(disk: Disk, path: string): Place {
  let best: Mount | undefined;
  for (const mount of disk.mounts) {
    const isBelow = path === mount.path || path.startsWith(mount.path === "/" ? "/" : `${mount.path}/`);
    if (isBelow && (best === undefined || mount.path.length > best.path.length)) best = mount;
  }
  if (best === undefined) return { mount: undefined, path };
  const below = path.slice(best.path.length);
  return { mount: best, path: best.subPath === "" ? below : `/${best.subPath}${below}` };
}

/** An absolute path without `.`, `..` and double slashes. */
export function absolutePath(workingDirectory: string, path: string): string {
  const parts: string[] = [];
  const whole = path.startsWith("/") ? path : `${workingDirectory}/${path}`;
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
