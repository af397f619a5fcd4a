/**
 * A submitted request on paper: the answers, and nothing of the screen around them.
 */
import { store } from './api.ts';
import { expectReceipt, openRequest, send } from './form.ts';
import { expect, signedIn, test } from './harness.ts';
import { request } from './requests.ts';

test('the request prints on A4 without navigation or buttons', async ({ page }) => {
  await signedIn(page);
  await openRequest(page, await store(page, request('town-hall').draft), 'review');
  await send(page);
  await expectReceipt(page);

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const role of ['navigation', 'button'] as const) await expect(page.getByRole(role)).toHaveCount(0);
  for (const heading of ['L’organisation', 'Le projet', 'Les données', 'Les personnes', 'Les engagements']) {
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  }
  const [background, width] = await page.evaluate(() => [
    getComputedStyle(document.body).backgroundColor,
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
  ]);
  expect(['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)']).toContain(background);
  expect(width).toBe(0);
  expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-');
});
