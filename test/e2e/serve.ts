import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveSite } from "../../src/tools/serve-site.mjs";

/** Serves the built site on a free port for as long as the tests run. */
export default async function serve(): Promise<void> {
  if (process.env["E2E_URL"] !== undefined) return;
  const port = await freePort();
  await serveSite(port);
  process.env["E2E_URL"] = `http://localhost:${port}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
