/**
 * A link that answers in the person's place.
 */
import { control, expectStep, openStep } from './form.ts';
import { expect, signIn, test } from './harness.ts';

test('a link fills in what it may, and leaves the address once it is read', async ({ page }) => {
  await signIn(page);
  const answers = {
    'project.name': 'Carte de bibliothèque',
    'data.scopes': 'given_name family_name',
    'people.dpo.email': 'quelquun@rivemarche.example',
    'terms.accepted': 'true',
  };
  await page.goto(`?demande=nouvelle&${new URLSearchParams(answers)}`);
  await expectStep(page, 'organisation');
  expect(page.url()).not.toContain('project.name');
  await control(page, 'organisation.name').fill('Ville de Rivemarche');
  await expect(page.locator('.saved')).toContainText(/^Enregistré/);
  await openStep(page, 'project');
  await expect(control(page, 'project.name')).toHaveValue('Carte de bibliothèque');
  await openStep(page, 'data');
  await expect(control(page, 'data.scopes', 'family_name')).toBeChecked();
  await openStep(page, 'people');
  await expect(control(page, 'people.dpo.email')).toHaveValue('');
  await openStep(page, 'terms');
  await expect(control(page, 'terms.accepted')).not.toBeChecked();
});
