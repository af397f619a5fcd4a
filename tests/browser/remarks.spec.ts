/**
 * After submission, as the applicant sees it: remarks at their fields, replies, messages, decisions.
 */
import { tolerate } from './complaints.ts';
import { fillAndSave } from './draft.ts';
import type { Page } from '@playwright/test';
import { sameOrigin, store, stored } from './api.ts';
import { Examiner } from './examiner.ts';
import { control, expectReceipt, expectStep, follow } from './form.ts';
import { expect, expectSaved, expectWellMade, signedIn, test, told, words } from './harness.ts';
import { type Draft, request } from './requests.ts';

const DESCRIPTION = 'project.description';
const RECIPIENTS = 'data.recipients';
const TWO_REMARKS = [
  { pointer: '/project/description', text: 'Quelles démarches, exactement ?' },
  { pointer: '/data/recipients', text: 'Qui voit ces données ?' },
];

/** Answers without a file. */
function answers(): Draft {
  return structuredClone(request('identity-check-company').draft);
}

/** Sends a request, and answers its identifier. */
async function submitted(page: Page, draft: Draft = answers()): Promise<string> {
  await signedIn(page);
  const id = await store(page, draft);
  const sent = await page.request.post(`api/requests/${id}/submission`, {
    headers: { ...(await sameOrigin(page)), 'If-Match': '"1"' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  return id;
}

/** Expects that the page is well made, and goes on in a wide window. */
async function wellMade(page: Page): Promise<void> {
  await expectWellMade(page);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** A day some weeks ahead, as the API writes it. */
function inWeeks(weeks: number): string {
  return new Date(Date.now() + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
}

async function asked(page: Page, examiner: Examiner, remarks = TWO_REMARKS): Promise<string> {
  const id = await submitted(page);
  await examiner.act(id, {
    kind: 'changes_requested',
    text: 'Deux points à préciser.',
    answer_by: inWeeks(8),
    remarks,
  });
  return id;
}

test('remarks stand at their fields; one is mended, one replied to, and both go back', async ({
  page,
  request: api,
}) => {
  // axe looks at four states.
  test.slow();
  const examiner = await Examiner.signedIn(api);
  const id = await asked(page, examiner);
  await page.goto(`?demande=${id}`);
  await expect(page.getByRole('heading', { name: 'Ce que l’équipe vous demande' })).toBeVisible();
  await expect(page.locator('.decision')).toContainText('Deux points à préciser.');
  await wellMade(page);

  await page.getByRole('button', { name: 'Compléter la demande' }).click();
  const note = page.locator('.note.remarks');
  await expect(note).toContainText(words(/2 remarques à traiter avant le /));
  await note.getByRole('link', { name: 'Description du projet' }).first().click();
  await expectStep(page, 'project');
  const description = control(page, DESCRIPTION);
  await expect(description).toBeFocused();
  await expect(description).toHaveAccessibleDescription(words(/Remarque de l’équipe Quelles démarches, exactement \?/));
  await expect(description).not.toHaveAttribute('aria-invalid');
  await expect(page.locator('#steps').getByRole('link', { name: /Le projet/ })).toContainText(words(/1 remarque/));
  await wellMade(page);

  await description.fill('Une personne ouvre un compte de dépôt, puis en consulte les pièces.');
  await expect(note).toContainText(words(/1 remarque à traiter/));
  await expectSaved(page);

  // The other one by keyboard alone.
  await note.getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await expectStep(page, 'data');
  await expect(control(page, RECIPIENTS)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Répondre sans modifier' })).toBeFocused();
  await page.keyboard.press('Enter');
  const reply = control(page, `reply.${RECIPIENTS}`);
  await expect(reply).toBeFocused();
  await page.keyboard.type('Le service de la conformité seul.');
  await expect(note).toContainText('Remarques traitées');
  await wellMade(page);

  // What is typed stays on the device until it is sent.
  await page.reload();
  await expect(reply).toHaveValue('Le service de la conformité seul.');
  await note.getByRole('link', { name: 'Relire et renvoyer la demande' }).click();
  await expectStep(page, 'review');
  const changes = page.locator('.changes');
  await expect(changes.locator('dt')).toHaveCount(1);
  await expect(changes.locator('del')).toContainText('Avant toute opération');
  await expect(changes.locator('ins')).toContainText('puis en consulte les pièces');
  await expect(changes).toContainText('Maintenant');
  await control(page, 'text').fill('Merci de votre relecture.');
  await wellMade(page);

  await page.getByRole('button', { name: 'Renvoyer la demande' }).click();
  await expectReceipt(page);
  expect((await stored(page, id)).state).toBe('submitted');
  const last = (await examiner.events(id)).at(-1);
  expect(last).toMatchObject({
    kind: 'submitted',
    submission: 2,
    text: 'Merci de votre relecture.',
    replies: [{ pointer: '/data/recipients', text: 'Le service de la conformité seul.' }],
  });
  const left = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':draft:')));
  expect(left, 'nothing stays on the device').toEqual([]);
});

test('a request that is sent again untouched is told what it lacks; a reply alone is enough', async ({
  page,
  request: api,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 422 /);
  const examiner = await Examiner.signedIn(api);
  const id = await asked(page, examiner, TWO_REMARKS.slice(1));
  await page.goto(`?demande=${id}&etape=review`);
  await page.getByRole('button', { name: 'Renvoyer la demande' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Rien n’a changé' })).toContainText('répondez à une remarque');
  await page.locator('.note.remarks').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Répondre sans modifier' }).click();
  await control(page, `reply.${RECIPIENTS}`).fill('Le service de la conformité.');
  await page.getByRole('link', { name: 'Revenir à la relecture' }).click();
  await page.getByRole('button', { name: 'Renvoyer la demande' }).click();
  await expectReceipt(page);
});

test('remarks are there without the network', async ({ page, request: api, context }) => {
  tolerate(/net::ERR_INTERNET_DISCONNECTED/, /Failed to load resource/);
  const examiner = await Examiner.signedIn(api);
  const id = await asked(page, examiner);
  await page.goto(`?demande=${id}&etape=data`);
  await fillAndSave(page, RECIPIENTS, 'Le service de la conformité.');
  // The page is there, its server is not.
  await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
  await page.goto(`?demande=${id}&etape=project`);
  await expect(control(page, DESCRIPTION)).toHaveAccessibleDescription(words(/Remarque de l’équipe/));
  await expect(page.locator('.note.remarks')).toContainText(words(/1 remarque à traiter/));
});

test('whoever edits while the team takes the request back is told so, and loses nothing', async ({
  page,
  request: api,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 409 /);
  const examiner = await Examiner.signedIn(api);
  const id = await asked(page, examiner);
  await page.goto(`?demande=${id}&etape=project`);
  await expect(control(page, DESCRIPTION)).toBeVisible();
  await examiner.act(id, { kind: 'resumed', text: 'Nous avons ce qu’il faut.' });
  await control(page, DESCRIPTION).fill('Trop tard');
  const told = page.getByRole('main');
  await expect(told).toContainText(
    words(/vos modifications sont gardées, mais ne peuvent plus être envoyées maintenant/),
  );
  await expect(told).not.toContainText('déjà été envoyée');

  await page.getByRole('button', { name: 'Voir la demande', exact: true }).click();
  await expectReceipt(page);
  await expect(page.getByRole('heading', { name: 'Des modifications n’ont pas été envoyées' })).toBeVisible();
  await expect(told).toContainText('Nous avons ce qu’il faut.');
  await wellMade(page);
  await page.reload();
  await page.getByRole('button', { name: 'Les garder dans une nouvelle demande' }).click();
  await expectStep(page, 'organisation');
  await follow(page.locator('#steps'), /Le projet/);
  await expect(control(page, DESCRIPTION)).toHaveValue('Trop tard');
});

test('a request that the team has taken back is not sent again, and its page tells why', async ({
  page,
  request: api,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 409 /);
  const examiner = await Examiner.signedIn(api);
  const id = await asked(page, examiner);
  await page.goto(`?demande=${id}&etape=review`);
  await control(page, 'text').fill('Voici.');
  await examiner.act(id, { kind: 'resumed', text: 'Nous avons ce qu’il faut.' });
  await page.getByRole('button', { name: 'Renvoyer la demande' }).click();
  await expectReceipt(page);
  await expect(page.locator('.warning')).toContainText('La demande n’a pas été envoyée');
  await expect(page.locator('.decision')).toContainText('Nous avons ce qu’il faut.');
});

test('both sides write; what is new is told once, and what was read is told to its author', async ({
  page,
  request: api,
}) => {
  const examiner = await Examiner.signedIn(api);
  const id = await submitted(page);
  await page.goto(`?demande=${id}`);
  const number = await expectReceipt(page);
  const row = page.getByRole('listitem').filter({ hasText: number });
  const thread = page.locator('.messages');
  await expect(thread).toContainText('Aucun message.');
  await thread.getByRole('button', { name: 'Envoyer' }).click();
  await expect(control(page, 'message')).toHaveAccessibleDescription(/Écrivez votre message/);
  await control(page, 'message').fill('Une question : <b>où</b> envoyer la suite ?');
  await page.reload();
  await expect(control(page, 'message')).toHaveValue('Une question : <b>où</b> envoyer la suite ?');
  await thread.getByRole('button', { name: 'Envoyer' }).click();
  const own = thread.getByRole('article', { name: /^Vous, le / });
  await expect(own).toContainText('<b>où</b>');
  await expect(control(page, 'message')).toHaveValue('');
  await expect(told(page)).toHaveText('Message envoyé');

  await examiner.read(id);
  await examiner.act(id, { kind: 'message', text: 'Ici : https://partenaires.franceconnect.gouv.fr/aide.' });
  await page.goto('?page=demandes');
  await expect(row).toContainText(words(/1 nouveauté/));
  await page.goto(`?demande=${id}`);
  await expect(told(page)).toHaveText(words(/1 nouveau message/));
  await expect(own).toContainText('Lu le ');
  const answer = thread.getByRole('article', { name: /^Claire Marchand/ });
  await expect(answer).toContainText('Nouveau');
  const link = answer.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://partenaires.franceconnect.gouv.fr/aide');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await wellMade(page);
  await page.goto('?page=demandes');
  await expect(row).toBeVisible();
  await expect(row).not.toContainText('nouveauté');
});

test('an accepted request has its sheet, and its contacts change at their step; a refusal leaves it valid', async ({
  page,
  request: api,
}) => {
  const examiner = await Examiner.signedIn(api);
  const id = await submitted(page);
  await examiner.act(id, { kind: 'accepted' });
  await page.goto(`?demande=${id}`);
  await page.locator('summary').filter({ hasText: 'Fiche technique' }).click();
  await expect(page.locator('.technical-sheet')).toContainText('eidas3');
  await expect(page.locator('.technical-sheet')).toContainText('openid family_name');
  await wellMade(page);

  await page.getByRole('button', { name: 'Changer les contacts' }).click();
  await expectStep(page, 'people');
  await fillAndSave(page, 'people.technical.email', 'nouveau.contact@marais-bleu.example');
  await follow(page.locator('#steps'), /Les engagements/);
  for (const path of ['terms.accepted', 'terms.dpo_informed', 'terms.alternative_offered']) {
    await control(page, path).check();
  }
  await follow(page.locator('#steps'), /L’organisation/);
  await control(page, 'organisation.member').check();
  await expectSaved(page);
  await follow(page.locator('#steps'), /Relire/);
  await expect(page.locator('.changes ins')).toContainText('nouveau.contact@marais-bleu.example');
  await page.getByRole('button', { name: 'Envoyer la modification' }).click();
  await expectReceipt(page);

  await examiner.act(id, { kind: 'refused', text: 'Ce contact n’est pas joignable.' });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'La modification est refusée' })).toBeVisible();
  await expect(page.locator('.decision')).toContainText('Ce contact n’est pas joignable.');
  await expect(page.locator('.decision')).toContainText(words(/reste valable/));
  await expect(page.getByRole('heading', { name: 'Votre habilitation est en vigueur' })).toBeVisible();
  await expect(page.locator('summary').filter({ hasText: 'Vos recours' })).toBeVisible();
  await wellMade(page);
});

test('a refused request tells its reasons and appeals, and can be archived', async ({ page, request: api }) => {
  const examiner = await Examiner.signedIn(api);
  const id = await submitted(page);
  await examiner.act(id, { kind: 'refused', text: 'Hors du cadre de l’arrêté.' });
  await page.goto(`?demande=${id}`);
  await expect(page.locator('.decision')).toContainText('Hors du cadre de l’arrêté.');
  await page.locator('summary').filter({ hasText: 'Vos recours' }).click();
  await expect(page.getByRole('main')).toContainText('tribunal administratif');
  await wellMade(page);
  await page.getByRole('button', { name: 'Archiver' }).click();
  await page.getByRole('button', { name: 'Oui, archiver' }).click();
  await expect(page.getByRole('heading', { name: 'Votre demande est archivée' })).toBeVisible();
  await expect(control(page, 'message')).toHaveCount(0);
});
