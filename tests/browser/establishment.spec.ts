/**
 * What a public directory says of the number of an establishment: to the applicant beside the field, and to the team beside the answers.
 */
import type { Page } from '@playwright/test';
import { sameOrigin, store, stored } from './api.ts';
import { BROKEN, CLOSED, directory, OPEN } from './directory.ts';
import { control, openRequest } from './form.ts';
import { anotherBrowser, expect, expectSaved, expectWellMade, signedIn, test as base, told, words } from './harness.ts';
import { type Draft, request } from './requests.ts';
import { dist, Server } from './server.ts';

const SIRET = 'organisation.siret';
const NAME = 'organisation.name';
const KIND = 'organisation.kind';

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const asked = await directory();
      const server = await Server.start(dist, ['--organisation-api', asked.address]);
      await use(server);
      await server.stop();
      await asked.stop();
    },
    { scope: 'worker' },
  ],
});

test.beforeEach(async ({ page }) => signedIn(page));

/** Opens the first step of a request without answers. */
async function openEmpty(page: Page): Promise<string> {
  const id = await store(page, {});
  await openRequest(page, id, 'organisation');
  return id;
}

test('by keyboard alone, a name and a kind are taken over once they are asked for', async ({ page }) => {
  await openEmpty(page);
  await control(page, NAME).fill('Le ministère');
  await control(page, SIRET).focus();
  await page.keyboard.type(OPEN);
  await expect(told(page)).toContainText('MINISTERE DES CHEMINS CREUX, à VALLON-LES-PRES');
  await expect(control(page, NAME)).toHaveValue('Le ministère');
  await expectWellMade(page);

  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Reprendre ce nom' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(control(page, NAME)).toBeFocused();
  await expect(control(page, NAME)).toHaveValue('MINISTERE DES CHEMINS CREUX');
  await expect(page.getByRole('button', { name: 'Reprendre ce nom' })).toHaveCount(0);

  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: words(/Choisir « Une administration »/) })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(control(page, KIND, 'administration')).toBeFocused();
  await expect(control(page, KIND, 'administration')).toBeChecked();

  await page.getByRole('button', { name: 'Remettre ce que j’avais écrit' }).press('Enter');
  await expect(control(page, NAME)).toHaveValue('Le ministère');
  await expectSaved(page);
});

test('a closed establishment, an unknown one and a directory that is away hold nobody up', async ({ page }) => {
  const id = await openEmpty(page);
  const advice = page.locator('.establishment');
  for (const [siret, said] of [
    [CLOSED, /est fermé depuis le 12 mars 2024/],
    [BROKEN, /ne répond pas/],
    ['11000001500013', /ne connaît pas ce numéro/],
  ] as const) {
    await control(page, SIRET).fill(siret);
    await expect(advice).toContainText(words(said));
    await expect(advice.getByRole('button')).toHaveCount(0);
    await expectWellMade(page);
    const link = advice.getByRole('link', { name: 'Annuaire des entreprises' });
    if (siret === BROKEN) {
      await expect(link).toHaveAttribute('href', `https://annuaire-entreprises.data.gouv.fr/etablissement/${siret}`);
    } else await expect(link).toHaveCount(0);
    await expect(control(page, SIRET)).not.toHaveAttribute('aria-invalid', 'true');
  }
  await expectSaved(page);
  expect((await stored(page, id)).draft).toMatchObject({ organisation: { siret: '11000001500013' } });
  await expect(control(page, NAME)).toHaveValue('');
  await control(page, SIRET).fill('1');
  await expect(advice).toHaveCount(0);
});

test('the team reads what was found beside what was stated, and that the request was begun for another organisation', async ({
  page,
  complaints,
}) => {
  const draft = structuredClone(request('town-hall').draft) as { organisation: Draft };
  draft.organisation['siret'] = OPEN;
  const id = await store(page, draft as unknown as Draft);
  await openRequest(page, id, 'organisation');
  await expect(page.locator('.establishment .note')).toContainText(words(/« Commune de Vallon-les-Prés »/));
  const { revision } = await stored(page, id);
  const sent = await page.request.post(`api/requests/${id}/submission`, {
    headers: { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` },
  });
  expect(sent.status(), await sent.text()).toBe(201);

  const team = await anotherBrowser(page, complaints);
  const member = { data: { person: 'claire' }, headers: await sameOrigin(page) };
  expect((await team.request.post('api/demo/session', member)).ok()).toBe(true);
  const found = async () => (await (await team.request.get(`api/examination/requests/${id}`)).json()).found?.state;
  await expect.poll(found).toBe('found');
  await team.goto(`?examen=${id}`);
  const main = team.getByRole('main');
  await expect(main).toContainText('MINISTERE DES CHEMINS CREUX, à VALLON-LES-PRES');
  await expect(main).toContainText(`SIRET ${OPEN}`);
  await expect(main).toContainText(words(/SIREN 219 900 420/));
  await expectWellMade(team);
});
