/**
 * The built files on a host without our server: one visitor plays the applicant and the team, and nothing leaves the device.
 */
import { expectReceipt, fill, send } from './form.ts';
import { expect, expectWellMade, words } from './harness.ts';
import { request } from './requests.ts';
import { test } from './static.ts';

test('a visitor sends a request, examines it as the team, and sees the answer as the applicant', async ({ page }) => {
  const main = page.getByRole('main');
  await page.goto('?demande=nouvelle');
  await fill(page, request('town-hall').draft);
  await send(page);
  const number = await expectReceipt(page);

  await page.getByRole('button', { name: 'l’équipe FranceConnect' }).click();
  await expect(page.getByRole('button', { name: 'l’équipe FranceConnect' })).toHaveAttribute('aria-pressed', 'true');
  // The team sees what the applicant was looking at.
  await expect(main).toContainText(number);
  await page.getByRole('link', { name: 'Examen', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Examen des demandes');
  await expect(page.getByRole('table')).toContainText(number);
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Charger des exemples' }).click();
  await expect(page.getByRole('link', { name: words(/Toutes \(8\)/) })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('row').filter({ hasText: number }).getByRole('link').click();
  await main.getByRole('button', { name: words(/Ajouter une remarque : Nom du projet/) }).click();
  await page.locator('[name="remark.project.name"]').fill('Est-ce le nom que vos usagers connaissent ?');
  await main.getByRole('button', { name: 'Demander ces compléments' }).click();
  await expect(page.locator('#outcome')).toHaveText('Compléments demandés');
  // Who examines is kept on the device, too.
  await page.reload();
  await expect(main).toContainText('Suspendu');

  await page.goto('?page=statistiques');
  const whole = page.getByRole('table').getByRole('row').last();
  await expect(whole.getByRole('cell').first()).toHaveText('8');
  await expect(page.getByRole('link', { name: /CSV/ })).toHaveAttribute('href', /^data:text\/csv/);

  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.goto('?page=connexion');
  await main.getByRole('button').first().click();
  await main.locator('.request').filter({ hasText: number }).getByRole('link').click();
  await expect(main.locator('.badge').first()).toHaveText('Compléments demandés');
  await expect(main).toContainText('Est-ce le nom que vos usagers connaissent ?');
});
