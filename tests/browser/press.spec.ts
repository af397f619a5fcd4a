/**
 * A press that leaves a field with a wrong answer does what is pressed: the error, which moves the rest of the page, shows afterwards.
 */
import type { Locator, Page } from '@playwright/test';
import { store } from './api.ts';
import { control, expectStep, openRequest, REFUSED } from './form.ts';
import { expect, signedIn, test, told, words } from './harness.ts';
import { request } from './requests.ts';

const PHONE = 'organisation.applicant.phone';
const TOLD = words(/Téléphone : /);

/** Types a wrong answer into the last field of the first step, and answers what has the focus and the button below. */
async function wrong(page: Page): Promise<[Locator, Locator]> {
  await page.setViewportSize({ width: 320, height: 640 });
  await signedIn(page);
  await openRequest(page, await store(page, request('town-hall').draft), 'organisation');
  return typed(page, PHONE, page.getByRole('button', { name: 'Suivant' }));
}

async function typed(page: Page, path: string, below: Locator): Promise<[Locator, Locator]> {
  const field = control(page, path);
  await field.fill('');
  await field.pressSequentially('12');
  await below.scrollIntoViewIfNeeded();
  return [field, below];
}

/** The middle of an element, where it stands now. */
async function middle(of: Locator): Promise<[number, number]> {
  const box = await of.boundingBox();
  if (!box) throw new Error('nothing is there');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function expectRefused(page: Page, field: Locator): Promise<void> {
  await expect(page).toHaveTitle(REFUSED);
  await expect(page.locator(':focus')).toContainText('Erreur : une réponse est à donner ou à corriger');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
}

test('a button that is pressed at once acts, and what is wrong is told while it is pressed', async ({ page }) => {
  const [field, button] = await wrong(page);
  await page.mouse.move(...(await middle(button)));
  const before = await middle(button);
  await page.mouse.down();
  await expect(told(page)).toContainText(TOLD);
  await expect(field).not.toHaveAttribute('aria-invalid');
  expect(await middle(button)).toEqual(before);
  await page.mouse.up();
  await expectRefused(page, field);
});

test('a link that is pressed at once leads on, and the field is wrong when one comes back', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signedIn(page);
  await openRequest(page, await store(page, request('town-hall').draft), 'people');
  const path = 'people.technical.phone';
  const [, link] = await typed(page, path, page.getByRole('link', { name: 'Précédent' }));
  await page.mouse.move(...(await middle(link)));
  await page.mouse.down();
  await page.mouse.up();
  await expectStep(page, 'legal');
  await page.goBack();
  await expectStep(page, 'people');
  await expect(control(page, path)).toHaveAttribute('aria-invalid', 'true');
});

test('a press that ends elsewhere does nothing, and the error shows', async ({ page }) => {
  const [field, button] = await wrong(page);
  await page.mouse.move(...(await middle(button)));
  await page.mouse.down();
  const [x, y] = await middle(button);
  await page.mouse.move(x, y - 120, { steps: 5 });
  await expect(told(page)).toContainText(TOLD);
  await expect(field).not.toHaveAttribute('aria-invalid');
  await page.mouse.up();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page).not.toHaveTitle(REFUSED);
});

test('an error shows when the window is left while the pointer is pressed', async ({ page }) => {
  const [field, button] = await wrong(page);
  await page.mouse.move(...(await middle(button)));
  await page.mouse.down();
  await expect(told(page)).toContainText(TOLD);
  await expect(field).not.toHaveAttribute('aria-invalid');
  await page.evaluate(() => dispatchEvent(new Event('blur')));
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await page.mouse.up();
});

test('a field that is left by keyboard shows its error before anything else is pressed', async ({ page }) => {
  const [field, button] = await wrong(page);
  // A press within the field leaves nothing.
  await field.click();
  await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(told(page)).toContainText(TOLD);
  await page.keyboard.press('Enter');
  await expectRefused(page, field);
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true });

  test('a button that is tapped at once acts', async ({ page }) => {
    const [field, button] = await wrong(page);
    await page.touchscreen.tap(...(await middle(button)));
    await expectRefused(page, field);
  });
});
