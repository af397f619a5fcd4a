/**
 * The controls of a demonstration leave alone what a visitor is at: the focus, and what they chose.
 */
import { expect } from './harness.ts';
import { test } from './static.ts';

test('days that pass take neither the focus nor what an examiner chose, and erasing everything sets the clock back', async ({
  page,
}) => {
  const main = page.getByRole('main');
  const advance = page.getByRole('button', { name: 'Avancer de 30 jours' });
  const today = page.getByText('La démonstration est au');
  await page.goto('?page=demandes');
  await page.getByRole('button', { name: 'Charger des exemples' }).click();
  await main.locator('.request').filter({ hasText: 'En cours d’examen' }).first().getByRole('link').click();
  await page.getByRole('button', { name: 'l’équipe FranceConnect' }).click();
  await expect(page).toHaveURL(/\?examen=/);
  const answerBy = page.locator('[name=answer_by]');
  await answerBy.fill('2030-03-25');
  await answerBy.blur();
  await advance.focus();
  await page.keyboard.press('Enter');
  await expect(today).toBeVisible();
  await expect(answerBy).toHaveValue('2030-03-25');
  await expect(advance).toBeFocused();

  const applicant = page.getByRole('button', { name: 'la demandeuse' });
  await applicant.click();
  // A page that is left at once is that of the team still.
  await expect(applicant).toHaveAttribute('aria-pressed', 'true');
  await page.goto('?page=demandes');
  await expect(today).toBeVisible();
  await page.getByRole('button', { name: 'Tout effacer' }).click();
  await page.getByRole('button', { name: 'Oui, tout effacer' }).click();
  await expect(main.locator('.request')).toHaveCount(0);
  await expect(today).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});
