/**
 * Statistics: the team reads what it answered and how long it took; applicants read how long an answer usually takes.
 */
import type { Page } from '@playwright/test';
import { sameOrigin, store, stored } from './api.ts';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { Examiner } from './examiner.ts';
import { axe, expect, expectWellMade, test, words } from './harness.ts';
import { request } from './requests.ts';

async function enter(page: Page, person: string): Promise<void> {
  const answer = await page.request.post('api/demo/session', { data: { person }, headers: await sameOrigin(page) });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Sends a new request as Noémie, and answers its id. */
async function submitted(page: Page): Promise<string> {
  await enter(page, 'noemie');
  const id = await store(page, request('identity-check-company').draft);
  const { revision } = await stored(page, id);
  const headers = { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` };
  const answer = await page.request.post(`api/requests/${id}/submission`, { headers });
  expect(answer.status(), await answer.text()).toBe(201);
  return id;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('a period without any request says so, and a year that stands in the address is chosen by keyboard', async ({
  page,
  playwright,
  baseURL,
}) => {
  await enter(page, 'odile');
  await page.goto('?page=statistiques&de=2019-01&a=2019-02');
  await expect(page.getByText('Aucune demande dans cette période.')).toBeVisible();
  await expect(page.getByRole('link', { name: /CSV/ })).toHaveCount(0);
  await axe(page);

  const id = await submitted(page);
  const api = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  await (await Examiner.signedIn(api)).act(id, { kind: 'accepted' });
  await api.dispose();
  await enter(page, 'odile');
  await page.goto('?page=examen');
  await page.getByRole('link', { name: 'Statistiques' }).click();
  await expect(heading(page)).toHaveText('Statistiques');
  await expect(page).toHaveTitle(/^Statistiques/);
  const table = page.getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(1 + 12 + 1);
  const whole = table.getByRole('row').last();
  await expect(whole).toContainText('Ensemble');
  await expect(whole).toContainText(words(/le jour même \(médian\)/));
  await expectWellMade(page);

  await page.setViewportSize({ width: 1280, height: 800 });
  const year = page.getByRole('navigation', { name: 'Périodes' }).getByRole('link').nth(1);
  await year.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/page=statistiques&de=\d{4}-01&a=\d{4}-12$/);
  await expect(page.getByRole('navigation', { name: 'Périodes' }).locator('[aria-current]')).toHaveText(/^\d{4}$/);
  await page.reload();
  await expect(table.getByRole('row')).toHaveCount(1 + 12 + 1);
  // One month, chosen twice.
  const month = await page.getByLabel('Du mois de').inputValue();
  await page.getByLabel('Au mois de').selectOption(month);
  await page.getByRole('button', { name: 'Afficher' }).click();
  await expect(page).toHaveURL(new RegExp(`de=${month}&a=${month}$`));
});

test('the figures are saved as a file', async ({ page }) => {
  await submitted(page);
  await enter(page, 'claire');
  await page.goto('?page=statistiques');
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: /CSV/ }).click();
  expect((await saving).suggestedFilename()).toBe('statistiques.csv');
});

test('without a network they are read again once there is one', async ({ page }) => {
  tolerate(NO_ANSWER);
  await enter(page, 'claire');
  await page.route('**/api/examination/statistics*', (route) => route.abort());
  await page.goto('?page=statistiques');
  await expect(page.getByText(/^Les statistiques n’ont pas pu être lues/)).toBeVisible();
  await page.unroute('**/api/examination/statistics*');
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await expect(page.getByRole('heading', { name: 'Par mois' })).toBeVisible();
  await expect(heading(page)).toBeFocused();
});

test('an applicant reads how long an answer usually takes', async ({ page }) => {
  const id = await submitted(page);
  await page.goto(`?demande=${id}`);
  const main = page.getByRole('main');
  await expect(main).toContainText('L’équipe répond en général en quelques jours, par courriel.');
  await page.route('**/api/statistics', (route) => route.fulfill({ json: { first_answer_days: 6 } }));
  await page.reload();
  await expect(main).toContainText(words(/L’équipe répond en général en 6 jours, par courriel\./));
});
