/**
 * A link that answers in the person's place.
 */
import { fillAndSave } from './draft.ts';
import { count, store, stored } from './api.ts';
import { control, expectStep, follow, openStep } from './form.ts';
import { axe, expect, signIn, signedIn, test } from './harness.ts';

const PROPOSED = 'Réponse proposée par le lien que vous avez suivi';

test('a link fills in what it may, and leaves the address once it is read', async ({ page }) => {
  await signedIn(page);
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
  await expect(page.locator('.save-status')).toContainText(/^Enregistré/);
  await openStep(page, 'project');
  await expect(control(page, 'project.name')).toHaveValue('Carte de bibliothèque');
  await openStep(page, 'data');
  await expect(control(page, 'data.scopes', 'family_name')).toBeChecked();
  await openStep(page, 'people');
  await expect(control(page, 'people.dpo.email')).toHaveValue('');
  await openStep(page, 'terms');
  await expect(control(page, 'terms.accepted')).not.toBeChecked();
});

test('what a link proposes is marked, and is saved only once the person has acted', async ({ page }) => {
  await signIn(page);
  const before = await count(page);
  const answers = {
    'organisation.siret': '21750126700017',
    'organisation.name': 'Ville de Rivemarche',
    'organisation.kind': 'company',
    'project.name': 'Cafe\u0301 des usagers',
    'legal.url': 'https://texte.example/\u202egnp',
  };
  await page.goto(`?demande=nouvelle&${new URLSearchParams(answers)}`);
  await expectStep(page, 'organisation');
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

test('a link to a draft that is there changes nothing in it', async ({ page }) => {
  await signedIn(page);
  const id = await store(page, { project: { name: 'Le mien' } });
  const answers = { 'legal.url': 'https://ailleurs.example/', 'project.name': 'Le leur' };
  await page.goto(`?demande=${id}&etape=legal&${new URLSearchParams(answers)}`);
  await expectStep(page, 'legal');
  expect(page.url()).not.toContain('legal.url');
  await expect(control(page, 'legal.url')).toHaveValue('');
  await expect(page.getByText(PROPOSED)).toHaveCount(0);
  // Nor does what comes next take it up.
  await fillAndSave(page, 'legal.basis', 'Un décret');
  const { draft } = await stored(page, id);
  expect(draft).toMatchObject({ project: { name: 'Le mien' }, legal: { url: '', basis: 'Un décret' } });
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  await follow(page, /Le projet/);
  await expect(control(page, 'project.name')).toHaveValue('');
});
