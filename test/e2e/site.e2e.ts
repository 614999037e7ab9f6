import { axe, chapter, expect, labOf, startLab, test } from "./page.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on the pages", async ({ page }) => {
      for (const path of ["/", "/progress/", chapter]) {
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        expect(await axe(page)).toEqual([]);
      }
    });

    test("axe finds nothing in a lab in use", async ({ page }) => {
      await page.goto(chapter);
      const lab = labOf(page, "probes/slow-starter");
      await startLab(lab);
      await lab.getByRole("button", { name: "Check my answer" }).click();
      await expect(lab.locator('[data-state="failed"]').first()).toBeVisible();
      await lab.getByRole("button", { name: "Editor with completion" }).click();
      await expect(lab.locator(".monaco-editor .view-line").first()).toBeVisible();
      await page.locator("[data-item]").first().getByRole("button", { name: "I am not sure" }).click();
      expect(await axe(page)).toEqual([]);
    });
  });
}

test("search finds the chapter", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("searchbox", { name: "Search" }).fill("startup probe");
  await expect(page.locator(".search-results a").first()).toBeVisible();
});

test("nothing runs over the edge at 360 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/", "/progress/", chapter]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      path,
    ).toBe(0);
  }
});

test("a chapter loads at most 200 KB of JavaScript", async ({ page }) => {
  let bytes = 0;
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) void response.body().then(async (body) => (bytes += await gzipped(body)));
  });
  await page.goto(chapter);
  await page.waitForLoadState("networkidle");
  expect(bytes).toBeLessThan(200 * 1024);
});

async function gzipped(body: Buffer): Promise<number> {
  const { gzipSync } = await import("node:zlib");
  return gzipSync(body).length;
}

test("damaged progress is said, kept and can be dropped", async ({ page }) => {
  await page.goto("/progress/");
  await page.evaluate(() => localStorage.setItem("workbook.progress", "{broken"));
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("could not be read");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export the damaged copy" }).click();
  expect((await download).suggestedFilename()).toBe("progress-damaged.txt");
  await page.getByRole("button", { name: "Drop the damaged copy" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test.describe("offline", () => {
  test.use({ serviceWorkers: "allow" });

  test("after a visit the chapter opens without a network", async ({ page, context }) => {
    await page.goto(chapter);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.waitForLoadState("networkidle");
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await context.setOffline(false);
  });
});
