/**
 * Saves that the service refuses for what is in them: nothing is lost, the page says what to do, and once that is done
 * saving goes on by itself.
 */
import { stored } from './api.ts';
import { open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, expectWellMade, line, test } from './harness.ts';

test('answers that are too long stay here, the page leads to the longest, and shortening it saves them', async ({
  page,
  tolerated,
}) => {
  tolerated.push(/api\/requests\/\S+: Failed to load resource: .* 413 /);
  const id = await open(page);
  const long = 'Les habitants inscrivent leurs enfants. '.repeat(7_000);
  await control(page, 'project.name').fill('Guichet citoyen');
  await control(page, 'project.description').fill(long);
  const main = page.getByRole('main');
  await expect(
    main.getByRole('heading', { name: 'Vos réponses sont trop longues pour être enregistrées' }),
  ).toBeVisible();
  await expect(main).toContainText('Raccourcissez les textes les plus longs : l’enregistrement reprendra de lui-même');
  await expect(line(page)).toContainText('Trop de texte – gardé sur cet appareil');
  await expectWellMade(page);

  await page.reload();
  await expect(control(page, 'project.description')).toHaveValue(long);
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  const longest = main.locator('.note').getByRole('link');
  await expect(longest).toHaveCount(1);
  await longest.click();
  await expect(control(page, 'project.description')).toBeFocused();
  await control(page, 'project.description').fill('Les habitants inscrivent leurs enfants.');
  await expectSaved(page);
  await expect(main).not.toContainText('trop longues');
  expect((await stored(page, id)).draft).toMatchObject({
    project: { name: 'Guichet citoyen', description: 'Les habitants inscrivent leurs enfants.' },
  });
});

test('an answer that is not understood stays here, the page leads to it, and typing it anew saves it', async ({
  page,
  tolerated,
}) => {
  tolerated.push(/api\/requests\/\S+: Failed to load resource: .* 400 /);
  const id = await open(page);
  await page.route(/api\/requests\/[^/]+$/, (route, call) => {
    if (call.method() !== 'PUT' || !call.postData()?.includes('Guichet ♞')) return route.fallback();
    return route.fulfill({
      status: 400,
      contentType: 'application/problem+json',
      json: {
        type: '/problems/invalid-body',
        title: 'The body is not understood',
        status: 400,
        detail: 'A text holds a character that is not taken.',
        instance: new URL(call.url()).pathname,
        errors: [{ pointer: '/draft/project/name', code: 'wrong_value' }],
      },
    });
  });
  await control(page, 'project.yearly_volume').fill('4200');
  await control(page, 'project.name').fill('Guichet ♞');
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'Une réponse n’a pas pu être enregistrée' })).toBeVisible();
  await expect(main).toContainText(
    'Saisissez de nouveau la réponse qui n’a pas été enregistrée, sans caractère spécial : l’enregistrement reprendra de lui-même',
  );
  await expect(line(page)).toContainText('Enregistrement refusé – gardé sur cet appareil');
  await expectWellMade(page);

  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet ♞');
  await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  await main.locator('.note').getByRole('link', { name: 'Nom du projet' }).click();
  await expect(control(page, 'project.name')).toBeFocused();
  await control(page, 'project.name').fill('Guichet citoyen');
  await expectSaved(page);
  await expect(main).not.toContainText('n’a pas pu être enregistrée');
  expect((await stored(page, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});
