import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { InvalidInput } from "./invalid.ts";
import { DEPTH_MAX, FILE_BYTES_MAX, FILES_MAX, FOLDERS_MAX } from "./limits.ts";

/** The file that says which lab a folder answers. */
export const MARKER = "workbook.yaml";
export const ANSWERS = "answers.yaml";
export const COMMANDS = "commands.sh";

/** A submission as it lies on disk: text by file name, nothing understood yet. */
export interface Folder {
  /** As the user would type it. */
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Reads the files of one folder. What is not a plain text file of its own is refused by name: links, devices, binaries. */
export function readFolder(path: string): Folder {
  const files: Record<string, string> = {};
  const entries = list(path).filter((entry) => !isIgnored(entry));
  if (entries.length > FILES_MAX) {
    throw new InvalidInput(`a submission has at most ${FILES_MAX} files, this folder has ${entries.length}`, {
      file: path,
    });
  }
  for (const entry of entries) files[entry.name] = readText(join(path, entry.name));
  return { path, files };
}

/** Hidden entries and folders are no part of a submission; a link is, so that it is refused. */
function isIgnored(entry: Dirent): boolean {
  if (entry.isSymbolicLink()) return false;
  return entry.name.startsWith(".") || entry.isDirectory();
}

function list(path: string): readonly Dirent[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    throw new InvalidInput(`cannot read the folder: ${codeOf(error)}`, { file: path });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

/** One file as text. */
export function readText(path: string, bytesMax: number = FILE_BYTES_MAX): string {
  const stat = statOf(path);
  if (stat.isSymbolicLink()) throw new InvalidInput("is a link; a submission holds plain files only", { file: path });
  if (!stat.isFile()) throw new InvalidInput("is not a plain file", { file: path });
  if (stat.nlink > 1)
    throw new InvalidInput("is a hard link; a submission holds files of its own only", { file: path });
  if (stat.size > bytesMax) {
    throw new InvalidInput(`has ${stat.size} bytes; at most ${bytesMax} are read`, { file: path });
  }
  return decode(path, readFileSync(path));
}

function statOf(path: string): ReturnType<typeof lstatSync> & object {
  try {
    return lstatSync(path);
  } catch (error) {
    throw new InvalidInput(`cannot be read: ${codeOf(error)}`, { file: path });
  }
}

function decode(path: string, bytes: Buffer): string {
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new InvalidInput(`is binary: byte ${zero + 1} is zero`, { file: path });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new InvalidInput("is not UTF-8 text", { file: path });
  }
}

/** The submission folders below a path: those with a marker, or whose last two names are those of a lab. */
export function findFolders(root: string, isLab: (id: string) => boolean): readonly string[] {
  const found: string[] = [];
  let queue: readonly { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }];
  for (let opened = 0; queue.length > 0; opened++) {
    const [next, ...others] = queue;
    if (next === undefined) break;
    if (opened >= FOLDERS_MAX)
      throw new InvalidInput(`more than ${FOLDERS_MAX} folders; name a smaller one`, { file: root });
    const entries = list(next.path);
    if (isSubmission(next.path, entries, isLab)) found.push(next.path);
    const below = next.depth < DEPTH_MAX ? entries.filter(isWalked) : [];
    queue = [...others, ...below.map((entry) => ({ path: join(next.path, entry.name), depth: next.depth + 1 }))];
  }
  return found;
}

function isWalked(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules";
}

function isSubmission(path: string, entries: readonly Dirent[], isLab: (id: string) => boolean): boolean {
  if (entries.some((entry) => entry.name === MARKER)) return true;
  return isLab(nameOf(path)) && entries.some((entry) => entry.name.endsWith(".yaml"));
}

/** `probes/slow-starter` for a folder of that name. */
export function nameOf(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

/** The path as it is shown: relative to where the user stands, when it is below. */
export function shownPath(path: string, workingDirectory: string): string {
  const short = relative(workingDirectory, path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
