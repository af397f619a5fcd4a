/**
 * Saves that the service refuses for what is in them: nothing is lost, the page says what to do, and once that is done
 * saving goes on by itself.
 */
import type { Page } from '@playwright/test';
import { tolerate } from './complaints.ts';
import { expectStored, fillAndSave, open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectWellMade, line, requestId, unreliable as test } from './harness.ts';
import { problem, SAVES } from './network.ts';

/** Words of the page about a refusal: its heading, what to do, the line of the save. */
type Told = [heading: string, advice: string, status: string];

/** Expects that the page says so, keeps all answers of the project, leads to the refused one, and saves it once it is given anew. */
async function expectMended(page: Page, told: Told, kept: Record<string, string>, refused: string, anew: string) {
  const [heading, advice, status] = told;
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: heading })).toBeVisible();
  await expect(main).toContainText(`${advice} : l’enregistrement reprendra de lui-même`);
  await expect(line(page)).toContainText(`${status} – gardé sur cet appareil`);
  await expectWellMade(page);

  await page.reload();
  for (const [name, text] of Object.entries(kept)) await expect(control(page, `project.${name}`)).toHaveValue(text);
  const link = main.locator('.note').getByRole('link');
  await expect(link).toHaveCount(1);
  await link.click();
  await expect(control(page, `project.${refused}`)).toBeFocused();
  await fillAndSave(page, `project.${refused}`, anew);
  await expect(main).not.toContainText(heading);
  await expectStored(page, requestId(page), { project: { ...kept, [refused]: anew } });
}

test('answers that are too long stay here, the page leads to the longest, and shortening it saves them', async ({
  page,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 413 /);
  await open(page);
  const kept = { name: 'Guichet citoyen', description: 'Les habitants inscrivent leurs enfants. '.repeat(7_000) };
  await control(page, 'project.name').fill(kept.name);
  await control(page, 'project.description').fill(kept.description);
  const told: Told = [
    'Vos réponses sont trop longues pour être enregistrées',
    'Raccourcissez les textes les plus longs',
    'Trop de texte',
  ];
  await expectMended(page, told, kept, 'description', 'Les habitants inscrivent leurs enfants.');
});

test('an answer that is not understood stays here, the page leads to it, and typing it anew saves it', async ({
  page,
  network,
}) => {
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 400 /);
  await open(page);
  const errors = [{ pointer: '/draft/project/name', code: 'wrong_value' }];
  network.answer(problem('invalid-body', 400, { errors }), { ...SAVES, body: /Guichet #/ });
  const kept = { yearly_volume: '4200', name: 'Guichet #' };
  await control(page, 'project.yearly_volume').fill(kept.yearly_volume);
  await control(page, 'project.name').fill(kept.name);
  const told: Told = [
    'Une réponse n’a pas pu être enregistrée',
    'Saisissez de nouveau la réponse qui n’a pas été enregistrée, sans caractère spécial',
    'Enregistrement refusé',
  ];
  await expectMended(page, told, kept, 'name', 'Guichet citoyen');
});
