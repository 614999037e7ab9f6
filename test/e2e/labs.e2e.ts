import { grade, labs } from "@workbook/labs";
import { chapter, expect, labOf, screenOf, startLab, test, type } from "./page.ts";

test.describe("a learner solves every lab of the chapter", () => {
  for (const lab of labs) {
    test(lab.id, async ({ page }) => {
      await page.goto(chapter);
      const box = labOf(page, lab.id);
      await startLab(box, lab.solution.answers);
      for (const [path, text] of Object.entries(lab.solution.files)) {
        await box.getByRole("button", { name: path }).click();
        await box.getByLabel(path, { exact: true }).fill(text);
      }
      for (const line of lab.handIn) await type(box, line);
      await type(box, "kubectl get pods");
      await expect(screenOf(box)).toContainText(/NAME|No resources/);
      await box.getByRole("button", { name: "Next event" }).click();
      await box.getByRole("button", { name: "Check my answer" }).click();
      await expect(box.locator(".wb-verdict")).toContainText("All checks passed");
      // The same digest in Chromium and in Node: the same world, to the last draw of chance.
      await expect(box.locator(".wb-verdict")).toHaveAttribute("data-digest", grade(lab, lab.solution).digest);
      await page.reload();
      await expect(labOf(page, lab.id).locator(".lab-solved")).toBeVisible();
    });
  }
});

test("an untouched answer fails, check by check, with what to do next", async ({ page }) => {
  await page.goto(chapter);
  const box = labOf(page, "probes/slow-starter");
  await startLab(box);
  await box.getByRole("button", { name: "Check my answer" }).click();
  const failed = box.locator('[data-state="failed"]').first();
  await expect(failed).toBeVisible();
  await expect(failed).toContainText("Expected");
  await expect(failed).toContainText("Next");
  await expect(box.locator(".wb-story li").first()).toBeVisible();
});
