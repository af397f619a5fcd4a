/**
 * The built files on a host without our server: a whole request in the page itself, as a demonstration.
 */
import { control, expectAnswers, expectReceipt, expectStep, fill, fillStep, goOn, openStep, send } from './form.ts';
import { axe, expect, expectWellMade, requestId, told } from './harness.ts';
import { request, STEPS } from './requests.ts';
import { banner, test } from './static.ts';

test('a request is filled, reloaded at each step, submitted and duplicated', async ({ page }) => {
  const { draft } = request('town-hall');
  await page.goto('');
  await expect(banner(page)).toBeVisible();
  await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
  for (const step of STEPS) {
    await openStep(page, step);
    if (step === 'review') break;
    await fillStep(page, draft, step);
    await expect(page.locator('.save-status')).toHaveText('Gardé sur cet appareil');
    await page.reload();
    await expectStep(page, step);
    await expectAnswers(page, draft, step);
  }
  const submitted = requestId(page);
  await send(page);
  expect(await expectReceipt(page)).toMatch(/^FC-\d{4}-000001$/);
  await expect(page.getByRole('main')).toContainText('n’est partie nulle part');
  await page.reload();
  await expectReceipt(page);

  await page.getByRole('button', { name: /Dupliquer/ }).click();
  await expectStep(page, 'organisation');
  expect(requestId(page)).not.toBe(submitted);
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon-les-Prés');
  await page.getByRole('link', { name: 'Mes demandes' }).first().click();
  await expect(page.getByRole('main')).toContainText('FC-');
  await page.getByLabel('État').selectOption('submitted');
  await expect(page.getByRole('main').locator('.request')).toHaveCount(1);
});

test('what was sent is taken back, then taken up again and sent under its number', async ({ page }) => {
  const main = page.getByRole('main');
  const events = main.locator('.history li');
  await page.goto('?demande=nouvelle');
  await fill(page, request('town-hall').draft);
  await send(page);
  const number = await expectReceipt(page);
  await expect(main).toContainText('Réponse attendue avant le');
  await expect(main.locator('[aria-current="step"]')).toContainText('Examinée');
  await expect(events).toHaveCount(1);
  await axe(page);

  await page.getByRole('button', { name: 'Retirer la demande' }).click();
  await expect(page.getByRole('button', { name: 'Non, la garder' })).toBeFocused();
  await page.getByRole('button', { name: 'Oui, retirer' }).click();
  await expect(main.locator('.badge')).toHaveText('Retirée');
  await expect(events).toHaveCount(2);
  await axe(page);

  await page.getByRole('button', { name: 'Reprendre la demande' }).click();
  // What was promised is to be promised anew.
  await expectStep(page, 'organisation');
  await control(page, 'organisation.member').check();
  await openStep(page, 'terms');
  for (const box of await main.getByRole('checkbox').all()) await box.check();
  await goOn(page);
  await expectStep(page, 'review');
  await send(page);
  expect(await expectReceipt(page)).toBe(number);
  await expect(events).toHaveCount(4);
});

test('it opens by its folder, by its file and by the address of a step', async ({ page, context }) => {
  for (const entry of ['', 'index.html']) {
    await page.goto(entry);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
  }
  await page.goto('index.html?page=demandes');
  await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.save-status')).toHaveText('Gardé sur cet appareil');
  const id = requestId(page);
  for (const entry of ['', 'index.html']) {
    const other = await context.newPage();
    await other.goto(`${entry}?demande=${id}&etape=organisation`);
    await expect(control(other, 'organisation.name')).toHaveValue('Commune de Vallon');
    await other.close();
  }
});

test('an example fills what has no answer, and only that', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de mon choix');
  await page.getByRole('button', { name: 'Remplir avec un exemple' }).click();
  await expect(told(page)).toContainText('remplies avec un exemple');
  await openStep(page, 'people');
  await expect(control(page, 'people.technical.email')).toHaveValue('y.dherouville@guichets-et-cie.example');
  await openStep(page, 'organisation');
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de mon choix');
  // What only a person can say is left to them.
  await expect(control(page, 'organisation.member')).not.toBeChecked();
  await control(page, 'organisation.member').check();
  await openStep(page, 'terms');
  for (const box of await page.getByRole('main').getByRole('checkbox').all()) await box.check();
  await goOn(page);
  await expectStep(page, 'review');
  await send(page);
  await expectReceipt(page);
});

test('signing out and in again goes on where one was', async ({ page }) => {
  await page.goto('');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.goto('?page=connexion');
  await expect(page.getByRole('button', { name: 'Se déconnecter' })).toBeVisible();
});

test('it is well made, wide and narrow', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await expect(page.getByRole('button', { name: 'Remplir avec un exemple' })).toBeVisible();
  await expectWellMade(page);
});
