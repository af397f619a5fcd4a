/**
 * Several tabs of one browser share one draft.
 */
import type { Page } from '@playwright/test';
import { store, stored } from './api.ts';
import { STALE, tolerate } from './complaints.ts';
import { copies, writtenByAnotherTab } from './device.ts';
import { fillAndSave } from './draft.ts';
import { control, openRequest } from './form.ts';
import { expect, expectSaved, signedIn, signIn, test, told, words } from './harness.ts';
import type { Step } from './requests.ts';

/** One draft in two tabs. */
async function twoTabs(page: Page, step: Step = 'project', draft = {}): Promise<[Page, Page]> {
  await signIn(page);
  const id = await store(page, draft);
  const other = await page.context().newPage();
  for (const tab of [page, other]) {
    await openRequest(tab, id, step);
  }
  return [page, other];
}

test('what is typed in one tab shows in the other, marked and told once', async ({ page }) => {
  tolerate(STALE);
  const [one, other] = await twoTabs(page);
  await control(one, 'project.name').fill('Guichet citoyen');
  await expect(control(other, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(other.getByText('Réponse changée dans un autre onglet')).toBeVisible();
  await expect(told(other)).toHaveText('Changé ailleurs : Nom du projet');
  await expectSaved(one);
  await expectSaved(other);
  await control(other, 'project.name').fill('Guichet des sentiers');
  await expect(other.getByText('Réponse changée dans un autre onglet')).toHaveCount(0);
  await control(one, 'project.name').blur();
  await expect(control(one, 'project.name')).toHaveValue('Guichet des sentiers');
});

test('what another tab wrote right before a key, unheard of so far, is kept with what is typed', async ({ page }) => {
  tolerate(STALE);
  await signedIn(page);
  const id = await store(page, {});
  await page.goto(`?demande=${id}&etape=project`);
  await fillAndSave(page, 'project.name', 'Guichet');
  const [key = ''] = await copies(page);
  await writtenByAnotherTab(page, key, { yearly_volume: '4200' });
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  await expectSaved(page);
  expect((await stored(page, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('a field that somebody is at does not change under their hands, and they are told', async ({ page }) => {
  tolerate(STALE);
  const [one, other] = await twoTabs(page, 'project', { project: { name: 'Guichet' } });
  await control(other, 'project.name').focus();
  await control(one, 'project.name').fill('Guichet citoyen');
  await expect(other.getByRole('main')).toContainText(
    words(/Elle est maintenant « Guichet citoyen », et s’affichera quand vous quitterez ce champ/),
  );
  await expect(control(other, 'project.name')).toHaveValue('Guichet');
  await control(one, 'project.name').fill('Guichet des citoyens');
  await expect(other.getByRole('main')).toContainText(words(/Elle est maintenant « Guichet des citoyens »/));
  await control(other, 'project.name').blur();
  await expect(control(other, 'project.name')).toHaveValue('Guichet des citoyens');
  await expect(other.locator('.remote-change')).not.toContainText('quand vous quitterez ce champ');
});

test('a draft deleted in one tab is no longer shown in the other', async ({ page }) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 410 /);
  const [one, other] = await twoTabs(page, 'project', { project: { name: 'À supprimer ici' } });
  await one.goto('?page=demandes');
  await one.getByRole('button', { name: 'Supprimer À supprimer ici' }).click();
  await one.getByRole('button', { name: 'Oui, supprimer' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Page introuvable');
});
