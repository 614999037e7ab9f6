// `npm start`: installs what is missing, builds the site, serves it, and prints the address last.
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { main } from "./run.mjs";
import { chosenPort, serveSite } from "./serve-site.mjs";

await main(async () => {
  const port = chosenPort();
  await serveSite(port); // First, so that a busy port is said at once and not after the build.
  try {
    await ensureInstalled();
    await ensureBuilt();
  } catch (error) {
    process.exitCode = 1;
    setImmediate(() => process.exit());
    throw error;
  }
  console.log(`kube-workbook is ready: http://localhost:${port}/`);
});
