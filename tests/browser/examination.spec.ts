/**
 * The team's side: requests are found in the queue, sent back, accepted and refused, and nobody is outrun unknowingly.
 */
import type { Page } from '@playwright/test';
import { sameOrigin, stored } from './api.ts';
import { tolerate } from './complaints.ts';
import { anotherBrowser, axe, expect, expectWellMade, test, words } from './harness.ts';
import { act, enter, examine, outcome, submit, submitted, write } from './team.ts';

/** What the browser itself logs of acts that are refused. */
const REFUSED_ACT = /api\/examination\/requests\/\S+: Failed to load resource: .* (409|412|422) /;

test('a request is found in the queue, sent back with a remark, mended and accepted', async ({ page }) => {
  const id = await submitted(page);
  await page.goto('?page=connexion');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  // A page that is left before the answer may find itself signed in once more.
  await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
  await page.goto('?page=connexion');
  await expect(page.getByRole('heading', { name: 'L’équipe FranceConnect' })).toBeVisible();
  await page.getByRole('button', { name: /Claire Marchand/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Examen des demandes');
  await expect(page.getByRole('navigation', { name: 'Pages de l’équipe' }).getByRole('link')).not.toHaveCount(0);
  await page.getByLabel(/^Rechercher/).fill((await numberOf(page, id)) ?? '');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await expect(page).toHaveURL(/recherche=FC-/);
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Demande FC-/);
  await expect(page.getByText(words(/Échéance dans \d+ jours/))).toBeVisible();

  await page.getByRole('button', { name: 'Prendre en charge' }).click();
  await expect(outcome(page)).toBeFocused();
  await expect(page.getByText(/^Confiée à Claire Marchand/)).toBeVisible();

  await page.getByRole('button', { name: words(/Ajouter une remarque : Description du projet/) }).click();
  const remark = page.locator('[name="remark.project.description"]');
  await expect(remark).toBeFocused();
  await remark.fill('Quelles démarches, exactement ?');
  // It is on the device until it is sent.
  await page.reload();
  await expect(remark).toHaveValue('Quelles démarches, exactement ?');
  await act(page, 'changes_requested').getByRole('button', { name: 'Demander ces compléments' }).click();
  await expect(outcome(page)).toHaveText('Compléments demandés');
  await expect(outcome(page)).toBeFocused();
  await expect(page.getByText('Suspendu')).toBeVisible();
  await expect(remark).toHaveCount(0);

  await enter(page, 'noemie');
  await page.goto(`?demande=${id}`);
  await expect(page.getByRole('main')).toContainText('Quelles démarches, exactement ?');
  const { revision, draft } = await stored(page, id);
  const project = { ...(draft['project'] as object), description: 'Demander un acte de naissance.' };
  const saved = await page.request.put(`api/requests/${id}`, {
    data: { schema: 1, draft: { ...draft, project } },
    headers: { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` },
  });
  expect(saved.status()).toBe(200);
  await submit(page, id);

  await examine(page, 'claire', id);
  const changed = page.locator('[data-changed]');
  await expect(changed).toHaveCount(1);
  await expect(changed.locator('del')).toContainText('avant');
  await expect(changed.locator('ins')).toContainText(words(/maintenant Demander un acte de naissance/));
  await expect(page.locator('.follow-up')).toHaveText('Modifiée');
  await act(page, 'accepted').getByRole('button', { name: 'Accepter la demande' }).click();
  await expect(outcome(page)).toHaveText('Demande acceptée');
  await expect(page).toHaveTitle(/Acceptée/);
  await expect(act(page, 'refused')).toHaveCount(0);
  await expect(act(page, 'revoked')).toBeVisible();
  expect((await stored(page, id).catch(() => undefined))?.state).toBeUndefined();
  await enter(page, 'noemie');
  expect((await stored(page, id)).state).toBe('accepted');
});

test('a refusal has its reasons, and can be taken back', async ({ page }) => {
  const id = await submitted(page);
  await examine(page, 'claire', id);
  const refusal = act(page, 'refused');
  await refusal.getByRole('button', { name: 'Refuser la demande' }).click();
  await expect(refusal.locator('[name=text]')).toBeFocused();
  await expect(refusal.locator('.message')).toBeVisible();
  await refusal.locator('[name=text]').fill('Le service n’entre pas dans le cadre du texte.');
  await refusal.getByRole('button', { name: 'Refuser la demande' }).click();
  await expect(outcome(page)).toHaveText('Demande refusée');
  const resumption = act(page, 'resumed');
  await resumption.locator('[name=text]').fill('Après votre recours.');
  await resumption.getByRole('button', { name: 'Reprendre l’examen' }).click();
  await expect(outcome(page)).toHaveText('Examen repris');
});

test('of two who decide, the second is told who did what; what the applicant wrote is read first', async ({
  page,
  complaints,
}) => {
  tolerate(REFUSED_ACT);
  const id = await submitted(page);
  await examine(page, 'claire', id);
  const idris = await anotherBrowser(page, complaints);
  await examine(idris, 'idris', id);
  const noemie = await anotherBrowser(page, complaints);
  await enter(noemie, 'noemie');
  await write(noemie, id, 'Attendez, s’il vous plaît.');

  await act(page, 'accepted').getByRole('button', { name: 'Accepter la demande' }).click();
  await expect(page.getByText('Le demandeur vient d’écrire. Lisez son message, puis décidez.')).toBeVisible();
  await expect(outcome(page)).toBeFocused();
  await expect(page.locator('.message-entry')).toContainText('Attendez, s’il vous plaît.');
  await act(page, 'accepted').getByRole('button', { name: 'Accepter la demande' }).click();
  await expect(outcome(page)).toHaveText('Demande acceptée');

  await act(idris, 'refused').locator('[name=text]').fill('Non.');
  await act(idris, 'refused').getByRole('button', { name: 'Refuser la demande' }).click();
  await expect(idris.getByText(words(/Claire Marchand vient d’accepter cette demande/))).toBeVisible();
  await expect(outcome(idris)).toHaveText('Votre décision n’a pas été prise');
});

test('acting on what is somebody else’s asks once, by keyboard alone', async ({ page }) => {
  const id = await submitted(page);
  await examine(page, 'idris', id);
  await page.getByRole('button', { name: 'Prendre en charge' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Confiée à Idris Benali/)).toBeVisible();
  await examine(page, 'claire', id);
  await page.getByRole('navigation', { name: 'Décisions' }).getByRole('button', { name: 'Refuser' }).focus();
  await page.keyboard.press('Enter');
  await expect(act(page, 'refused').getByRole('heading')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Non.');
  // Past the preview of the mail.
  await page.keyboard.press('Tab');
  await expect(act(page, 'refused').getByText('Aperçu du courriel')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Non', exact: true })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toHaveText('Demande refusée');
});

test('a reader sees everything and no action', async ({ page }) => {
  const id = await submitted(page);
  await write(page, id, 'Bonjour.');
  await examine(page, 'odile', id);
  await expect(page.locator('.message-entry')).toContainText('Bonjour.');
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
});

test('applicants get neither the pages of the team nor their code', async ({ page }) => {
  const id = await submitted(page);
  const asked: string[] = [];
  page.on('request', (call) => asked.push(call.url()));
  for (const address of [`?examen=${id}`, '?page=examen', '?page=statistiques']) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/introuvable|n’existe pas/i);
    await expect(page.getByRole('link', { name: 'Examen', exact: true })).toHaveCount(0);
  }
  await page.goto('?page=demandes');
  await expect(page.getByRole('main')).toContainText('FC-');
  expect(asked.filter((url) => /api\/examination|_team\.wasm/.test(url))).toEqual([]);
});

test('the queue and the examination have nothing for axe to say and fit a phone', async ({ page }) => {
  const id = await submitted(page);
  await write(page, id, 'Bonjour.');
  await enter(page, 'claire');
  await page.goto('?page=examen');
  await expect(page.getByRole('table')).toBeVisible();
  await page.getByText('Filtres').click();
  await expectWellMade(page);
  await page.getByRole('link', { name: /^Échéance/ }).click();
  await expect(page.getByRole('columnheader', { name: /^Échéance/ })).toHaveAttribute('aria-sort', 'descending');
  await page.goto('?page=examen&recherche=introuvable');
  await expect(page.getByText('Aucune demande ne correspond.')).toBeVisible();
  await axe(page);

  await examine(page, 'claire', id);
  await page.getByRole('button', { name: words(/Ajouter une remarque : Nom du projet/) }).click();
  await act(page, 'refused').getByRole('button', { name: 'Refuser la demande' }).click();
  await expect(act(page, 'refused').locator('.message')).toBeVisible();
  await expectWellMade(page);
});

/** The number of a request, as the team reads it. */
async function numberOf(page: Page, id: string): Promise<string> {
  const answer = await page.request.get(`api/examination/requests/${id}`);
  return ((await answer.json()) as { number: string }).number;
}
