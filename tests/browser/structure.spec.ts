/**
 * What assistive technology is told of each step: its tree, compared with a snapshot to read.
 */
import { store } from './api.ts';
import { expectStep, goOn, REFUSED } from './form.ts';
import { expect, signIn, test } from './harness.ts';
import { request, STEPS } from './requests.ts';

test.beforeEach(async ({ page }) => signIn(page));

for (const step of STEPS) {
  test(`the step ${step} is told as it should be: empty`, async ({ page }) => {
    await page.goto(`?demande=${await store(page, {})}&etape=${step}`);
    await expectStep(page, step);
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${step}-empty.aria.yml` });
  });

  test(`the step ${step} is told as it should be: filled`, async ({ page }) => {
    await page.goto(`?demande=${await store(page, request('state-migration').draft)}&etape=${step}`);
    await expectStep(page, step);
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${step}-filled.aria.yml` });
  });
}

test('a refused step is told as it should be', async ({ page }) => {
  const { draft } = request('incomplete-people');
  await page.goto(`?demande=${await store(page, draft)}&etape=people`);
  await expectStep(page, 'people');
  await goOn(page);
  await expect(page).toHaveTitle(REFUSED);
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'people-refused.aria.yml' });
});
