import { defineConfig } from "@playwright/test";

/** The browser tests: a built site (`npm run build`), the machine's Chromium, one worker so that timing is honest. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.e2e.ts",
  globalSetup: "./serve.ts",
  outputDir: "../../test-results",
  workers: 1,
  // One page in some tens stands still on a busy machine; what fails three times has failed.
  retries: 2,
  timeout: 60_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    baseURL: process.env["E2E_URL"] ?? "http://localhost:4173",
    viewport: { width: 1280, height: 860 },
    serviceWorkers: "block",
    permissions: ["clipboard-read", "clipboard-write"],
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ],
    },
  },
});
