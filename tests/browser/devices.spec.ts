/**
 * Two browsers of one person: nothing is overwritten in silence, and a person chooses.
 */
import type { Page } from '@playwright/test';
import { sameOrigin, stored } from './api.ts';
import { type Complaints, STALE, tolerate } from './complaints.ts';
import { expectArrived, expectStored, fillAndSave, open } from './draft.ts';
import { control, expectReceipt, expectStep, follow, openRequest, send } from './form.ts';
import {
  anotherBrowser,
  axe,
  expect,
  expectSaved,
  expectWellMade,
  line,
  requestId,
  signedIn,
  test,
  told,
  words,
} from './harness.ts';
import { type Draft, request, type Step } from './requests.ts';

/** One draft here and on another device: that device, and the identifier. */
async function twoDevices(here: Page, complaints: Complaints, step: Step, draft: Draft = {}): Promise<[Page, string]> {
  const id = await open(here, step, draft);
  const there = await anotherBrowser(here, complaints);
  await signedIn(there);
  await openRequest(there, id, step);
  return [there, id];
}

/** One field with two values, seen from here: `Ici` was typed here, `Ailleurs` was saved there before. */
async function conflict(here: Page, complaints: Complaints): Promise<string> {
  const [there, id] = await twoDevices(here, complaints, 'project', { project: { name: 'Avant' } });
  await fillAndSave(there, 'project.name', 'Ailleurs');
  await control(here, 'project.name').fill('Ici');
  await expect(here.getByRole('heading', { name: 'Deux versions d’une même réponse' })).toBeVisible();
  return id;
}

test.beforeEach(() => tolerate(STALE));

test('different answers merge by themselves, and what changed is marked and told', async ({
  page: here,
  complaints,
}) => {
  const [there, id] = await twoDevices(here, complaints, 'project');
  await fillAndSave(there, 'project.name', 'Guichet citoyen');
  await control(here, 'project.yearly_volume').fill('4200');
  await expect(control(here, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(here.getByText('Réponse changée dans un autre onglet ou sur un autre appareil')).toBeVisible();
  await expect(told(here)).toHaveText('Changé ailleurs : Nom du projet');
  await expectSaved(here);
  await expectStored(here, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('one answer changed on both devices: both values are shown, with the moment, and the rest is saved', async ({
  page: here,
  complaints,
}) => {
  const id = await conflict(here, complaints);
  const choice = here.locator('.conflicts');
  await expect(line(here)).toHaveText('À vérifier : deux versions');
  await expect(choice.getByRole('heading', { level: 3 })).toHaveText('Nom du projet');
  await expect(choice).toContainText(words(/La vôtre, ici\s*Ici/));
  await expect(choice).toContainText(words(/Enregistrée ailleurs à \d+ h \d\d\s*Ailleurs/));
  await control(here, 'project.yearly_volume').fill('4200');
  await expectArrived(here, id, { project: { name: 'Ailleurs', yearly_volume: '4200' } });
  // It is still there after a reload, and on the device only.
  await here.reload();
  await expect(choice).toContainText('Ailleurs');
  await expect(control(here, 'project.name')).toHaveValue('Ici');
});

for (const [way, name, kept] of [
  ['keeps theirs', 'Garder la mienne', 'Ici'],
  ['takes the other', 'Prendre celle-ci', 'Ailleurs'],
] as const) {
  test(`a person ${way} by keyboard, and the focus goes on`, async ({ page: here, complaints }) => {
    const id = await conflict(here, complaints);
    const button = here.getByRole('button', { name: new RegExp(`^${name}`) });
    await button.focus();
    await here.keyboard.press('Enter');
    await expect(here.locator('.conflicts')).toHaveCount(0);
    await expect(control(here, 'project.name')).toHaveValue(kept);
    await expect(here.getByRole('heading', { level: 1 })).toBeFocused();
    await expectSaved(here);
    await expectStored(here, id, { project: { name: kept } });
  });
}

test('a person writes a third answer, which settles it', async ({ page: here, complaints }) => {
  const id = await conflict(here, complaints);
  await here.getByRole('link', { name: /Écrire une autre réponse/ }).click();
  await expect(control(here, 'project.name')).toBeFocused();
  await control(here, 'project.name').fill('Les deux');
  await expect(here.locator('.conflicts')).toHaveCount(0);
  await expectSaved(here);
  await expectStored(here, id, { project: { name: 'Les deux' } });
});

test('a request with two versions of an answer cannot be sent before the choice, which is well made', async ({
  page: here,
  complaints,
}) => {
  await conflict(here, complaints);
  await follow(here, /Relire et envoyer/);
  await expectStep(here, 'review');
  await expect(here.locator('.conflicts')).toBeVisible();
  await expectWellMade(here);
});

test('a draft deleted on the other device can be kept as a new request', async ({ page: here, complaints }) => {
  // 404 where the page asks who takes part.
  tolerate(/api\/requests\/\S+: Failed to load resource: .* (410|404) /);
  const [there, id] = await twoDevices(here, complaints, 'project', { project: { name: 'Guichet' } });
  const deleted = await there.request.delete(`api/requests/${id}`, {
    headers: { ...(await sameOrigin(there)), 'If-Match': '"1"' },
  });
  expect(deleted.status()).toBe(204);
  await control(here, 'project.name').fill('Guichet citoyen');
  await expect(here.getByRole('main')).toContainText('Cette demande a été supprimée');
  await axe(here);
  await here.reload();
  await expect(here.getByRole('main')).toContainText('Cette demande a été supprimée');
  await here.getByRole('button', { name: 'Les garder dans une nouvelle demande' }).click();
  await expectStep(here, 'organisation');
  await expectSaved(here);
  const anew = requestId(here);
  expect(anew).not.toBe(id);
  await expectStored(here, anew, { project: { name: 'Guichet citoyen' } });
});

test('a request submitted on the other device is not changed any more; what was typed since can be kept', async ({
  page: here,
  complaints,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 409 /);
  const [there, id] = await twoDevices(here, complaints, 'review', request('town-hall').draft);
  await send(there);
  await expectReceipt(there);
  const submitted = await stored(there, id);
  await follow(here, /Le projet/);
  await expectStep(here, 'project');
  await control(here, 'project.name').fill('Trop tard');
  await expect(here.getByRole('main')).toContainText('Cette demande a déjà été envoyée');
  expect(await stored(here, id)).toEqual(submitted);
  await here.getByRole('button', { name: 'Les effacer et voir la demande' }).click();
  await here.getByRole('button', { name: 'Oui, effacer' }).click();
  await expectReceipt(here);
});
