/**
 * What is typed in the element is the element's: no shortcut of the portal hears of it. Other keys are the portal's as ever.
 */
import type { Page } from '@playwright/test';
import { drop } from './form.ts';
import { expect } from './harness.ts';
import { element, openStepOf, test } from './portal.ts';

const FIELD = '[name="project.launch_date"]';

/** Opens a step with fields of each kind, and listens to all that the portal's page hears of keys. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    const names = [
      'keydown',
      'keypress',
      'keyup',
      'beforeinput',
      'input',
      'paste',
      'cut',
      'copy',
      'compositionstart',
      'compositionend',
    ];
    for (const name of names) {
      document.addEventListener(name, (event) => heard.push(`${name} ${(event as KeyboardEvent).key ?? ''}`.trim()));
    }
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0));
}

test.beforeEach(async ({ page, portal }) => {
  await openStepOf(page, portal);
});

test('a date is typed as it is, though the portal opens its search at a slash', async ({ page }) => {
  const field = element(page).locator(FIELD);
  await field.pressSequentially('01/09/2031');
  await expect(field).toHaveValue('01/09/2031');
  await expect(field).toBeFocused();
  // On a button, the same key is the portal's.
  await element(page).getByRole('button', { name: 'Suivant' }).focus();
  await page.keyboard.press('/');
  await expect(page.locator('#organisation')).toBeFocused();
});

test('nothing that is typed, erased, pasted or put together in a field is heard outside', async ({ page }) => {
  const heard = await listen(page);
  for (const path of ['project.launch_date', 'project.description']) {
    await element(page).locator(`[name="${path}"]`).focus();
    await heard();
    for (const key of [
      'a',
      '/',
      '?',
      'Shift+S',
      'Space',
      'Backspace',
      'Delete',
      'ArrowLeft',
      'Home',
      'Escape',
      'Control+a',
      'Control+c',
      'Control+x',
      'Control+v',
      'Control+z',
    ]) {
      await page.keyboard.press(key);
    }
    await page.keyboard.insertText('É に');
    const out = (await heard()).filter((name) => !/^key\w+ (Control|Shift)$/.test(name));
    expect(out, path).toEqual([]);
  }
  // A box that is ticked by its space bar.
  await element(page).locator('input[type=radio]').first().focus();
  await heard();
  await page.keyboard.press('Space');
  expect(await heard()).toEqual([]);
});

test('shortcuts of no use in a field, and keys elsewhere in the element, are the portal’s', async ({ page }) => {
  const heard = await listen(page);
  await element(page).locator(FIELD).focus();
  await page.keyboard.press('Control+k');
  expect(await heard()).toContain('keydown k');
  await element(page).getByRole('button', { name: 'Suivant' }).focus();
  await heard();
  await page.keyboard.press('g');
  expect(await heard()).toEqual(['keydown g', 'keypress g', 'keyup g']);
});

test('a file dropped inside the element, beside the place for files, does not open; outside, the portal decides', async ({
  page,
}) => {
  expect(await drop(page.locator('#first .h1').first())).toEqual([true, true]);
  expect(await drop(page.locator('#title'))).toEqual([false, false]);
});
