import { quizzes } from "@workbook/labs";
import type { Locator } from "@playwright/test";
import { chapter, expect, test } from "./page.ts";

type Item = (typeof quizzes)[number]["items"][number];

/** Answers one question right or wrong, by its kind. */
async function answer(form: Locator, item: Item, isRight: boolean): Promise<void> {
  switch (item.kind) {
    case "single":
    case "predict-output":
    case "predict-run":
      await form.locator(`input[value="${item.options.find((option) => option.isRight === isRight)?.id}"]`).check();
      break;
    case "multiple":
      for (const option of item.options)
        if (option.isRight === isRight) await form.locator(`input[value="${option.id}"]`).check();
      break;
    case "number":
      await form.locator('input[type="text"]').fill(isRight ? String(item.right) : "987654");
      break;
    case "text":
      await form.locator('input[type="text"]').fill(isRight ? (item.accepted[0] ?? "") : "nonsense");
      break;
    case "match":
      for (const [index, left] of item.left.entries()) {
        const wrong = item.right.find((id) => id !== item.pairs[left]);
        await form
          .locator("select")
          .nth(index)
          .selectOption((isRight ? item.pairs[left] : wrong) ?? "");
      }
      break;
    case "order":
      if (isRight) await sort(form, item);
      break;
  }
  await form.getByRole("button", { name: "Answer", exact: true }).click();
}

/** Moves whatever stands too early down, one place at a time, until every pair stands in its order. */
async function sort(form: Locator, item: Extract<Item, { kind: "order" }>): Promise<void> {
  const order = [...item.steps];
  for (let moves = 0; moves < order.length ** 3; moves++) {
    const broken = item.before.find(([first, second]) => order.indexOf(first) > order.indexOf(second));
    if (broken === undefined) return;
    const at = order.indexOf(broken[1]);
    await form
      .locator(".order-answer li")
      .nth(at)
      .getByRole("button", { name: /^Move down/ })
      .click();
    order.splice(at, 2, order[at + 1] ?? "", order[at] ?? "");
  }
}

for (const quiz of quizzes) {
  test(`every question of ${quiz.chapter} can be got wrong, explained, and got right; the page remembers`, async ({
    page,
  }) => {
    await page.goto(chapter);
    const box = page.locator(`[data-quiz="${quiz.chapter}"]`);
    for (const item of quiz.items) {
      const form = box.locator(`[data-item="${item.id}"]`);
      if (item.kind !== "order") {
        await answer(form, item, false);
        await expect(form.locator(".quiz-feedback li").first()).toBeVisible();
        await form.getByRole("button", { name: "Try again" }).click();
      }
      await answer(form, item, true);
      await expect(form.locator(".quiz-feedback.is-right")).toBeVisible();
    }
    const all = `${quiz.items.length} of ${quiz.items.length} right`;
    await expect(box.locator(".quiz-result")).toHaveText(all);
    await page.reload();
    await expect(page.locator(`[data-quiz="${quiz.chapter}"] .quiz-result`)).toHaveText(all);
    await page.goto("/progress/");
    await expect(page.locator(`[data-quiz="${quiz.chapter}"]`)).toContainText(all);
  });
}

test("not sure is an answer, and is explained", async ({ page }) => {
  await page.goto(chapter);
  const form = page.locator("[data-item]").first();
  await form.getByRole("button", { name: "I am not sure" }).click();
  await expect(form.locator(".quiz-feedback li").first()).toBeVisible();
});
