/**
 * The service comes back from an older backup: what it lost, the browser still has, and gives back.
 */
import { count, newId, sameOrigin, stored } from './api.ts';
import { open } from './draft.ts';
import { control, expectStep } from './form.ts';
import { anotherBrowser, expect, expectSaved, expectWellMade, line, NO_ANSWER, requestId, signIn, STALE, unreliable as test } from './harness.ts';
import { SAVES } from './network.ts';
import { request } from './requests.ts';

/** What the browser itself logs of a request that the service does not know. */
const UNKNOWN = /api\/requests\/\S+: Failed to load resource: .* 404 /;

test.beforeEach(({ tolerated }) => void tolerated.push(NO_ANSWER, STALE, UNKNOWN));

test('a draft that the restored service does not know stays, and is kept as a new request that can be sent', async ({ page, server }) => {
  await signIn(page);
  const copy = await server.backup();
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  const id = requestId(page);
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expectSaved(page);
  await server.restore(copy);
  await page.reload();
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
  await expect(page.getByRole('heading', { name: 'Le service ne connaît plus cette demande' })).toBeVisible();
  await expect(line(page)).toContainText('Demande inconnue du service – gardé sur cet appareil');
  await expectWellMade(page);
  // It is in the list, too, and nothing is lost by looking there.
  await page.goto('?page=demandes');
  await page.getByRole('main').locator(`#request-${id} a`).click();
  await expect(page.getByRole('heading', { name: 'Le service ne connaît plus cette demande' })).toBeVisible();
  await page.getByRole('button', { name: 'Garder comme nouvelle demande' }).click();
  await expectSaved(page);
  expect(requestId(page)).not.toBe(id);
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
  expect((await stored(page, requestId(page))).draft).toMatchObject({ organisation: { name: 'Commune de Vallon' } });
});

test('a page that is open gives back what the restored service lost, in a handful of calls, and can be submitted', async ({ page, server, network }) => {
  const { draft } = request('identity-check-company');
  const id = await open(page);
  await control(page, 'project.name').fill('Avant');
  await expectSaved(page);
  const copy = await server.backup();
  await control(page, 'project.name').fill(String((draft['project'] as { name: string }).name));
  await expectSaved(page);
  await server.restore(copy);
  const before = network.count(SAVES);
  await control(page, 'project.yearly_volume').fill('4200');
  await expect.poll(async () => (await stored(page, id)).draft).toMatchObject({
    project: { name: (draft['project'] as { name: string }).name, yearly_volume: '4200' },
  });
  await expectSaved(page);
  expect(network.count(SAVES) - before).toBeLessThanOrEqual(4);
  await expect(page.getByRole('main')).not.toContainText('Deux versions');
});

test('a reload without a key pressed gives back what the restored service lost, and says so only then', async ({ page, server, network }) => {
  const id = await open(page);
  const copy = await server.backup();
  await control(page, 'project.name').fill('Guichet citoyen');
  await expectSaved(page);
  await server.restore(copy);
  network.meet(SAVES, 'held', 1);
  await page.reload();
  await expect.poll(() => network.held).toBe(1);
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(line(page)).not.toContainText('Enregistré ');
  network.release();
  await expectSaved(page);
  expect((await stored(page, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen' } });
});

test('what somebody else changed since, under the same number of revision, is not overwritten unseen', async ({ page, server, complaints }) => {
  const id = await open(page);
  const copy = await server.backup();
  await control(page, 'project.name').fill('Guichet citoyen');
  await expectSaved(page);
  await server.restore(copy);
  // The other browser makes a second revision 2.
  const other = await anotherBrowser(page, complaints);
  await signIn(other);
  await other.goto(`?demande=${id}&etape=project`);
  await control(other, 'project.description').fill('Les habitants inscrivent leurs enfants.');
  await control(other, 'project.name').fill('Guichet des enfants');
  await expectSaved(other);
  await control(page, 'project.yearly_volume').fill('4200');
  await expect(page.getByRole('main')).toContainText('Guichet des enfants');
  await expect.poll(async () => (await stored(page, id)).draft).toMatchObject({
    project: { name: 'Guichet des enfants', description: 'Les habitants inscrivent leurs enfants.', yearly_volume: '4200' },
  });
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
});

test('a revision that is named by its number alone is accepted, and refused where its time is another', async ({ page }) => {
  await signIn(page);
  const id = newId();
  const save = async (headers: Record<string, string>): Promise<number> => {
    const data = { schema: 1, draft: { project: { name: 'Guichet' } } };
    return (await page.request.put(`api/requests/${id}`, { data, headers: { ...(await sameOrigin(page)), ...headers } })).status();
  };
  const before = await count(page);
  expect(await save({ 'If-None-Match': '*' })).toBe(201);
  expect(await save({ 'If-Match': '"1"' })).toBe(200);
  expect(await save({ 'If-Match': '"2"', 'Habilitation-Saved-At': '2020-01-01T00:00:00.000Z' })).toBe(412);
  expect(await count(page)).toBe(before + 1);
});
