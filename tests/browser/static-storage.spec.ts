/**
 * What a demonstration keeps in the browser: requests and files, the room for them, and how they are erased.
 */
import { block, filesOnDevice, requestsWrittenByNewerPage } from './device.ts';
import { sample } from './files.ts';
import { choose, control, fileRow, openStep, press } from './form.ts';
import { axe, expect, expectNoSidewaysScroll, requestId, words } from './harness.ts';
import { begin, test } from './static.ts';

test('where the browser keeps no files, it says so and goes on', async ({ page }) => {
  await block(page, 'indexedDB');
  await begin(page);
  await openStep(page, 'project');
  await choose(page, sample('plan.pdf', 'application/pdf', 1_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Ce navigateur ne garde pas de fichiers pour ce site');
  await press(fileRow(page, 'plan.pdf'), /Retirer/);
  await expect(fileRow(page, 'plan.pdf')).toHaveCount(0);
});

test('where there is no more room, it says so, and room can be made; a file that is removed leaves it', async ({
  page,
  context,
}) => {
  await begin(page);
  await openStep(page, 'project');
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Il n’y a plus assez de place sur cet appareil');
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await press(fileRow(page, 'plan.pdf'), /Réessayer/);
  await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
  await press(fileRow(page, 'plan.pdf'), /Retirer/);
  await expect.poll(() => filesOnDevice(page)).toBe(0);
});

test('all files together have the room that is stated, and no more', async ({ page }) => {
  await page.goto('?page=donnees-personnelles');
  await expect(page.getByRole('main')).toContainText(words(/100 Mo au plus/));
  const statuses = await page.evaluate(async () => {
    const name = './documents.js';
    const documents = (await import(new URL(name, document.baseURI).href)) as {
      keep(request: string, document: string, file: Blob): Promise<number>;
      forget(request: string, document?: string): Promise<void>;
    };
    const file = new Blob([new Uint8Array(60 * 1024 * 1024)]);
    const first = await documents.keep('one', 'a', file);
    const second = await documents.keep('one', 'b', file);
    const again = await documents.keep('one', 'a', file);
    await documents.forget('one');
    return [first, second, again, await documents.keep('two', 'b', file)];
  });
  expect(statuses).toEqual([201, 507, 201, 201]);
});

test('where nothing can be kept, it says so', async ({ page }) => {
  await block(page, 'localStorage');
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.save-status')).toHaveText('Non gardé – gardez cette page ouverte');
});

test('everything that was kept is erased by somebody who is sure, and comes back nowhere', async ({
  page,
  context,
}) => {
  await begin(page);
  await openStep(page, 'project');
  await control(page, 'project.name').fill('Guichet citoyen');
  await choose(page, sample('plan.pdf', 'application/pdf', 1_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
  await page.evaluate(() => localStorage.setItem('autre', 'à quelqu’un d’autre'));
  const list = await context.newPage();
  await list.goto('?page=demandes');
  const request = list.getByRole('main').locator('.request');
  await expect(request).toHaveCount(1);
  await list.getByRole('button', { name: 'Tout effacer' }).click();
  await expect(list.getByRole('button', { name: 'Non, les garder' })).toBeFocused();
  await axe(list);
  await list.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(list);
  await list.getByRole('button', { name: 'Non, les garder' }).click();
  await expect(list.getByRole('button', { name: 'Tout effacer' })).toBeFocused();
  await expect(request).toHaveCount(1);

  await list.getByRole('button', { name: 'Tout effacer' }).click();
  await list.getByRole('button', { name: 'Oui, tout effacer' }).click();
  await expect(request).toHaveCount(0);
  await expect(list.getByRole('main')).toContainText('Aucune demande enregistrée pour le moment');
  await expect.poll(() => filesOnDevice(list)).toBe(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce brouillon a été effacé de cet appareil');
  await page.close();
  const kept = await list.evaluate(() => Object.keys(localStorage));
  expect(kept.filter((name) => name.startsWith('habilitation:'))).toEqual([]);
  expect(kept).toContain('autre');
  await list.reload();
  await expect(list.getByRole('main')).toContainText('Aucune demande enregistrée pour le moment');
});

test('what a newer version of the page left is shown to be read', async ({ page, context }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.save-status')).toHaveText('Gardé sur cet appareil');
  const id = requestId(page);
  await page.goto('?page=aide');
  await requestsWrittenByNewerPage(page);
  const later = await context.newPage();
  await later.goto(`?demande=${id}`);
  await expect(later.getByRole('heading', { level: 1 })).toHaveText('Cette demande vient d’une version plus récente');
  await expect(later.getByRole('main')).toContainText('Commune de Vallon');
});
