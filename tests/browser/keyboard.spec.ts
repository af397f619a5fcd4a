/**
 * The whole form by keyboard alone: no mouse, no script that puts the focus where it suits.
 */
import type { Page } from '@playwright/test';
import { stored } from './api.ts';
import { control, expectReceipt, expectStep } from './form.ts';
import { expect, requestId, signedIn, test } from './harness.ts';
import { answers, request, STEPS } from './requests.ts';

/** More stops than any page has. */
const MANY = 80;

test('a request is filled and submitted by keyboard', async ({ page }) => {
  const { draft } = request('state-migration');
  await signedIn(page);
  await page.goto('?page=demandes');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await tabTo(page, (node) => /Commencer une demande/.test(node.textContent ?? ''));
  await page.keyboard.press('Enter');

  for (const [place, step] of STEPS.entries()) {
    await expect(
      control(page, 'organisation.siret')
        .or(page.getByRole('heading', { level: 1 }))
        .first(),
    ).toBeVisible();
    const nextStep = STEPS[place + 1];
    if (nextStep === undefined) break;
    for (const [path, answer] of answers(draft, step)) {
      if (answer === null || answer === '' || (await control(page, path).count()) === 0) continue;
      if (Array.isArray(answer)) {
        for (const value of answer) {
          if (typeof value !== 'string') continue;
          await tabToControl(page, path, value);
          await page.keyboard.press('Space');
        }
      } else if ((await control(page, path).first().getAttribute('type')) === 'radio') {
        await tabToControl(page, path);
        await page.keyboard.press('Space');
        const values = await control(page, path).evaluateAll((radios: HTMLInputElement[]) =>
          radios.map(({ value }) => value),
        );
        for (let move = values.indexOf(String(answer)); move > 0; move -= 1) await page.keyboard.press('ArrowDown');
        await expect(control(page, path, String(answer))).toBeChecked();
      } else if (answer === true) {
        await tabToControl(page, path);
        await page.keyboard.press('Space');
        await expect(control(page, path)).toBeChecked();
      } else {
        await tabToControl(page, path);
        await page.keyboard.press('Control+a');
        await page.keyboard.insertText(String(answer));
      }
    }
    await tabTo(page, (node) => node instanceof HTMLButtonElement && node.textContent?.trim() === 'Suivant');
    await page.keyboard.press('Enter');
    await expectStep(page, nextStep);
  }

  await tabTo(page, (node) => node instanceof HTMLButtonElement && /Envoyer la demande/.test(node.textContent ?? ''));
  await page.keyboard.press('Enter');
  await expectReceipt(page);
  expect((await stored(page, requestId(page))).draft).toEqual(draft);
});

test('every stop of every step shows where the focus is', async ({ page }) => {
  await signedIn(page);
  await page.goto('?demande=nouvelle');
  await expect(control(page, 'organisation.siret')).toBeVisible();
  const bare: string[] = [];
  for (let stop = 0; stop < MANY; stop += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const around = node.closest('label');
      const ring = around ? getComputedStyle(around) : null;
      const shown =
        (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) ||
        (ring !== null && ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2);
      return { shown, name: node.outerHTML.slice(0, 120) };
    });
    if (seen === null) break;
    if (!seen.shown) bare.push(seen.name);
  }
  expect(bare).toEqual([]);
});

/** Presses Tab until the focus is on the control of a field. */
async function tabToControl(page: Page, path: string, value?: string): Promise<void> {
  for (let stop = 0; stop < MANY; stop += 1) {
    const there = await page.evaluate(
      ([name, wanted]) => {
        const node = document.activeElement;
        return node?.getAttribute('name') === name && (wanted === null || node.getAttribute('value') === wanted);
      },
      [path, value ?? null] as const,
    );
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${path} cannot be reached with the Tab key`);
}

/** Presses Tab until the focus is on an element that fits. */
async function tabTo(page: Page, fits: (node: Element) => boolean): Promise<void> {
  for (let stop = 0; stop < MANY; stop += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(':focus').evaluate(fits)) return;
  }
  throw new Error(`${fits} cannot be reached with the Tab key`);
}
