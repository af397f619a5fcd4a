/**
 * The service comes back from an older backup: what it lost, the browser still has, and gives back.
 */
import type { Page } from '@playwright/test';
import { documentsOf, sendFiles, store, storeAlone } from './api.ts';
import { NO_ANSWER, STALE, tolerate } from './complaints.ts';
import { copies } from './device.ts';
import { expectArrived, expectStored, fillAndSave, open } from './draft.ts';
import { control, expectStep, follow, openRequest } from './form.ts';
import {
  anotherBrowser,
  expect,
  expectSaved,
  expectWellMade,
  line,
  requestId,
  signedIn,
  signIn,
  signOut,
  unreliable as test,
} from './harness.ts';
import { SAVES } from './network.ts';
import { request } from './requests.ts';
import type { Server } from './server.ts';

/** What the browser itself logs of a request that the service does not know. */
const UNKNOWN = /api\/requests\/\S+: Failed to load resource: .* 404 /;

test.beforeEach(() => tolerate(NO_ANSWER, STALE, UNKNOWN));

/** Signs in, and begins a draft that the service acknowledges and then loses to an older backup. Its identifier. */
async function lose(page: Page, server: Server): Promise<string> {
  await signedIn(page);
  const copy = await server.backup();
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  const id = requestId(page);
  await fillAndSave(page, 'organisation.name', 'Commune de Vallon');
  await server.restore(copy);
  return id;
}

test('a draft that the restored service does not know stays, and is kept as a new request that can be sent', async ({
  page,
  server,
}) => {
  const id = await lose(page, server);
  await page.reload();
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
  await expect(page.getByRole('heading', { name: 'Le service ne connaît plus cette demande' })).toBeVisible();
  await expect(line(page)).toContainText('Demande inconnue du service – gardé sur cet appareil');
  await expectWellMade(page);
  // It is in the list, too, and nothing is lost by looking there.
  await page.goto('?page=demandes');
  await page.getByRole('main').locator(`#request-${id} a`).click();
  await expect(page.getByRole('heading', { name: 'Le service ne connaît plus cette demande' })).toBeVisible();
  // What only this device has is not erased by one press.
  await page.getByRole('button', { name: 'Les effacer de cet appareil' }).click();
  await page.getByRole('button', { name: 'Non, les garder' }).click();
  await page.getByRole('button', { name: 'Les garder dans une nouvelle demande' }).click();
  await expectSaved(page);
  expect(requestId(page)).not.toBe(id);
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
  await expectStored(page, requestId(page), { organisation: { name: 'Commune de Vallon' } });
});

test('a page that is open gives back what the restored service lost, in a handful of calls', async ({
  page,
  server,
  network,
}) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Avant');
  const copy = await server.backup();
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await server.restore(copy);
  const before = network.count(SAVES);
  await control(page, 'project.yearly_volume').fill('4200');
  await expectArrived(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
  await expectSaved(page);
  expect(network.count(SAVES) - before).toBeLessThanOrEqual(4);
  await expect(page.getByRole('main')).not.toContainText('Deux versions');
});

test('a reload without a key pressed gives back what the restored service lost, and says so only then', async ({
  page,
  server,
  network,
}) => {
  const id = await open(page);
  const copy = await server.backup();
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await server.restore(copy);
  network.meet(SAVES, 'held', 1);
  await page.reload();
  await expect.poll(() => network.held).toBe(1);
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(line(page)).not.toContainText('Enregistré ');
  network.release();
  await expectSaved(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

test('what somebody else changed since, under the same number of revision, is not overwritten unseen', async ({
  page,
  server,
  complaints,
}) => {
  const id = await open(page);
  const copy = await server.backup();
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await server.restore(copy);
  // The other browser makes a second revision 2.
  const other = await anotherBrowser(page, complaints);
  await signedIn(other);
  await other.goto(`?demande=${id}&etape=project`);
  await control(other, 'project.description').fill('Les habitants inscrivent.');
  await fillAndSave(other, 'project.name', 'Guichet des enfants');
  await control(page, 'project.yearly_volume').fill('4200');
  await expect(page.getByRole('main')).toContainText('Guichet des enfants');
  const project = { name: 'Guichet des enfants', description: 'Les habitants inscrivent.', yearly_volume: '4200' };
  await expectArrived(page, id, { project });
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
});

test('whoever signs out gives back first what the restored service lost', async ({ page, server }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Avant');
  const copy = await server.backup();
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await server.restore(copy);
  await signOut(page);
  expect(await copies(page)).toEqual([]);
  await signedIn(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

for (const address of ['', '?page=demandes', '?page=aide']) {
  test(`whoever signs out ${address && `at ${address} `}is asked about a draft that the restored service does not know`, async ({
    page,
    server,
  }) => {
    const id = await lose(page, server);
    if (address) await page.goto(address);
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Des réponses ne sont pas encore enregistrées');
    await page.getByRole('button', { name: 'Les garder et se déconnecter' }).click();
    await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
    expect((await copies(page)).filter((name) => name.includes(id))).toHaveLength(1);
  });
}

test('a long list shows a draft that the restored service does not know', async ({ page, server }) => {
  const id = await lose(page, server);
  // Older than the lost one is what a second page would hold.
  for (let number = 0; number < 21; number += 1) await store(page, {});
  await page.goto('?page=demandes');
  await expect(page.getByRole('button', { name: /suivantes|plus/ })).toBeVisible();
  await expect(page.locator(`#request-${id}`)).toHaveCount(0);
  await page.getByRole('button', { name: /suivantes|plus/ }).click();
  await expect(page.locator(`#request-${id}`)).toContainText('Sur cet appareil');
});

test('a file that the restored service lost is told at its row once sending is refused', async ({ page, server }) => {
  tolerate(/submission: Failed to load resource: .* 422 /);
  const { draft } = request('town-hall');
  const [first] = documentsOf(draft);
  await signIn(page);
  const id = await storeAlone(page, draft);
  const copy = await server.backup();
  await sendFiles(page, id, draft);
  await openRequest(page, id, 'review');
  await server.restore(copy);
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await expect(page.getByRole('main')).toContainText('Un fichier n’est pas arrivé');
  await follow(page.getByRole('main'), /fichier n’est pas arrivé/);
  const row = page.locator('.file').filter({ hasText: String(first?.name) });
  await expect(row).toContainText('n’est pas arrivé');
  await expect(row).not.toContainText('Envoyé');
});
