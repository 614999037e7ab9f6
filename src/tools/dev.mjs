// `npm run dev`: the site with hot reload, for authors. Search and offline use need a build (`npm start`).
import { join } from "node:path";
import { ensureInstalled } from "./install.mjs";
import { findNode, nodeEnv } from "./node.mjs";
import { main, root, run } from "./run.mjs";
import { chosenPort } from "./serve-site.mjs";

await main(async () => {
  await ensureInstalled();
  const node = findNode();
  const docusaurus = join(root, "node_modules/@docusaurus/core/bin/docusaurus.mjs");
  process.exitCode = await run(node, [docusaurus, "start", "--port", String(chosenPort()), "--no-open"], nodeEnv(node));
});
