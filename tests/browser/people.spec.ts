/**
 * Two people in one request: an invitation, what each may do, what the other saves, and a right that ends in the middle.
 */
import type { Page } from '@playwright/test';
import { store, stored } from './api.ts';
import { STALE, tolerate } from './complaints.ts';
import { control, expectStep } from './form.ts';
import { anotherBrowser, expect, expectSaved, expectWellMade, signedIn, test, words } from './harness.ts';
import { type Draft, request } from './requests.ts';

const NAME = 'project.name';
const DESCRIPTION = 'project.description';
const COLLEAGUE = 'karim.saidi@vallon-les-pres.example';

function answers(): Draft {
  return structuredClone(request('identity-check-company').draft);
}

/** Opens the list of the people of a request beside its form. */
async function openPeople(page: Page): Promise<void> {
  await page.getByText('Qui participe à cette demande ?').click();
  await expect(page.getByRole('heading', { name: 'Personnes' })).toBeVisible();
}

/** Lets a page ask what others did, as it does whenever its window is looked at. */
async function lookAt(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

/** Invites somebody from a step of a request that is being filled in. */
async function invite(page: Page, email: string, part: RegExp): Promise<void> {
  await openPeople(page);
  await page.getByLabel('Adresse e-mail professionnelle').fill(email);
  await page.getByRole('radio', { name: part }).check();
  await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await expect(page.getByRole('heading', { name: 'Invitations en attente' })).toBeVisible();
  await expect(page.locator('.people-panel')).toContainText(email);
}

test('a colleague who is invited changes the draft beside its owner, and sends nothing', async ({
  page,
  complaints,
}) => {
  // axe looks at four pages.
  test.slow();
  tolerate(STALE);
  await signedIn(page);
  const id = await store(page, answers());
  await page.goto(`?demande=${id}&etape=project`);
  await invite(page, COLLEAGUE, /Modifier la demande/);
  await expectWellMade(page);

  const other = await anotherBrowser(page, complaints);
  await signedIn(other, 1);
  await other.goto('?page=demandes');
  await other.getByRole('link', { name: 'Voir les invitations' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Invitations');
  await expectWellMade(other);
  await other
    .getByRole('listitem')
    .filter({ hasText: 'Noémie' })
    .getByRole('button', { name: /Accepter/ })
    .first()
    .click();
  await other.getByRole('link', { name: 'Ouvrir la demande' }).click();
  await expect(other).toHaveURL(new RegExp(`demande=${id}`));

  await other.goto(`?demande=${id}&etape=review`);
  await expect(other.getByText('Seule la personne titulaire peut envoyer la demande.')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Envoyer la demande' })).toHaveCount(0);

  // What one saves arrives with the other, and leaves alone what they type.
  await other.goto(`?demande=${id}&etape=project`);
  await control(other, DESCRIPTION).fill('Deux personnes écrivent ici.');
  await expectSaved(other);
  await control(page, NAME).fill('Un nom que la titulaire écrit');
  await expectSaved(page);
  await lookAt(page);
  await expect(control(page, DESCRIPTION)).toHaveValue('Deux personnes écrivent ici.');
  await expect(control(page, NAME)).toHaveValue('Un nom que la titulaire écrit');
  await lookAt(page);
  await expect(page.locator('.presence')).toContainText('Karim Saïdi a aussi ouvert cette demande');
  const { draft } = await stored(page, id);
  expect(draft).toMatchObject({
    project: { name: 'Un nom que la titulaire écrit', description: 'Deux personnes écrivent ici.' },
  });

  await other.goto('?page=demandes');
  await expect(other.getByRole('listitem').filter({ hasText: 'Un nom que la titulaire écrit' })).toContainText(
    'Vous modifiez',
  );
});

test('what an editor types after they were removed stays on their device, with words', async ({ page, complaints }) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 40[34] /);
  await signedIn(page);
  const id = await store(page, answers());
  await page.goto(`?demande=${id}&etape=project`);
  await invite(page, COLLEAGUE, /Modifier la demande/);
  const other = await anotherBrowser(page, complaints);
  await signedIn(other, 1);
  await other.goto('?page=invitations');
  await other
    .getByRole('button', { name: /Accepter/ })
    .last()
    .click();
  await other.getByRole('link', { name: 'Ouvrir la demande' }).click();
  await other.goto(`?demande=${id}&etape=project`);
  await expectStep(other, 'project');

  await lookAt(page);
  const colleague = page.locator('.people-panel').getByRole('listitem').filter({ hasText: 'Karim Saïdi' });
  await colleague.getByRole('button', { name: /Retirer/ }).click();
  await colleague.getByRole('button', { name: 'Oui, retirer' }).click();
  await expect(colleague).toHaveCount(0);

  await control(other, DESCRIPTION).fill('Écrit après avoir été retiré.');
  await expect(other.getByRole('heading', { name: 'Vous ne participez plus à cette demande' })).toBeVisible();
  await expect(control(other, DESCRIPTION)).toHaveValue('Écrit après avoir été retiré.');
  await other.getByRole('button', { name: 'Les garder dans une nouvelle demande' }).click();
  await expect(other).not.toHaveURL(new RegExp(`demande=${id}`));
  await expectSaved(other);
  await other.goto(`${new URL(other.url()).search.replace('organisation', 'project')}`);
  await expect(control(other, DESCRIPTION)).toHaveValue('Écrit après avoir été retiré.');
});

test('a reader reads a draft, and is told why nothing can be changed', async ({ page, complaints }) => {
  await signedIn(page);
  const id = await store(page, answers());
  await page.goto(`?demande=${id}&etape=project`);
  await invite(page, COLLEAGUE, /Consulter la demande/);
  const other = await anotherBrowser(page, complaints);
  await signedIn(other, 1);
  await other.goto('?page=invitations');
  await other
    .getByRole('button', { name: /Accepter/ })
    .last()
    .click();
  await other.getByRole('link', { name: 'Ouvrir la demande' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Brouillon');
  await expect(other.getByText(words(/pour la consulter : vous pouvez tout lire/))).toBeVisible();
  await expect(other.locator('form input[name^="project"]')).toHaveCount(0);
  await expectWellMade(other);
});

test('the token of a link leaves the address at once, and outlasts signing in', async ({ page }) => {
  tolerate(/api\/invitations: Failed to load resource: .* 404 /);
  await page.goto('?invitation=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstwcM');
  await expect(page).toHaveURL(/\?page=invitations$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  await page.getByRole('main').getByRole('button').first().click();
  await expect(page.getByText(words(/Ce lien n’ouvre plus rien :/))).toBeVisible();
  await expect(page).toHaveURL(/\?page=invitations$/);
});

test('the link of a card that opens nothing says so to somebody who never signed in', async ({ page }) => {
  tolerate(/api\/cards\/\S+: Failed to load resource: .* 404 /);
  await page.goto('?card=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstwcM');
  await expect(page).toHaveURL(/\?page=coordonnees$/);
  await expect(page.getByText(words(/Ce lien n’ouvre plus rien :/))).toBeVisible();
  await expectWellMade(page);
});
