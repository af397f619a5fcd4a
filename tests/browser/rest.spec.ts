/**
 * The program comes in two parts: the first is all that the first field needs, the rest is fetched when something of it is
 * to be drawn, and may fail to arrive.
 */
import type { Page } from '@playwright/test';
import { store } from './api.ts';
import { tolerate } from './complaints.ts';
import { expectStored, fillAndSave } from './draft.ts';
import { control, openRequest, openStep } from './form.ts';
import { axe, expect, settled, signedIn, test as base, told } from './harness.ts';
import { element, openPortal, test as portalTest } from './portal.ts';

const REST = '**/*_rest.wasm*';
/** The part with the API in the page. */
const LOCAL = '**/*_local.wasm*';

/** Whether the rest has been asked for, and how often. */
function asked(page: Page): string[] {
  const addresses: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('_rest.wasm')) addresses.push(request.url());
  });
  return addresses;
}

const test = base.extend<{ broken: () => Promise<() => Promise<void>> }>({
  /** Breaks the way to the rest, until what is answered is called. */
  broken: async ({ context }, use) => {
    tolerate(/_rest\.wasm\S*: net::ERR_FAILED/, /Failed to load resource: net::ERR_FAILED/);
    await use(async () => {
      await context.route(REST, (route) => route.abort('failed'));
      return () => context.unroute(REST);
    });
  },
});

test('the first page does without the rest, which comes once it is idle, and once', async ({ page }) => {
  await page.goto('');
  const transfers = (): Promise<[start: number, bytes: number][]> =>
    page.evaluate(() => {
      const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const rest = files.filter(({ name }) => name.endsWith('_rest.wasm'));
      return rest.map(({ startTime, transferSize }) => [startTime, transferSize]);
    });
  await expect.poll(async () => (await transfers()).length).toBe(1);
  const ready = await page.evaluate(() => performance.getEntriesByName('habilitation:ready')[0]?.startTime);
  expect((await transfers())[0]?.[0]).toBeGreaterThan(ready ?? Number.POSITIVE_INFINITY);
  await page.getByRole('link', { name: 'Aide' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aide');
  await page.getByRole('link', { name: 'Mentions légales' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mentions légales');
  const sent = (await transfers()).filter(([, bytes]) => bytes > 0);
  expect(sent).toHaveLength(1);
});

test('who saves data gets the rest when it is needed, and not before', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  const addresses = asked(page);
  await page.goto('', { waitUntil: 'networkidle' });
  await settled(page);
  expect(addresses).toEqual([]);
  await page.getByRole('link', { name: 'Aide' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aide');
  expect(addresses).toHaveLength(1);
});

test('a page that did not arrive says so, and comes when it is tried again', async ({ page, broken }) => {
  const mend = await broken();
  await page.goto('?page=aide');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cette page n’a pas pu s’afficher');
  await axe(page);
  await mend();
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aide');
});

test('the first step of a request can be filled in and saved without the rest', async ({ page, broken }) => {
  await signedIn(page);
  const id = await store(page, {});
  const mend = await broken();
  await openRequest(page, id, 'organisation');
  await fillAndSave(page, 'organisation.name', 'Commune de Vallon');
  await expectStored(page, id, { organisation: { name: 'Commune de Vallon' } });
  const notice = page.getByRole('main').getByText('Une partie de cette étape n’a pas pu s’afficher');
  await expect(notice).toHaveCount(1);
  await expect(told(page)).toHaveText('Une partie de cette page n’a pas pu s’afficher');
  // What cannot be read back cannot be sent.
  await openStep(page, 'review');
  await expect(page.getByRole('button', { name: 'Envoyer la demande' })).toHaveCount(0);
  // Another step comes once its fields do.
  await page.getByRole('navigation', { name: 'Étapes' }).getByRole('link', { name: 'Le projet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Le projet');
  await axe(page);
  await mend();
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await expect(notice).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(control(page, 'project.mockups')).toBeVisible();
  await expect(page.getByText('Où sont gardées mes réponses ?')).toBeVisible();
  await openStep(page, 'organisation');
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
});

portalTest(
  'an element that answers itself and cannot have the part for that offers to try again',
  async ({ page, portal, context }) => {
    tolerate(/_local\.wasm\S*: net::ERR_FAILED/, /Failed to load resource: net::ERR_FAILED/);
    await context.route(LOCAL, (route) => route.abort('failed'));
    await openPortal(page, portal, { api: '' });
    const again = element(page).getByRole('button', { name: 'Recharger la demande' });
    await expect(again).toBeVisible();
    await context.unroute(LOCAL);
    await again.click();
    await expect(element(page).getByRole('heading', { level: 2 }).first()).toBeVisible();
  },
);
