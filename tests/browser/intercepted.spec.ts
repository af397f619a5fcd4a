/**
 * A proxy, firewall or network answers in the place of the service: only what the service itself says is believed.
 */
import { count, newId, store, stored } from './api.ts';
import { NO_ANSWER, STALE, tolerate } from './complaints.ts';
import { expectArrived, expectStored, fillAndSave, open } from './draft.ts';
import { sample } from './files.ts';
import { choose, control, fileRow, press } from './form.ts';
import {
  expect,
  expectSaved,
  expectSavedInTime,
  expectWellMade,
  line,
  signedIn,
  unreliable as test,
} from './harness.ts';
import { CALLS, LISTS, page as refusal, problem, READS, type Reply, SAVES, SUBMISSIONS, UPLOADS } from './network.ts';
import { request } from './requests.ts';

/** What the browser itself logs of an answer that is a failure. */
const FAILURES =
  /Failed to load resource: (the server responded with a status of \d{3}|net::ERR_UNEXPECTED_PROXY_AUTH)|net::ERR_UNEXPECTED_PROXY_AUTH/;

test.beforeEach(() => tolerate(FAILURES, NO_ANSWER, STALE));

/** Statuses that would say that something is over, wrong or elsewhere, if the service said so. */
const STATUSES = [
  [200, 204, 302, 400, 401, 403, 404],
  [405, 407, 409, 410, 411, 412, 413],
  [415, 422, 428, 431, 451, 500, 511],
];

for (const statuses of STATUSES) {
  test(`a save is answered by a proxy, with each of ${statuses.join(', ')}: what was typed is kept, and saved`, async ({
    page,
    network,
  }) => {
    const id = await open(page);
    for (const [place, status] of statuses.entries()) {
      // The service acted on some of them before its answer was replaced.
      network.answer({ ...refusal(status), acted: place % 2 === 1 }, SAVES, 1);
      const name = `Guichet ${status}`;
      await control(page, 'project.name').fill(name);
      await expectArrived(page, id, { project: { name } }, `after ${status}`);
      await expectSaved(page);
      await expect(control(page, 'project.name'), `after ${status}`).toHaveValue(name);
      await expect(page.getByRole('main').getByRole('button', { name: /Les garder|Recharger/ })).toHaveCount(0);
    }
  });
}

test('a refusal of a proxy means nothing, whatever it calls itself', async ({ page, network }) => {
  const id = await open(page);
  for (const type of ['application/json', 'application/problem+json']) {
    const gone = problem('gone', 410, { type: 'https://gateway.example/errors/gone' });
    network.answer({ ...gone, type }, SAVES, 2);
    await control(page, 'project.name').fill(type);
    await expectArrived(page, id, { project: { name: type } });
    await expectSaved(page);
  }
});

// Browsers keep some of these for ever, unless they are told not to.
for (const status of [200, 403, 404, 410, 451]) {
  test(`a request whose reading is answered ${status} by a proxy is shown as this device has it`, async ({
    page,
    network,
  }) => {
    const id = await open(page);
    await fillAndSave(page, 'project.name', 'Guichet citoyen');
    network.answer(refusal(status), READS);
    await page.reload();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    network.up();
    await page.reload();
    await expectSaved(page);
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
  });
}

test('after some time, the page says that something stands between, and offers to export', async ({
  page,
  network,
}) => {
  const id = await open(page);
  await page.clock.install();
  network.answer(refusal(403), SAVES);
  await control(page, 'project.name').fill('Guichet citoyen');
  await page.clock.runFor(10_000);
  await expect(page.getByRole('heading', { name: 'Quelque chose bloque l’accès au service' })).toBeVisible();
  await expect(line(page)).toContainText('Service bloqué – gardé sur cet appareil');
  const downloading = page.waitForEvent('download');
  await page.locator('.note').getByRole('button', { name: 'Exporter dans un fichier' }).click();
  expect((await downloading).suggestedFilename()).toBe('Guichet citoyen.json');
  await expectWellMade(page);
  const calls = network.count(SAVES);
  await page.clock.runFor(60_000);
  expect(network.count(SAVES) - calls).toBeLessThan(8);
  network.up();
  await expectSavedInTime(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

test('the service itself asks to come again: what was typed is saved then', async ({ page, network }) => {
  const id = await open(page);
  for (const [status, type] of [
    [408, 'too-slow'],
    [425, 'too-early'],
    [429, 'too-many-calls'],
    [503, 'not-ready'],
  ] as const) {
    network.answer({ ...problem(type, status), headers: { 'Retry-After': '1' } }, SAVES, 1);
    await control(page, 'project.name').fill(type);
    await expectArrived(page, id, { project: { name: type } });
    await expectSaved(page);
  }
});

test('a deletion that a proxy says is done is not', async ({ page, network }) => {
  await signedIn(page);
  const id = await store(page, { project: { name: 'Carnet des sentiers' } });
  const before = await count(page);
  network.answer(refusal(200), { method: 'DELETE' });
  await page.goto('?page=demandes');
  const item = page.locator(`#request-${id}`);
  await item.getByRole('button', { name: /^Supprimer/ }).click();
  await item.getByRole('button', { name: 'Oui, supprimer' }).click();
  await expect(page.getByRole('alert')).toContainText('n’a pas été supprimé');
  await expect(page.locator(`#request-${id}`)).toBeVisible();
  expect(await count(page)).toBe(before);
});

test('a submission that a proxy says is done is not, and nothing is erased', async ({ page, network }) => {
  const id = await open(page, 'review', request('town-hall').draft);
  const asked = page.getByRole('button', { name: 'Envoyer la demande' });
  const receipt = (body: string): Reply => ({ status: 200, type: 'application/json', body });
  for (const reply of [
    refusal(200),
    // A number alone, and the receipt of another request.
    receipt('{"number":"FC-2026-000001","submitted_at":""}'),
    receipt(`{"number":"1","submitted_at":"","request":{"id":"${newId()}"}}`),
  ]) {
    const before = network.count(SUBMISSIONS);
    network.answer(reply, SUBMISSIONS, 1);
    await asked.click();
    await expect.poll(() => network.count(SUBMISSIONS)).toBe(before + 1);
    await expect(page.getByRole('main')).toContainText('bloque l’envoi');
    await expect(asked).toBeEnabled();
    expect((await stored(page, id)).state).toBe('draft');
  }
  await asked.click();
  await expect(page.getByRole('heading', { level: 1, name: /FC-\d{4}-\d{6}/ })).toBeVisible();
});

test('a file that a proxy says has arrived has not', async ({ page, network }) => {
  await open(page);
  network.answer({ status: 200, type: 'application/json', body: '{"error":"blocked"}' }, UPLOADS, 1);
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  await press(fileRow(page, 'plan.pdf'), /^Réessayer/);
  await expect(fileRow(page, 'plan.pdf')).toContainText('Envoyé');
});

test('a list that a proxy answers shows what this device has', async ({ page, network }) => {
  await open(page);
  await fillAndSave(page, 'project.name', 'Carnet des sentiers oubliés');
  network.answer(refusal(404), LISTS);
  await page.goto('?page=demandes');
  await expect(page.getByRole('main').getByRole('link', { name: 'Carnet des sentiers oubliés' })).toBeVisible();
  expect(network.count(CALLS)).toBeLessThan(60);
});

test('a save that is answered with another request is not believed', async ({ page, network }) => {
  const id = await open(page);
  const other = { number: null, state: 'draft', name: '', organisation: '', revision: 7, errors: 3 };
  const body = JSON.stringify({ ...other, id: newId(), updated_at: '2026-11-28T10:00:00.000Z' });
  network.answer({ status: 200, type: 'application/json', body }, SAVES, 1);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

test('a sign-out that a proxy says is done is not', async ({ page, network }) => {
  await open(page);
  const calls = { method: 'DELETE', path: /^\/api\/session$/ };
  const signOut = page.getByRole('button', { name: 'Se déconnecter' });
  for (const reply of [refusal(200), { status: 204 }]) {
    const before = network.count(calls);
    network.answer(reply, calls, 1);
    await signOut.click();
    await expect.poll(() => network.count(calls)).toBe(before + 1);
    await expect(page.getByRole('alert')).toContainText('La déconnexion n’a pas abouti');
  }
  await signOut.click();
  await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
});
