/**
 * A page that was left open while the service moved on to a newer version: it guesses at nothing, loses nothing, and says
 * to load it again.
 */
import { store, stored } from './api.ts';
import { tolerate } from './complaints.ts';
import { expectStored, open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, expectWellMade, line, signIn, unreliable as test } from './harness.ts';
import { problem, SAVES } from './network.ts';

test('a request of a newer version is shown to be read, and nothing is written over', async ({ page }) => {
  await signIn(page);
  const id = await store(page, { project: { name: 'Guichet' } });
  await page.route(/api\/requests\/[^/]+$/, async (route) => {
    const answer = await route.fetch();
    const json = (await answer.json()) as { draft: { project: object } };
    const project = { ...json.draft.project, name: 'Guichet 2', yearly_volume: 4200, colour: ['bleu'] };
    await route.fulfill({ response: answer, json: { ...json, schema: 9, draft: { ...json.draft, project } } });
  });
  await page.goto(`?demande=${id}&etape=project`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cette demande vient d’une version plus récente');
  await expect(page.getByRole('main')).toContainText('Guichet 2');
  await expect(page.getByRole('button', { name: 'Recharger la page' })).toBeVisible();
  await expect(control(page, 'project.name')).toHaveCount(0);
  await expectWellMade(page);
  expect(await stored(page, id)).toMatchObject({ revision: 1, draft: { project: { name: 'Guichet' } } });
});

const current = { schema: 9, revision: 7, updated_at: '2026-11-25T12:00:00Z' };

for (const [name, status, more] of [
  ['reads no draft of this version any more', 400, { errors: [{ pointer: '/schema', code: 'unknown_value' }] }],
  ['holds what a newer page wrote', 412, { current: { ...current, draft: {} } }],
  ['holds what this page cannot even read', 412, { current: { ...current, draft: { project: ['Guichet'] } } }],
] as const) {
  test(`where the service ${name}, answers stay here until the page is loaded again`, async ({ page, network }) => {
    tolerate(new RegExp(`api/requests/\\S+: Failed to load resource: .* ${status} `));
    const id = await open(page);
    network.answer(problem('made-up', status, more), SAVES);
    const calls = network.count(SAVES);
    await control(page, 'project.name').fill('Guichet citoyen');
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { name: 'Cette page n’est plus à jour' })).toBeVisible();
    await expect(main).not.toContainText('Raccourcissez');
    await expect(line(page)).toContainText('Page à recharger – gardé sur cet appareil');
    await expectWellMade(page);
    // Nothing is sent again, whatever is typed.
    await control(page, 'project.yearly_volume').fill('4200');
    await control(page, 'project.yearly_volume').blur();
    await expect(line(page)).toContainText('Page à recharger');
    expect(network.count(SAVES) - calls).toBe(1);

    network.up();
    await main.getByRole('button', { name: 'Recharger la page' }).click();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await expectSaved(page);
    await expectStored(page, id, {
      project: { name: 'Guichet citoyen', yearly_volume: '4200' },
    });
  });
}
