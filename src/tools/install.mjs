// Installs what the lock file names and node_modules lacks, so that `npm start` and `npm test` work on a fresh clone.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PlainError, root, run } from "./run.mjs";

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} Locked */

/** Does nothing, quickly, when everything is there. */
export async function ensureInstalled() {
  const missing = findMissing();
  if (missing.length === 0) return;
  const fresh = !existsSync(join(root, "node_modules"));
  console.log(fresh ? "Installing dependencies …" : `Installing ${missing.length} changed dependencies …`);
  // `npm ci` on a fresh clone; otherwise only the difference, without touching package.json or the lock file.
  const args = fresh ? ["ci"] : ["install", "--no-save"];
  const code = await run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { NODE_ENV: "development" });
  if (code !== 0) throw new PlainError(`npm ${args[0]} failed with exit code ${code}: see its lines above.`);
}

/** @returns {string[]} packages of the lock file that node_modules has not, or has in another version */
function findMissing() {
  const wanted = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  return Object.entries(wanted)
    .filter(([path, entry]) => path.startsWith("node_modules/") && !isPresent(entry, present[path]))
    .map(([path]) => path);
}

/**
 * An optional package may be absent on purpose: it is for another system.
 * @param {Locked} wanted
 * @param {Locked | undefined} present
 */
function isPresent(wanted, present) {
  if (present === undefined) return wanted.optional === true;
  return wanted.link === true || (wanted.version === present.version && wanted.integrity === present.integrity);
}

/**
 * @param {string} file
 * @returns {Record<string, Locked>}
 */
function readPackages(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}
