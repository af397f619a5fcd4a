/**
 * Several tabs of one browser share one draft.
 */
import { STALE, tolerate } from './complaints.ts';
import { copies, writtenByAnotherTab } from './device.ts';
import { expectStored, fillAndSave, open, openTwice } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, test, told, words } from './harness.ts';

test('what is typed in one tab shows in the other, marked and told once', async ({ page }) => {
  tolerate(STALE);
  const [other] = await openTwice(page);
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(control(other, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(other.getByText('Réponse changée dans un autre onglet')).toBeVisible();
  await expect(told(other)).toHaveText('Changé ailleurs : Nom du projet');
  await expectSaved(page);
  await expectSaved(other);
  await control(other, 'project.name').fill('Guichet des sentiers');
  await expect(other.getByText('Réponse changée dans un autre onglet')).toHaveCount(0);
  await control(page, 'project.name').blur();
  await expect(control(page, 'project.name')).toHaveValue('Guichet des sentiers');
});

test('what another tab wrote right before a key, unheard of so far, is kept with what is typed', async ({ page }) => {
  tolerate(STALE);
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  const [key = ''] = await copies(page);
  await writtenByAnotherTab(page, key, { yearly_volume: '4200' });
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  await expectSaved(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('a field that somebody is at does not change under their hands, and they are told', async ({ page }) => {
  tolerate(STALE);
  const [other] = await openTwice(page, 'project', { project: { name: 'Guichet' } });
  await control(other, 'project.name').focus();
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(other.getByRole('main')).toContainText(
    words(/Elle est maintenant « Guichet citoyen », et s’affichera quand vous quitterez ce champ/),
  );
  await expect(control(other, 'project.name')).toHaveValue('Guichet');
  await control(page, 'project.name').fill('Guichet des citoyens');
  await expect(other.getByRole('main')).toContainText(words(/Elle est maintenant « Guichet des citoyens »/));
  await control(other, 'project.name').blur();
  await expect(control(other, 'project.name')).toHaveValue('Guichet des citoyens');
  await expect(other.locator('.remote-change')).not.toContainText('quand vous quitterez ce champ');
});

test('a draft deleted in one tab is no longer shown in the other', async ({ page }) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 410 /);
  const [other] = await openTwice(page, 'project', { project: { name: 'À supprimer ici' } });
  await page.goto('?page=demandes');
  await page.getByRole('button', { name: 'Supprimer À supprimer ici' }).click();
  await page.getByRole('button', { name: 'Oui, supprimer' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Page introuvable');
});
