import { chapter, expect, labOf, screenOf, startLab, test, type } from "./page.ts";

const id = "probes/slow-starter";

test("time stands still, steps, runs, and goes back", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  const clock = lab.locator(".wb-clock");
  const now = async (): Promise<number> => Number(await clock.getAttribute("data-now"));
  expect(await now()).toBe(0);
  await lab.getByRole("button", { name: "+1 s" }).click();
  await expect.poll(now).toBe(1000);
  await type(lab, "kubectl apply -f app.yaml");
  await lab.getByRole("button", { name: "20×" }).click();
  await expect.poll(now).toBeGreaterThan(20_000);
  await lab.getByRole("button", { name: "Pause" }).click();
  await page.waitForTimeout(300);
  const paused = await now();
  await page.waitForTimeout(500);
  expect(await now()).toBe(paused);
  await lab.locator(".wb-at").first().click();
  await expect.poll(now).toBeLessThan(paused);
  await expect(lab.getByText("You look at")).toBeVisible();
  await lab.getByRole("button", { name: "Back to the newest" }).click();
  await expect.poll(now).toBe(paused);
});

test("the picture, the table and the log speak of the same Pods", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  await type(lab, "kubectl apply -f app.yaml");
  await lab.getByRole("button", { name: "20×" }).click();
  await expect(lab.locator(".wb-pod-name").first()).toBeVisible();
  await lab.getByRole("button", { name: "Pause" }).click();
  const names = await lab.locator(".wb-pod-name").allTextContents();
  await lab.getByRole("button", { name: "Table" }).click();
  for (const name of names) {
    await expect(lab.getByRole("rowheader", { name })).toBeVisible();
    await expect(lab.locator(".wb-lines")).toContainText(name);
  }
});

test("the terminal edits, recalls, completes and stops", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  const input = lab.locator(".xterm-helper-textarea");
  const screen = screenOf(lab);
  await type(lab, "kubectl get nodes");
  await expect(screen).toContainText("worker-1");
  const tables = async (): Promise<number> => (await screen.textContent())?.match(/STATUS/g)?.length ?? 0;
  const before = await tables();
  await input.press("ArrowUp");
  await input.press("Enter");
  await expect.poll(tables).toBeGreaterThan(before);
  await input.pressSequentially("kubectl get nod");
  await input.press("Tab");
  await expect(screen).toContainText(/kubectl get nodes?/);
  await input.press("Control+c");
  await type(lab, "kubectl get pods -w");
  await page.waitForTimeout(500);
  await input.press("Control+c");
  await type(lab, "echo still-alive");
  await expect(screen).toContainText("still-alive");
});

test("the big editor completes and complains about YAML", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  await lab.getByRole("button", { name: "Editor with completion" }).click();
  await expect(lab.locator(".monaco-editor .view-line").first()).toBeVisible();
  await page.evaluate(() =>
    navigator.clipboard.writeText("apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: many\n"),
  );
  await lab.locator(".monaco-editor").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
  await expect(lab.locator(".wb-problems")).toContainText(/integer/);
  await page.keyboard.press("Tab");
  await expect(lab.locator(".monaco-editor.focused")).toHaveCount(0);
});

test("on a phone a text area takes the editor's place, and nothing runs over the edge", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  await expect(lab.locator("textarea.wb-text")).toBeVisible();
  await expect(lab.getByRole("button", { name: "Editor with completion" })).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
    0,
  );
});

test("starting over brings the files and the clock back", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  page.on("dialog", (dialog) => void dialog.accept());
  const text = lab.locator("textarea.wb-text");
  const before = await text.inputValue();
  await text.fill("# nothing\n");
  await lab.getByRole("button", { name: "+1 s" }).click();
  await lab.getByRole("button", { name: "Start over" }).click();
  await expect(text).toHaveValue(before);
  await expect(lab.locator(".wb-clock")).toHaveAttribute("data-now", "0");
});

test("a recording can be downloaded", async ({ page }) => {
  await page.goto(chapter);
  const lab = labOf(page, id);
  await startLab(lab);
  const download = page.waitForEvent("download");
  await lab.getByRole("button", { name: "Download recording" }).click();
  expect((await download).suggestedFilename()).toBe("probes.slow-starter.recording.json");
});
