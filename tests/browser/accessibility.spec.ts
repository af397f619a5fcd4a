/**
 * What axe can see, on every page and on every step, in each of its states.
 */
import { store } from './api.ts';
import { expectReceipt, goOn, openRequest, REFUSED, send } from './form.ts';
import { axe, expect, expectNoSidewaysScroll, expectWellMade, signedIn, test } from './harness.ts';
import { PAGES } from './places.ts';
import { complete, request, STEPS } from './requests.ts';

test.beforeEach(async ({ page }) => signedIn(page));

for (const [name, address] of Object.entries(PAGES)) {
  test(`the page ${name} has nothing for axe to say and fits a phone`, async ({ page }) => {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
    await expectWellMade(page);
  });
}

for (const step of STEPS) {
  test(`the step ${step} has nothing for axe to say and fits a phone: empty, with errors, filled`, async ({ page }) => {
    await openRequest(page, await store(page, {}), step);
    await expectWellMade(page);
    await (step === 'review' ? send(page) : goOn(page));
    await expect(page).toHaveTitle(REFUSED);
    await expectWellMade(page);
    await openRequest(page, await store(page, request('digital-health').draft), step);
    await expectWellMade(page);
  });
}

test('nothing runs out of a phone with text enlarged twice', async ({ page }) => {
  const id = await store(page, {});
  const addresses = [...Object.values(PAGES), ...STEPS.map((step) => `?demande=${id}&etape=${step}`)];
  await page.setViewportSize({ width: 320, height: 800 });
  for (const address of addresses) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expectNoSidewaysScroll(page);
    const send = page.getByRole('button', { name: /^(Suivant|Envoyer la demande)$/ });
    if ((await send.count()) === 0) continue;
    await send.click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});

test('a submitted request has nothing for axe to say and fits a phone', async ({ page }) => {
  await openRequest(page, await store(page, request('town-hall').draft), 'review');
  await send(page);
  await expectReceipt(page);
  await expectWellMade(page);
});

test('a list of requests in each state has nothing for axe to say', async ({ page }) => {
  for (const { draft } of complete) await store(page, draft);
  await page.goto('?page=demandes');
  await expect(page.getByRole('main')).toContainText('Guichet citoyen');
  await axe(page);
});

test('forced colours, without motion, seen at 400 %: a step still fits', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  // 1280 pixels seen at 400 % are 320.
  await page.setViewportSize({ width: 320, height: 256 });
  await openRequest(page, await store(page, request('incomplete-people').draft), 'people');
  await expectNoSidewaysScroll(page);
  await axe(page);
});
