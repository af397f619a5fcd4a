/**
 * Back and forward: the page that comes back is the one that was left, alive, where browsers may keep it. Automation switches
 * that off; here it is on. Chromium without windows has no such cache, and none keeps a page that came with who is signed in.
 */
import { browser } from './browser.ts';
import { control, expectStep } from './form.ts';
import { expect, signedIn, test } from './harness.ts';
import { begin, test as staticTest } from './static.ts';

const launchOptions = { ...browser.launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] };
test.use({ launchOptions });
staticTest.use({ launchOptions });

staticTest('a page that is gone back to is the one that was left', async ({ page }) => {
  await begin(page);
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { cameBack: persisted }));
  });
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await page.goto('?page=aide');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aide');
  await page.evaluate(() => history.back());
  await expectStep(page, 'organisation');
  expect(
    await page.evaluate(() => (window as unknown as { cameBack?: boolean }).cameBack),
    'the page was kept alive',
  ).toBe(true);
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
});

test('nothing of the page runs when garbage is collected, which would throw it out of what is kept', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const made: string[] = [];
    Object.assign(globalThis, { made });
    globalThis.FinalizationRegistry = new Proxy(FinalizationRegistry, {
      construct(registry, rest) {
        made.push(String(new Error().stack));
        return Reflect.construct(registry, rest) as object;
      },
    });
  });
  await signedIn(page);
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  expect(await page.evaluate(() => (globalThis as unknown as { made: string[] }).made)).toEqual([]);
});
