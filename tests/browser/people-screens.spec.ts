/**
 * A request changes hands: its owner gives it with a reason, a colleague asks for it, the team decides, a former owner contests. Each
 * test has a server of its own, whose clock it sets forward.
 */
import type { Page } from '@playwright/test';
import { sameOrigin, store, stored } from './api.ts';
import { tolerate } from './complaints.ts';
import { Examiner } from './examiner.ts';
import { control, expectStep } from './form.ts';
import { anotherBrowser, expect, expectSaved, expectWellMade, test as base, words } from './harness.ts';
import { request } from './requests.ts';
import { Server } from './server.ts';
import { enter, submitted } from './team.ts';

const COLLEAGUE = 'karim.saidi@vallon-les-pres.example';

const test = base.extend<{ own: Server }>({
  own: async ({}, use) => {
    const own = await Server.start();
    await use(own);
    await own.stop();
  },
  baseURL: async ({ own }, use) => use(own.address),
});

/** Sets the life of requests so many days ahead. */
async function ahead(page: Page, days: number): Promise<void> {
  const answer = await page.request.put('api/demo/clock', { data: { days }, headers: await sameOrigin(page) });
  expect(answer.status(), await answer.text()).toBe(204);
}

/** Opens the list of the people of a request beside its form. */
async function openPeople(page: Page): Promise<void> {
  await page.getByText('Qui participe à cette demande ?').click();
  await expect(page.getByRole('heading', { name: 'Personnes' })).toBeVisible();
}

/** Invites Karim to a request, and takes the invitation in another browser. */
async function withColleague(page: Page, id: string, other: Page): Promise<void> {
  await page.goto(`?demande=${id}&etape=project`);
  await openPeople(page);
  await page.getByLabel('Adresse e-mail professionnelle').fill(COLLEAGUE);
  await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await expect(page.locator('.people-panel')).toContainText(COLLEAGUE);
  await enter(other, 'karim');
  await other.goto('?page=invitations');
  await other.getByRole('button', { name: /Accepter/ }).click();
  await expect(other.getByRole('link', { name: 'Ouvrir la demande' })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.locator('.people-panel').getByText('Karim Saïdi', { exact: true })).toBeVisible();
}

test('a hand-over has a reason, which stays until it is sent and stands in the history', async ({
  page,
  complaints,
  own,
}) => {
  test.slow();
  await enter(page, 'noemie');
  const id = await store(page, structuredClone(request('identity-check-company').draft));
  await page.goto(`?demande=${id}&etape=project`);
  const other = await anotherBrowser(page, complaints);
  await withColleague(page, id, other);

  const reason = page.getByLabel(words(/Pourquoi lui confiez-vous la demande ?/));
  const begin = page.getByRole('button', { name: words(/^Confier la demande : Karim/) });
  await begin.focus();
  await page.keyboard.press('Enter');
  // What the hand-over means is read from there on.
  await expect(page.getByRole('heading', { name: 'Confier la demande à Karim' })).toBeFocused();
  await reason.fill('Je change de service au 1er janvier.');
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Ne pas la confier' }).click();
  await expect(page.getByRole('heading', { name: 'Personnes' })).toBeFocused();
  await page.reload();
  await openPeople(page);
  await begin.click();
  await expect(reason).toHaveValue('Je change de service au 1er janvier.');
  await page.getByRole('button', { name: 'Confier la demande', exact: true }).click();
  await expect(page.locator('.people-panel')).toContainText('est confiée à Karim Saïdi');
  await expectWellMade(page);
  await expect
    .poll(async () => (await own.mails()).some((mail) => mail.includes('Je change de service au 1er janvier.')))
    .toBe(true);

  await other.goto('?page=invitations');
  await expectWellMade(other);
  await other.getByRole('button', { name: /^Accepter la demande/ }).click();
  await expectStep(other, 'review');
  await enter(page, 'noemie');
  await page.goto(`?demande=${id}`);
  await expect(page.getByText(words(/pour la consulter : vous pouvez tout lire/))).toBeVisible();
  await expect(page.locator('.history')).toContainText('Je change de service au 1er janvier.');
  await expectWellMade(page);
});

test('whoever took a request over and lost it again is told so beside what they typed', async ({
  page,
  complaints,
  own,
}) => {
  test.slow();
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 40[34] /);
  const id = await submitted(page);
  const { number } = await stored(page, id);
  await page.goto('?page=demandes');
  const other = await anotherBrowser(page, complaints);
  const team = await anotherBrowser(page, complaints);
  await enter(other, 'karim');
  await other.goto('?page=demandes');
  await other.getByText('Retrouver la demande d’un collègue parti').click();
  await other.getByRole('button', { name: 'Demander à la reprendre' }).click();
  await expect(other.getByLabel('Numéro de la demande')).toBeFocused();
  await expectWellMade(other);
  await other.getByLabel('Numéro de la demande').fill(number ?? '');
  await other.getByLabel(words(/Pourquoi reprendre cette demande ?/)).fill('Elle a quitté la commune.');
  await other.getByRole('button', { name: 'Demander à la reprendre' }).click();
  await expect(other.getByText('Si cette demande existe')).toBeVisible();
  await expectWellMade(other);

  // Nobody is late who was not told.
  const asked = async () => (await own.mails()).filter((mail) => mail.includes('Elle a quitté la commune.')).length;
  await expect.poll(asked).toBeGreaterThan(0);
  await page.goto('?page=demandes');
  await expect(page.getByText('Elle a quitté la commune.')).toBeVisible();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Laisser cette personne la reprendre' }).click();
  await expect(page.getByRole('button', { name: 'Non, revenir' })).toBeFocused();
  await expectWellMade(page);

  await ahead(page, 16);
  await enter(team, 'claire');
  await team.goto('?page=reprises');
  await expect(team.getByText('Elle a quitté la commune.')).toBeVisible();
  await expectWellMade(team);
  const reason = team.getByLabel('Raison de la décision');
  await team.getByRole('button', { name: /^Donner la demande/ }).click();
  await expect(reason).toBeFocused();
  await team.getByRole('button', { name: 'Donner la demande', exact: true }).click();
  await expect(reason).toBeFocused();
  await expect(team.getByText('Donnez la raison de la décision')).toBeVisible();
  await expectWellMade(team);
  await reason.fill('La commune confirme.');
  await team.getByRole('button', { name: 'Donner la demande', exact: true }).click();
  await expect(team.getByText('Aucune reprise n’attend de décision.')).toBeVisible();
  const examiner = await Examiner.signedIn(team.request);
  await examiner.act(id, { kind: 'changes_requested', text: 'Précisez les démarches.' });

  await enter(other, 'karim');
  await other.goto(`?demande=${id}&etape=project`);
  await expectStep(other, 'project');
  await control(other, 'project.description').fill('Écrit par le nouveau titulaire.');
  await expectSaved(other);
  await page.reload();
  await page.getByRole('button', { name: 'Contester' }).click();
  await page.getByRole('button', { name: 'Oui, contester' }).click();
  await expect(page.getByText('L’équipe FranceConnect, ou l’exploitant du service, va décider.')).toBeVisible();
  await expectWellMade(page);
  await team.reload();
  await team.getByRole('button', { name: /^Refuser la reprise/ }).click();
  await reason.fill('La titulaire est revenue.');
  await team.getByRole('button', { name: 'Refuser la reprise', exact: true }).click();
  await expect(team.getByText('Aucune reprise n’attend de décision.')).toBeVisible();

  const lost = other.getByRole('heading', { name: 'Cette demande n’est plus la vôtre' });
  await other.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(lost).toBeVisible();
  await expectWellMade(other);
  await other.reload();
  await expect(lost).toBeVisible();
  await expect(control(other, 'project.description')).toHaveValue('Écrit par le nouveau titulaire.');
});
