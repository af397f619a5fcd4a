/**
 * A page that was left open while the service moved on to a newer version: it guesses at nothing, loses nothing, and says
 * to load it again.
 */
import type { Route } from '@playwright/test';
import { store, stored } from './api.ts';
import { tolerate } from './complaints.ts';
import { control, openRequest } from './form.ts';
import { expect, expectSaved, expectWellMade, line, signedIn, signIn, test } from './harness.ts';

const REQUEST = /api\/requests\/[^/]+$/;

function problem(route: Route, status: number, more: object): Promise<void> {
  const { pathname } = new URL(route.request().url());
  return route.fulfill({
    status,
    contentType: 'application/problem+json',
    json: { type: '/problems/made-up', title: 'Made up', status, detail: 'Made up.', instance: pathname, ...more },
  });
}

test('a request of a newer version is shown to be read, and nothing is written over', async ({ page }) => {
  await signIn(page);
  const id = await store(page, { project: { name: 'Guichet' } });
  await page.route(REQUEST, async (route) => {
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

for (const [name, status, more] of [
  ['reads no draft of this version any more', 400, { errors: [{ pointer: '/schema', code: 'unknown_value' }] }],
  [
    'holds what a newer page wrote',
    412,
    { current: { schema: 9, revision: 7, updated_at: '2026-11-25T12:00:00Z', draft: {} } },
  ],
  [
    'holds what this page cannot even read',
    412,
    { current: { schema: 9, revision: 7, updated_at: '2026-11-25T12:00:00Z', draft: { project: ['Guichet'] } } },
  ],
] as const) {
  test(`where the service ${name}, answers stay here until the page is loaded again`, async ({ page }) => {
    tolerate(new RegExp(`api/requests/\\S+: Failed to load resource: .* ${status} `));
    await signedIn(page);
    const id = await store(page, {});
    await openRequest(page, id, 'project');
    let refused = 0;
    await page.route(REQUEST, (route) => {
      if (route.request().method() !== 'PUT') return route.fallback();
      refused += 1;
      return problem(route, status, more);
    });
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
    expect(refused).toBe(1);

    await page.unroute(REQUEST);
    await main.getByRole('button', { name: 'Recharger la page' }).click();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await expectSaved(page);
    expect((await stored(page, id)).draft).toMatchObject({
      project: { name: 'Guichet citoyen', yearly_volume: '4200' },
    });
  });
}
