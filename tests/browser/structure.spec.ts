/**
 * What assistive technology is told of each step: its tree, word for word, in snapshots to read.
 */
import type { Page } from '@playwright/test';
import { store } from './api.ts';
import { goOn, openRequest, REFUSED } from './form.ts';
import { expect, signedIn, test } from './harness.ts';
import { type Draft, request, type Step, STEPS } from './requests.ts';

test.beforeEach(async ({ page }) => signedIn(page));

for (const step of STEPS) {
  test(`the step ${step} is told as it should be: empty`, async ({ page }) => {
    await open(page, {}, step);
    expect(await tree(page)).toMatchSnapshot(`${step}-empty.yml`);
  });

  test(`the step ${step} is told as it should be: filled`, async ({ page }) => {
    await open(page, request('state-migration').draft, step);
    expect(await tree(page)).toMatchSnapshot(`${step}-filled.yml`);
  });
}

test('a refused step is told as it should be', async ({ page }) => {
  await open(page, request('incomplete-people').draft, 'people');
  await goOn(page);
  await expect(page).toHaveTitle(REFUSED);
  expect(await tree(page)).toMatchSnapshot('people-refused.yml');
});

async function open(page: Page, draft: Draft, step: Step): Promise<void> {
  await openRequest(page, await store(page, draft), step);
  await expect(page.getByText('Qui participe à cette demande ?')).toBeVisible();
}

/** The tree of the page without the addresses of links, which name the request. */
async function tree(page: Page): Promise<string> {
  const whole = await page.getByRole('main').ariaSnapshot();
  return `${whole.replaceAll(/:\n *- \/url: .*/g, '')}\n`;
}
