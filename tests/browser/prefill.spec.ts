/**
 * A link that answers in the person's place.
 */
import { count } from './api.ts';
import { fillAndSave } from './draft.ts';
import { control, expectStep, follow } from './form.ts';
import { axe, expect, signIn, test } from './harness.ts';

const PROPOSED = 'Réponse proposée par le lien que vous avez suivi';

test('what a link proposes is marked, and is saved only once the person has acted', async ({ page }) => {
  await signIn(page);
  const before = await count(page);
  const answers = {
    'organisation.siret': '21750126700017',
    'organisation.name': 'Ville de Rivemarche',
    'organisation.kind': 'company',
    'project.name': 'Cafe\u0301 des usagers',
    'data.scopes': 'given_name family_name',
    'legal.url': 'https://texte.example/\u202egnp',
  };
  await page.goto(`?demande=nouvelle&${new URLSearchParams(answers)}`);
  await expectStep(page, 'organisation');
  expect(page.url()).not.toContain('project.name');
  // What is known of the person comes before what a link says.
  await expect(control(page, 'organisation.siret')).not.toHaveValue('');
  await expect(control(page, 'organisation.siret')).not.toHaveValue('21750126700017');
  await expect(control(page, 'organisation.name')).not.toHaveValue('Ville de Rivemarche');
  await expect(control(page, 'organisation.kind', 'company')).not.toBeChecked();
  await expect(page.getByText(PROPOSED)).toHaveCount(0);
  await follow(page, /Le projet/);
  const name = control(page, 'project.name');
  await expect(name).toHaveValue('Café des usagers');
  await expect(page.getByText(PROPOSED)).toHaveCount(1);
  await expect(name).toHaveAccessibleDescription(new RegExp(PROPOSED));
  await axe(page);
  await follow(page, /Les données/);
  await expect(control(page, 'data.scopes', 'family_name')).toBeChecked();
  await follow(page, /Le cadre juridique/);
  await expectStep(page, 'legal');
  await expect(control(page, 'legal.url')).toHaveValue('https://texte.example/gnp');
  await expect(page.getByText(PROPOSED)).toHaveCount(1);
  // Looking is not acting.
  expect(await count(page)).toBe(before);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => /draft|copy/.test(key)).length)).toBe(0);

  await fillAndSave(page, 'legal.basis', 'Arrêté du 8 novembre 2018');
  expect(await count(page)).toBe(before + 1);
  await control(page, 'legal.url').fill('https://texte.example/autre');
  await expect(page.getByText(PROPOSED)).toHaveCount(0);
  await follow(page, /Le projet/);
  await expect(page.getByText(PROPOSED)).toHaveCount(1);
});
