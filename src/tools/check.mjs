// `npm run check`: everything that CI runs, fastest first. `--static` leaves the tests out.
import { ensureInstalled } from "./install.mjs";
import { findNode, nodeEnv } from "./node.mjs";
import { main, PlainError, run } from "./run.mjs";

const statics = ["format:check", "types", "lint", "dead", "spell", "markdown"];

await main(async () => {
  await ensureInstalled();
  const env = nodeEnv(findNode());
  const scripts = process.argv.includes("--static") ? statics : [...statics, "test"];
  /** @type {string[]} */
  const failed = [];
  for (const script of scripts) {
    console.log(`== ${script}`);
    if ((await run("npm", ["run", "--silent", script], env)) !== 0) failed.push(script);
  }
  if (failed.length > 0) throw new PlainError(`Failed: ${failed.join(", ")}`);
});
