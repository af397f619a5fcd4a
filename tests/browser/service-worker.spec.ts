/**
 * The page without its host, after a first visit.
 */
import type { Page } from '@playwright/test';
import { tolerate } from './complaints.ts';
import { FileServer } from './file-server.ts';
import { sample } from './files.ts';
import { choose, control, fileRow, openStep } from './form.ts';
import { expect, told } from './harness.ts';
import { Server } from './server.ts';
import { banner, PLACE, test } from './static.ts';

test.use({ serviceWorkers: 'allow' });

test('after a first visit, everything goes on without the host', async ({ page, files }) => {
  tolerate(/net::ERR_CONNECTION_REFUSED/);
  await page.goto('');
  await expect(banner(page)).toBeVisible();
  await installed(page);
  await files.fallSilent();
  await page.reload();
  await expect(banner(page)).toBeVisible();
  await page.goto('index.html?demande=nouvelle');
  await page.getByRole('button', { name: 'Remplir avec un exemple' }).click();
  await expect(told(page)).toContainText('remplies avec un exemple');
  await openStep(page, 'project');
  await expect(control(page, 'project.name')).toHaveValue(/Guichet citoyen/);
  await choose(page, sample('plan.pdf', 'application/pdf', 1_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue(/Guichet citoyen/);
});

test('a new build takes the place of the old one, whole, and nothing else goes', async ({ page, files }) => {
  tolerate(/net::ERR_CONNECTION_REFUSED/);
  await page.goto('');
  await installed(page);
  await page.evaluate(() => Promise.all([caches.open('autre'), caches.open('habilitation http://elsewhere/ 0')]));
  await files.rebuild(PLACE, 'second');
  await page.reload();
  await expect(banner(page)).toBeVisible();
  expect(await build(page)).toBe('second');
  // Once the new build is kept, the old one is gone.
  await expect.poll(() => cacheNames(page)).toHaveLength(3);
  await expect.poll(() => keptBuild(page)).toContain('second');
  expect(await cacheNames(page)).toEqual(expect.arrayContaining(['autre', 'habilitation http://elsewhere/ 0']));
  await files.fallSilent();
  await page.reload();
  await expect(banner(page)).toBeVisible();
  expect(await build(page)).toBe('second');
});

test('two copies on one host keep to themselves', async ({ page }) => {
  const files = await FileServer.start('one', 'two');
  try {
    for (const place of ['one', 'two']) {
      await page.goto(files.address(place));
      await installed(page);
    }
    expect(await cacheNames(page)).toHaveLength(2);
    const scopes = await page.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname).sort(),
    );
    expect(scopes).toEqual(['/one/', '/two/']);
  } finally {
    await files.stop();
  }
});

test('our own server can fall silent too, and no call to its API is touched', async ({ page }) => {
  tolerate(/net::ERR_CONNECTION_REFUSED/, /requestfailed/);
  const own = await Server.start();
  const calls: boolean[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/')) calls.push(response.fromServiceWorker());
  });
  await page.goto(own.address);
  await installed(page);
  await page.goto(`${own.address}?page=connexion`);
  await page.getByRole('main').getByRole('button').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
  expect(calls.length).toBeGreaterThan(0);
  expect(calls).not.toContain(true);
  const script = await page.request.get(`${own.address}sw.js`);
  expect(script.headers()).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': expect.stringContaining('javascript'),
  });
  await own.stop();
  await page.goto(own.address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
  await expect(banner(page)).toHaveCount(0);
});

/** Waits until the page can do without its host. */
async function installed(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

async function build(page: Page): Promise<string | null> {
  return page.locator('meta[name=build]').getAttribute('content');
}

async function cacheNames(page: Page): Promise<string[]> {
  return page.evaluate(() => caches.keys());
}

/** index.html as it is kept. */
async function keptBuild(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found = await caches.match(new URL('./', location.href).href);
    return (await found?.text()) ?? '';
  });
}
