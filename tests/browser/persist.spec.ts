/**
 * The browser is asked to hold on to what it keeps once there is something that nobody else has, and never before.
 */
import type { Page } from '@playwright/test';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { fillAndSave, fillUnsaved, open } from './draft.ts';
import { expect, expectSaved, signIn, unreliable as test } from './harness.ts';
import { SAVES } from './network.ts';
import { element, openStepOf, test as inPortal } from './portal.ts';

/** Counts how often the page asks, and has each refused. */
async function count(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    Object.assign(globalThis, { asked: 0 });
    StorageManager.prototype.persist = () => {
      (globalThis as unknown as { asked: number }).asked += 1;
      return Promise.reject(new TypeError('refused'));
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { asked: number }).asked);
}

test('storage that stays is asked for once, when something cannot be sent', async ({ page, network }) => {
  tolerate(NO_ANSWER);
  const asked = await count(page);
  await signIn(page);
  await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  expect(await asked()).toBe(0);
  network.meet(SAVES, 'lost');
  await fillUnsaved(page, 'project.name', 'Guichet des familles');
  await expect.poll(asked).toBe(1);
  network.up();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expectSaved(page);
  network.meet(SAVES, 'lost');
  await fillUnsaved(page, 'project.name', 'Guichet');
  expect(await asked()).toBe(1);
});

test('a browser that knows no such thing is none the worse', async ({ page, network }) => {
  tolerate(NO_ANSWER);
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'storage', { get: () => undefined }));
  await open(page);
  network.meet(SAVES, 'lost');
  await fillUnsaved(page, 'project.name', 'Guichet');
  network.up();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expectSaved(page);
});

inPortal('the storage of a portal is the portal’s', async ({ page, portal }) => {
  tolerate(/ERR_FAILED/);
  const asked = await count(page);
  await openStepOf(page, portal);
  await page.route(/api\/requests\/[^/]+$/, (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await element(page).locator('[name="project.name"]').fill('Carte');
  await expect(element(page).locator('.save-status')).toContainText('gardé sur cet appareil');
  expect(await asked()).toBe(0);
  await page.unroute(/api\/requests\/[^/]+$/);
});
