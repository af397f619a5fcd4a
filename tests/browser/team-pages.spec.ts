/**
 * The tools of the team: templates that begin what it writes, previews of mails, deliveries, and the mails of a demonstration.
 */
import type { Page } from '@playwright/test';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { anotherBrowser, axe, expect, expectWellMade, test, told, unreliable, words } from './harness.ts';
import { act, enter, examine, outcome, submitted } from './team.ts';

/** What the browser itself logs of a template that changed meanwhile. */
const STALE_TEMPLATE = /api\/examination\/templates\/\S+: Failed to load resource: .* 412 /;

/** Opens a page of the team by its links. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages de l’équipe' }).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
}

/** Writes a template in the form that is open, and saves it. */
async function fillTemplate(page: Page, title: string, use: string, text: string): Promise<void> {
  await page.getByLabel('Titre').fill(title);
  await page.getByLabel('Usage').selectOption({ label: use });
  await page.locator('#template-text').fill(text);
  await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
}

/** Adds a template on the page of templates. */
async function addTemplate(page: Page, title: string, use: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Ajouter un modèle' }).click();
  await expect(page.getByLabel('Titre')).toBeFocused();
  await fillTemplate(page, title, use, text);
  await expect(page.getByRole('heading', { level: 3, name: title })).toBeFocused();
}

test('a template is added, begins an act, replaces no text unasked, and its mail is read before it leaves', async ({
  page,
}) => {
  const id = await submitted(page);
  await enter(page, 'claire');
  await page.goto('?page=examen');
  await open(page, 'Modèles');
  await expect(page).toHaveTitle(/^Modèles/);
  await addTemplate(page, 'Hors du cadre', 'Refus', 'La demande {numero}, « {projet} », sort du cadre.');
  await expect(told(page)).toHaveText('Modèle enregistré');

  await examine(page, 'claire', id);
  const refusal = act(page, 'refused');
  const text = refusal.locator('[name=text]');
  await refusal.getByLabel('Partir d’un modèle').selectOption({ label: 'Hors du cadre' });
  await refusal.getByRole('button', { name: 'Utiliser ce modèle' }).click();
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(/^La demande FC-\S+, « .+ », sort du cadre\.$/);
  await text.fill('Mes propres raisons.');
  await refusal.getByRole('button', { name: 'Utiliser ce modèle' }).click();
  await expect(refusal.getByRole('button', { name: 'Garder mon texte' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue('Mes propres raisons.');

  await refusal.getByText('Aperçu du courriel').click();
  const mail = refusal.locator('.mail-preview');
  await expect(mail).toContainText('Au demandeur');
  await expect(mail).toContainText(words(/Objet : \[FC-\S+\] Demande refusée/));
  await expect(mail).toContainText('Mes propres raisons.');
  await text.fill('D’autres raisons.');
  await expect(mail).toContainText('D’autres raisons.');
  await expectWellMade(page);
  const shown = (await mail.locator('.answer').innerText()).replace(/\s+/g, ' ');
  await refusal.getByRole('button', { name: 'Refuser la demande' }).click();
  await expect(outcome(page)).toHaveText('Demande refusée');

  // What leaves is what was shown.
  const answer = await page.request.get('api/demo/mail');
  const { mails } = (await answer.json()) as { mails: { request: string; mail: string; body: string }[] };
  const left = mails.find((one) => one.request === id && one.mail === 'refused');
  expect(left?.body.replace(/\s+/g, ' ').trim()).toBe(shown.trim());
});

test('of two who change a template, the second loses nothing and chooses', async ({ page, complaints }) => {
  tolerate(STALE_TEMPLATE);
  await enter(page, 'claire');
  await page.goto('?page=modeles');
  await addTemplate(page, 'Pièce manquante', 'Demande de compléments', 'Il manque une pièce.');
  const idris = await anotherBrowser(page, complaints);
  await enter(idris, 'idris');
  for (const one of [page, idris]) {
    await one.goto('?page=modeles');
    await one.getByRole('button', { name: words(/^Modifier le modèle Pièce manquante/) }).click();
  }
  await idris.locator('#template-text').fill('Il manque une pièce, dit Idris.');
  await idris.getByRole('button', { name: 'Enregistrer le modèle' }).click();
  await expect(idris.getByRole('heading', { level: 3, name: 'Pièce manquante' })).toBeFocused();
  await page.locator('#template-text').fill('Il manque une pièce, dit Claire.');
  await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
  await expect(page.getByRole('heading', { name: 'Ce modèle a changé' })).toBeFocused();
  await page.getByText('Version enregistrée', { exact: true }).click();
  await expect(page.getByText('Il manque une pièce, dit Idris.')).toBeVisible();
  await expectWellMade(page);
  // It is on the device until it is saved.
  await page.reload();
  await expect(page.locator('#template-text')).toHaveValue('Il manque une pièce, dit Claire.');
  await page.getByRole('button', { name: 'Enregistrer ma version' }).click();
  await expect(page.getByRole('heading', { level: 3, name: 'Pièce manquante' })).toBeFocused();
  await idris.reload();
  await idris.getByText('Texte du modèle Pièce manquante').click();
  await expect(idris.getByText('Il manque une pièce, dit Claire.')).toBeVisible();
});

test('a template is deleted by keyboard once it is confirmed, and what is wrong is told at its field', async ({
  page,
}) => {
  await enter(page, 'claire');
  await page.goto('?page=modeles');
  await page.getByRole('button', { name: 'Ajouter un modèle' }).click();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Titre')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Titre')).toBeFocused();
  await expectWellMade(page);
  await fillTemplate(page, 'À supprimer', 'Message', 'Bonjour.');
  await expect(page.getByRole('heading', { level: 3, name: 'À supprimer' })).toBeFocused();
  await page.getByRole('button', { name: words(/^Supprimer le modèle À supprimer/) }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Non', exact: true })).toBeFocused();
  await axe(page);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 3, name: 'À supprimer' })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a reader reads templates and deliveries, and changes none', async ({ page }) => {
  await submitted(page);
  await enter(page, 'odile');
  const buttons = page.getByRole('main').getByRole('button');
  await page.goto('?page=modeles');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Modèles');
  await expect(buttons).toHaveCount(0);
  await page.goto('?page=envois');
  await expect(page.getByRole('table')).toContainText('Demande bien reçue');
  await expect(buttons).toHaveText(['Actualiser']);
});

test('deliveries are listed by state, lead to their request, and are sent again', async ({ page }) => {
  const id = await submitted(page);
  await page.request.get('api/demo/mail');
  await enter(page, 'claire');
  await page.goto('?page=envois');
  await expect(page.getByText('Aucun courriel n’est envoyé')).toBeVisible();
  const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${id}"]`) });
  await expect(row.first()).toContainText('Parti');
  await expectWellMade(page);
  await row
    .filter({ hasText: 'Demandeur' })
    .getByRole('button', { name: /^Envoyer de nouveau/ })
    .click();
  await expect(told(page)).toHaveText('Nouvel essai demandé');
  await expect(row.filter({ hasText: 'Demandeur' })).toContainText(words(/2 essais/));
  await page.getByRole('navigation', { name: 'États' }).getByRole('link', { name: 'Revenus' }).click();
  await expect(page).toHaveURL(/etat=bounced/);
  await expect(page.getByText('Aucun envoi ne correspond.')).toBeVisible();
  await axe(page);
});

test('the mails of a demonstration are read on its page', async ({ page }) => {
  await submitted(page);
  await page.goto('?page=courriels');
  await expect(page).toHaveTitle(/^Courriels/);
  await page
    .getByText(words(/Au demandeur, le .* : Demande bien reçue/))
    .first()
    .click();
  await expect(page.getByText(words(/Objet : \[FC-\S+\] Demande bien reçue/)).first()).toBeVisible();
  await expectWellMade(page);
});

test('everybody finds what is in force, and a search stands in the address', async ({ page }) => {
  const id = await submitted(page);
  await examine(page, 'claire', id);
  const number = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Demande ', '');
  await act(page, 'accepted').getByRole('button', { name: 'Accepter la demande' }).click();
  await expect(outcome(page)).toHaveText('Demande acceptée');
  // Nothing of the examination may still be on its way when the session is gone.
  await page.goto('?page=aide');
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole('link', { name: 'habilitations en vigueur' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByRole('table')).toContainText(`${number}-1`);
  await page.getByLabel(/^Rechercher/).fill(number);
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await expect(page).toHaveURL(/recherche=FC-/);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  await expectWellMade(page);
  const file = await page.request.get('habilitations.csv');
  expect(await file.text()).toContain(`${number}-1`);
  await expect(page.getByRole('link', { name: /CSV/ })).toHaveAttribute('href', 'habilitations.csv');
  await page.goto('?page=habilitations&recherche=introuvable');
  await expect(page.getByText('Aucune habilitation ne correspond')).toBeVisible();
});

unreliable('what is written of a template stays on the device while nobody answers', async ({ page, network }) => {
  tolerate(NO_ANSWER);
  await enter(page, 'claire');
  await page.goto('?page=modeles');
  await page.getByRole('button', { name: 'Ajouter un modèle' }).click();
  network.down();
  await fillTemplate(page, 'Sans réseau', 'Message', 'Bonjour.');
  await expect(page.getByRole('alert').filter({ hasText: 'gardé sur cet appareil' })).toBeVisible();
  network.up();
  await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
  await expect(page.getByRole('heading', { level: 3, name: 'Sans réseau' })).toBeFocused();
});
