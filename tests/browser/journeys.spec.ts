/**
 * The main job, end to end: each complete request is typed into the page, read back, submitted.
 */
import { documentsOf, stored, withoutIds } from './api.ts';
import { expectReceipt, expectStep, fill, send } from './form.ts';
import { expect, requestId, signedIn, test } from './harness.ts';
import { type Answer, answers, complete, type Draft, STEPS } from './requests.ts';

for (const { name, draft } of complete) {
  test(`a request is filled, read back, submitted and acknowledged: ${name}`, async ({ page }) => {
    await signedIn(page);
    await page.goto('?demande=nouvelle');
    await fill(page, draft);

    await expectStep(page, 'review');
    const main = page.getByRole('main');
    for (const text of typedTexts(draft)) await expect(main).toContainText(text);
    for (const document of documentsOf(draft)) await expect(main).toContainText(document.name);

    await send(page);
    const number = await expectReceipt(page);
    const held = await stored(page, requestId(page));
    expect(held.state).toBe('submitted');
    expect(withoutIds(held.draft)).toEqual(withoutIds(draft));
    expect(held.number).toBe(number);
  });
}

/** The texts of a draft, line by line and without the spaces that HTML folds. */
function typedTexts(draft: Draft): string[] {
  // Choices are read back by their name; numbers and dates are written out.
  const isTyped = ([path, answer]: [string, Answer]): boolean =>
    typeof answer === 'string' &&
    !/\.(kind|private_basis|level|launch_date|yearly_volume|retention_months)$/.test(path);
  return STEPS.flatMap((step) => answers(draft, step))
    .filter(isTyped)
    .flatMap(([, answer]) => String(answer).split('\n'))
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}
