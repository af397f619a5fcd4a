/**
 * Everything around the form: the start page, signing in and out, the list of requests, the theme.
 */
import { readFile } from 'node:fs/promises';
import { count, store } from './api.ts';
import { control, expectReceipt, expectStep, openRequest, send } from './form.ts';
import { expect, requestId, signedIn, signIn, signOut, test } from './harness.ts';
import { PAGES } from './places.ts';
import { request } from './requests.ts';

test('from the start page, a person signs in and lands in a new request filled with what is known', async ({
  page,
}) => {
  await page.goto('');
  await page.getByRole('link', { name: 'Commencer une demande' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  const person = page.getByRole('main').getByRole('button').first();
  const name = await person.locator('.name').innerText();
  await person.click();
  await expectStep(page, 'organisation');
  await expect(page.getByRole('banner')).toContainText(name);
  await expect(control(page, 'organisation.applicant.family_name')).not.toHaveValue('');
  await expect(control(page, 'organisation.siret')).not.toHaveValue('');
  await expect(control(page, 'organisation.member')).not.toBeChecked();
});

test('the first answer makes the request, which the list then shows', async ({ page }) => {
  await signedIn(page);
  const before = await count(page);
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Montaigu-sur-Rive');
  await expect.poll(() => count(page)).toBe(before + 1);
  await page.getByRole('link', { name: 'Mes demandes' }).click();
  await expect(page.getByRole('main')).toContainText('Commune de Montaigu-sur-Rive');
});

test('a shared address of a step asks to sign in, then shows that step', async ({ page, context }) => {
  await signIn(page);
  const id = await store(page, request('town-hall').draft);
  await signOut(page);
  await page.goto(`?demande=${id}&etape=legal`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  await page.getByRole('main').getByRole('button').first().click();
  await expectStep(page, 'legal');
  await expect(control(page, 'legal.url')).toHaveValue(/^https:/);
  const cookies = await context.cookies();
  expect(cookies.every(({ sameSite }) => sameSite === 'Lax')).toBe(true);
  // Only the mark that somebody is signed in is for scripts to read.
  expect(cookies.filter(({ httpOnly }) => !httpOnly).map(({ value }) => value)).toEqual(['1']);
});

test('a session is recognised even where the device remembers nothing', async ({ page }) => {
  await signIn(page);
  const id = await store(page, request('town-hall').draft);
  await page.evaluate(() => localStorage.clear());
  await openRequest(page, id, 'legal');
});

test('the list finds a request by its words and its state', async ({ page }) => {
  await signedIn(page, 2);
  await store(page, request('town-hall').draft);
  const id = await store(page, request('digital-health').draft);
  await openRequest(page, id, 'review');
  await send(page);
  const number = await expectReceipt(page);

  await page.goto('?page=demandes');
  const main = page.getByRole('main');
  await expect(main.getByRole('link', { name: 'Guichet citoyen de Vallon-les-Prés' })).toBeVisible();
  await page.getByRole('searchbox').fill('télésuivi');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await expect(main.getByRole('link', { name: 'Guichet citoyen de Vallon-les-Prés' })).toHaveCount(0);
  await expect(main).toContainText(number);
  await expect(main.getByRole('list').getByText('En cours d’examen')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox').selectOption('draft');
  await expect(main.getByRole('link', { name: 'Guichet citoyen de Vallon-les-Prés' })).toBeVisible();
  await expect(main).not.toContainText(number);
});

test('a draft can be deleted, once the person is sure', async ({ page }) => {
  await signedIn(page, 1);
  await store(page, { project: { name: 'Essai à supprimer' } });
  await page.goto('?page=demandes');
  const link = page.getByRole('main').getByRole('link', { name: 'Essai à supprimer' });
  await page.getByRole('button', { name: 'Supprimer Essai à supprimer' }).click();
  await expect(link).toBeVisible();
  await page.getByRole('button', { name: 'Oui, supprimer' }).click();
  await expect(link).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(link).toHaveCount(0);
});

test('a submitted request is read-only, and can be duplicated without its commitments', async ({ page }) => {
  const { draft } = request('identity-check-company');
  await signedIn(page);
  await openRequest(page, await store(page, draft), 'review');
  await send(page);
  await expectReceipt(page);
  const submitted = requestId(page);
  await page.goto(`?demande=${submitted}&etape=project`);
  await expectReceipt(page);
  await expect(control(page, 'project.name')).toHaveCount(0);

  await page.getByRole('button', { name: 'Dupliquer en un nouveau brouillon' }).click();
  await expectStep(page, 'organisation');
  expect(requestId(page)).not.toBe(submitted);
  await expect(control(page, 'organisation.name')).toHaveValue('Caisse de crédit du Marais bleu');
  await page
    .getByRole('navigation', { name: 'Étapes de la demande' })
    .getByRole('link', { name: /engagements/ })
    .click();
  await expectStep(page, 'terms');
  for (const box of await page.getByRole('main').getByRole('checkbox').all()) await expect(box).not.toBeChecked();
});

test('the eligibility check answers each kind of asker, and never bars the way', async ({ page }) => {
  await page.goto(String(PAGES['eligibility']));
  const main = page.getByRole('main');
  // Told as well as shown.
  const answer = main;
  const told = page.locator('.habilitation > [role=status]');
  await main.getByRole('radio', { name: /particulier/ }).check();
  await expect(answer).toContainText('Les particuliers ne font pas de demande');
  await expect(told).toHaveText('Les particuliers ne font pas de demande');
  await main.getByRole('radio', { name: /administration/ }).check();
  await expect(answer).toContainText('Votre organisation peut faire une demande');
  await main.getByRole('radio', { name: /entreprise/ }).check();
  await main.getByRole('radio', { name: /changement d’adresse/ }).check();
  await expect(answer).toContainText('Votre organisation peut faire une demande');
  await main.getByRole('radio', { name: /autre cas/ }).check();
  await expect(answer).toContainText('n’est probablement pas éligible');
  await expect(told).toContainText('n’est probablement pas éligible');
  await expect(main.getByRole('link', { name: 'Commencer une demande' })).toBeVisible();
});

test('an address that can be read in two ways names nothing', async ({ page }) => {
  const addresses = await readFile(new URL('../addresses.txt', import.meta.url), 'utf8');
  for (const address of addresses.trim().split('\n')) {
    await page.goto(`?${address.replaceAll('CHALLENGE', 'A'.repeat(43))}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/n’existe pas|introuvable/i);
  }
});

test('the theme that was chosen is kept', async ({ page }) => {
  await page.goto(String(PAGES['display']));
  const background = (): Promise<string> =>
    page.locator('.habilitation').evaluate((node) => getComputedStyle(node).backgroundColor);
  const light = await background();
  await page.getByRole('radio', { name: 'Sombre', exact: true }).check();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Sombre', exact: true })).toBeChecked();
  expect(await background()).toBe(dark);
});

test('help tells whom to turn to, with the addresses of the configuration', async ({ page }) => {
  await page.goto(String(PAGES['help']));
  const main = page.getByRole('main');
  await expect(main.getByRole('link', { name: 'support.partenaires@franceconnect.gouv.fr' }).first()).toBeVisible();
  await expect(main.getByRole('link', { name: 'datapass@api.gouv.fr' }).first()).toBeVisible();
});
