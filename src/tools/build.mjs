// Builds the site into build/, unless the same sources have been built already.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { findNode, nodeEnv } from "./node.mjs";
import { main, PlainError, root, run } from "./run.mjs";

const sources = ["docs", "engine", "labs", "src", "static", "docusaurus.config.ts", "sidebars.ts", "package-lock.json"];
const stamp = join(root, "build", ".stamp");

/** Leaves a build/ that matches the sources. */
export async function ensureBuilt() {
  const digest = digestOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  console.log("Building the site …");
  rmSync(stamp, { force: true });
  const node = findNode();
  const docusaurus = join(root, "node_modules/@docusaurus/core/bin/docusaurus.mjs");
  const code = await run(node, [docusaurus, "build", "--out-dir", "build"], nodeEnv(node));
  if (code !== 0) throw new PlainError(`The site's build failed with exit code ${code}: see its lines above.`);
  writeFileSync(stamp, digest);
}

function digestOfSources() {
  const hash = createHash("sha256").update(process.env["BASE_URL"] ?? "/");
  for (const source of sources) absorb(source);
  return hash.digest("hex");

  /** @param {string} path */
  function absorb(path) {
    const full = join(root, path);
    if (!existsSync(full)) return;
    const names = listFolder(full);
    if (names === undefined) hash.update(path).update("\0").update(readFileSync(full)).update("\0");
    else for (const name of names) absorb(`${path}/${name}`);
  }
}

/** @param {string} path */
function listFolder(path) {
  try {
    return readdirSync(path).toSorted();
  } catch {
    return undefined; // Not a folder.
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await ensureInstalled();
    await ensureBuilt();
  });
}
