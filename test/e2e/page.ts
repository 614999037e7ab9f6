import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";

export const chapter = "/life-of-a-pod/probes/";

/** A page that must not complain: an error on the console, a refused file or a request to a foreign host fails the test. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !url.startsWith(baseURL ?? "")) complaints.push(`foreign request: ${url}`);
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
});

export { expect };

export function labOf(page: Page, id: string): Locator {
  return page.locator(`[data-lab="${id}"]`).first();
}

/** Stores the predictions, if the lab asks for some, and waits until the cluster is there. */
export async function startLab(lab: Locator, answers: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const form = lab.locator(".predictions");
  await expect(form.or(lab.getByRole("button", { name: /Start the lab|Go on with the lab/ })).first()).toBeVisible();
  if (await form.count()) {
    const id = (await lab.getAttribute("data-lab")) ?? "";
    for (const [name, answer] of Object.entries(answers)) await predict(form, `${id}-${name}`, String(answer));
    for (const question of await form.locator("fieldset").all()) {
      const isAnswered = (await question.locator("input:checked").count()) > 0 || (await typedIn(question)) !== "";
      if (!isAnswered) await question.locator('input[value="not-sure"]').check();
    }
    await form.getByRole("button", { name: "Store and start" }).click();
  } else {
    await lab.getByRole("button", { name: /Start the lab|Go on with the lab/ }).click();
  }
  await expect(lab.locator("[data-ready]")).toBeVisible();
}

async function typedIn(question: Locator): Promise<string> {
  const field = question.locator('input[type="text"]');
  return (await field.count()) > 0 ? field.inputValue() : "";
}

async function predict(form: Locator, name: string, answer: string): Promise<void> {
  const field = form.locator(`input[name="${name}-number"]`);
  if (await field.count()) await field.fill(answer);
  else await form.locator(`input[name="${name}"][value="${answer}"]`).check();
}

/** Types into the lab's terminal, as a learner would, and waits for the prompt to come back. */
export async function type(lab: Locator, line: string): Promise<void> {
  const input = lab.locator(".xterm-helper-textarea");
  await input.focus();
  await input.pressSequentially(line);
  await input.press("Enter");
}

/** What the terminal shows, read as a screen reader would. */
export function screenOf(lab: Locator): Locator {
  return lab.locator("[data-terminal] .xterm-accessibility");
}

export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
  );
}
