import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{engine,labs,src,test}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "test/e2e/**"],
    environment: "node",
    testTimeout: 60_000,
    setupFiles: ["test/property-seed.ts"],
  },
});
