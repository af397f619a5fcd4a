/**
 * Calls that are never answered: what this device has is shown at once, and every wait has an end.
 */
import type { Page } from '@playwright/test';
import { NO_ANSWER, STALE, tolerate } from './complaints.ts';
import { expectStored, fillAndSave, open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, expectSavedInTime, holdClock, line, unreliable as test } from './harness.ts';
import { CALLS, LISTS, READS, SAVES, SUBMISSIONS } from './network.ts';
import { request } from './requests.ts';

test.beforeEach(() => tolerate(NO_ANSWER, STALE));

/** Waits until the page is kept, whole. */
async function expectKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const isKept = async (): Promise<boolean> => (await caches.match(new URL('./', location.href))) !== undefined;
    while (!(await isKept())) await new Promise(requestAnimationFrame);
  });
}

/** Milliseconds after which a page that is opened shows what this device has, whatever the network does. */
const SOON = 3_000;

/** Has each page note when a field first held this answer, in milliseconds since it was opened. */
async function watch(page: Page, field: string, answer: string): Promise<() => Promise<number>> {
  await page.addInitScript(
    ([name, awaited]) => {
      const look = (): void => {
        const control = document.querySelector<HTMLInputElement>(`[name="${name}"]`);
        if (control?.value === awaited && control.checkVisibility())
          Object.assign(globalThis, { shown: performance.now() });
        else requestAnimationFrame(look);
      };
      look();
    },
    [field, answer] as const,
  );
  return () => page.evaluate(() => (globalThis as unknown as { shown: number }).shown);
}

for (const fate of ['silent', 'answer silent', 'head only', 'half'] as const) {
  test(`a request that is asked for and never comes (${fate}) is shown as this device has it, and completed in the end`, async ({
    page,
    network,
  }) => {
    const id = await open(page);
    await fillAndSave(page, 'project.name', 'Guichet citoyen');
    network.meet(READS, fate);
    const shown = await watch(page, 'project.name', 'Guichet citoyen');
    await page.reload();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    expect(await shown()).toBeLessThan(SOON);
    await expect(line(page)).not.toContainText('Enregistré ');
    network.up();
    await fillAndSave(page, 'project.yearly_volume', '4200');
    await expectStored(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
  });
}

test('where nothing at all is answered, whoever was signed in goes on with what this device has', async ({
  page,
  network,
}) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  network.meet(CALLS, 'silent');
  const shown = await watch(page, 'project.name', 'Guichet citoyen');
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  expect(await shown()).toBeLessThan(SOON);
  await control(page, 'project.yearly_volume').fill('4200');
  await page.reload();
  await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  network.up();
  await page.reload();
  await expectSaved(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('a list that is asked for and never comes shows the drafts of this device meanwhile', async ({
  page,
  network,
}) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  network.meet(LISTS, 'silent');
  await page.goto('?page=demandes');
  await expect(page.locator(`#request-${id}`)).toContainText('Guichet citoyen', { timeout: SOON });
  network.up();
});

test('an answer that comes late completes what this device had shown', async ({ page, network }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  network.meet(READS, 'answer held');
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  await control(page, 'project.yearly_volume').fill('4200');
  network.up();
  await expectSaved(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('a save that is never answered has an end, is said to be, and what was typed since follows', async ({
  page,
  network,
}) => {
  const id = await open(page);
  const before = network.count(SAVES);
  await holdClock(page);
  network.meet(SAVES, 'answer silent', 1);
  await control(page, 'project.name').fill('Guichet');
  await page.clock.runFor(2_000);
  await expect.poll(() => network.count(SAVES) - before).toBe(1);
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(line(page)).toContainText('Enregistrement…');
  await page.clock.runFor(30_000);
  await expect(line(page)).toContainText('Service injoignable – gardé sur cet appareil');
  await expectSavedInTime(page);
  await expect(page.getByRole('main')).not.toContainText('Deux versions');
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

test('a submission that is never answered has an end, and is harmless to repeat', async ({ page, network }) => {
  await open(page, 'review', request('town-hall').draft);
  await holdClock(page);
  network.meet(SUBMISSIONS, 'answer silent', 1);
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await expect.poll(() => network.count(SUBMISSIONS)).toBe(1);
  await page.clock.runFor(31_000);
  await expect(page.getByRole('main')).toContainText('le service ne répond pas');
  await page.clock.resume();
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /FC-\d{4}-\d{6}/ })).toBeVisible();
});

test.describe('with a page that was kept', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a network that stalls shows the page and the answers of this device', async ({ page, network }) => {
    await open(page);
    await fillAndSave(page, 'project.name', 'Guichet citoyen');
    await expectKept(page);
    await page.reload();
    await expectSaved(page);
    network.meet({}, 'silent');
    const shown = await watch(page, 'project.name', 'Guichet citoyen');
    await page.reload({ waitUntil: 'commit' });
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    expect(await shown()).toBeLessThan(SOON);
    network.up();
  });

  test('a gateway without a service behind it shows the page and the answers of this device', async ({
    page,
    network,
  }) => {
    tolerate(/Failed to load resource: .* 502 /);
    await open(page);
    await fillAndSave(page, 'project.name', 'Guichet citoyen');
    await expectKept(page);
    await page.reload();
    await expectSaved(page);
    network.answer({ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }, {});
    await page.reload();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    network.up();
  });
});
