/**
 * A translated page goes on telling the truth: what changes is shown once, as it is now, and nothing breaks.
 */
import type { Locator, Page } from '@playwright/test';
import { store } from './api.ts';
import { STALE, tolerate } from './complaints.ts';
import { expectStored, fillAndSave, open } from './draft.ts';
import { sample } from './files.ts';
import { choose, control, expectStep, fileRow, follow, goOn, openRequest } from './form.ts';
import { expect, expectSaved, line, signIn, test } from './harness.ts';
import { element, expectStepOf, openPortal, signInFrom, test as inPortal } from './portal.ts';
import { type Manner, MARK, translate } from './translate.ts';

const MANNERS: readonly Manner[] = ['texts are replaced', 'lines are put together anew'];

/** Expects that words stand there, translated, and nothing of what stood there before. */
async function says(where: Locator, words: RegExp): Promise<void> {
  await expect(where).toHaveText(new RegExp(`^\\s*${words.source}${MARK}\\s*$`, words.flags));
}

for (const manner of MANNERS) {
  test(`where ${manner}, a request is filled in, saved and read as it is`, async ({ page }) => {
    const id = await open(page);
    await translate(page.locator('body'), manner);
    await control(page, 'project.name').fill('Guichet citoyen');
    await says(line(page), /Enregistré à \d+\sh\s\d+/);
    await expectStored(page, id, { project: { name: 'Guichet citoyen' } });

    // A counter, as it counts.
    const counter = page.locator('.character-count').first();
    const max = 5_000;
    await control(page, 'project.description').fill('a'.repeat(max - 5));
    await expect(counter).toContainText('5');
    await control(page, 'project.description').fill('a'.repeat(max - 3));
    await expect(counter).toContainText('3');
    await expect(counter).not.toContainText('5');

    // Findings come and go.
    await goOn(page);
    await expect(page.locator('.error-summary')).toContainText(/réponses sont à donner/);
    await control(page, 'project.launch_date').fill('31/02/2031');
    await goOn(page);
    const message = page.locator('[id="project.launch_date-message"]');
    await expect(message).toContainText('une date qui existe');
    await control(page, 'project.launch_date').fill('01/09/2031');
    await expect(message).toHaveCount(0);

    // A file, all the way.
    await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
    await says(fileRow(page, 'plan.pdf').locator('.file-state'), /Envoyé/);
    await expect(fileRow(page, 'plan.pdf').getByRole('button')).toHaveText(`Retirer${MARK} plan.pdf`);
    await fileRow(page, 'plan.pdf').getByRole('button').click();
    await expect(fileRow(page, 'plan.pdf')).toHaveCount(0);

    // Steps, one after the other, and how far each is.
    await page.getByRole('link', { name: /Les données/ }).click();
    await expectStep(page, 'data');
    await says(page.locator('.progress-text'), /Étape 3 sur 8 · \d+\sétapes? complètes?/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(new RegExp(`^[^${MARK}]+${MARK}$`));
    await control(page, 'data.scopes', 'email').check();
    await expect(page.locator('#scope')).toHaveText('openid email');
    await control(page, 'data.scopes', 'given_name').check();
    await expect(page.locator('#scope')).toHaveText('openid given_name email');
    await page.getByRole('link', { name: /Relire et envoyer/ }).click();
    await expectStep(page, 'review');
    await expect(page.getByText('Guichet citoyen', { exact: true })).toBeVisible();
    await expectSaved(page);

    await page.getByRole('link', { name: 'Mes demandes' }).click();
    await expect(page.getByRole('link', { name: 'Guichet citoyen', exact: true }).first()).toBeVisible();
    await expect(page.locator('.save-status')).toBeEmpty();
  });

  test(`where ${manner}, what changed elsewhere is shown`, async ({ page }) => {
    tolerate(STALE);
    const id = await open(page);
    await translate(page.locator('body'), manner);
    const other = await page.context().newPage();
    await openRequest(other, id, 'project');
    await fillAndSave(other, 'project.yearly_volume', '4200');
    await expect(page.locator('.remote-change')).toContainText('Réponse changée');
    await expect(page.locator('.remote-change')).toHaveCount(1);
    await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  });

  inPortal(`where ${manner}, the element in a portal tells the truth`, async ({ page, portal }) => {
    await openPortal(page, portal);
    await signInFrom(page);
    await expectStepOf(element(page), 'organisation');
    await translate(element(page), manner);
    await follow(element(page), /Le projet/);
    await expectStepOf(element(page), 'project');
    await element(page).locator('[name="project.name"]').fill('Carte de bibliothèque');
    await says(element(page).locator('.save-status'), /Enregistré à \d+\sh\s\d+/);
    await says(element(page).locator('.progress-text'), /Étape 2 sur 8 · \d+\sétapes? complètes?/);
    await element(page).getByRole('button', { name: 'Suivant' }).click();
    await expect(element(page).locator('.error-summary')).toContainText(/réponses sont à donner/);
    await follow(element(page), /Les données/);
    await expectStepOf(element(page), 'data');
    await says(element(page).locator('.progress-text'), /Étape 3 sur 8 · \d+\sétapes? complètes?/);
  });
}

test('names that a person gave are not translated', async ({ page }) => {
  await signIn(page);
  const id = await store(page, { project: { name: 'Mairie 2031' } });
  const untranslated = async (where: Page | Locator, words: string): Promise<void> => {
    const node = where.getByText(words, { exact: true }).first();
    await expect(node).toBeVisible();
    expect(await node.evaluate((element) => element.closest('[translate=no]') !== null), words).toBe(true);
  };
  await page.goto('?page=demandes');
  await untranslated(page.getByRole('main'), 'Mairie 2031');
  await page.goto(`?demande=${id}&etape=review`);
  await untranslated(page.getByRole('main'), 'Mairie 2031');
});
