/**
 * An element whose program does not come says so within ten seconds, and goes on if it comes after all.
 */
import { NO_ANSWER, tolerate } from './complaints.ts';
import { expect } from './harness.ts';
import { element, openPortal, openStepOf, test } from './portal.ts';

const LATE = 'La demande tarde à s’afficher';

for (const [what, path] of [
  ['program', /_bg\.wasm/],
  ['loader', /habilitation-\w+\.js/],
  ['style', /\.css$/],
] as const) {
  test(`a ${what} that never comes is told, and comes with the next try`, async ({ page, portal }) => {
    tolerate(NO_ANSWER);
    let hangs = true;
    await page.route(path, (route) => {
      if (!hangs || !route.request().url().startsWith(portal.service)) return route.continue();
      return undefined;
    });
    await openPortal(page, portal);
    await expect(element(page).getByRole('status')).toHaveText('Un instant…');
    await expect(element(page).getByRole('alert')).toContainText(LATE, { timeout: 10_000 });
    hangs = false;
    await element(page).getByRole('button', { name: 'Recharger la demande' }).click();
    await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Se connecter');
    await expect(element(page)).not.toContainText(LATE);
  });
}

test('a program that comes late comes all the same', async ({ page, portal }) => {
  let let_go = (): void => undefined;
  const gone = new Promise<void>((go) => (let_go = go));
  await page.route(/_bg\.wasm/, async (route) => {
    await gone;
    await route.continue();
  });
  await openPortal(page, portal);
  await expect(element(page).getByRole('alert')).toContainText(LATE, { timeout: 10_000 });
  let_go();
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  await expect(element(page)).not.toContainText(LATE);
});

test('as long as a file is on its way, leaving the portal is asked about, and no longer', async ({ page, portal }) => {
  tolerate(NO_ANSWER);
  await page.evaluate(() => undefined);
  await openStepOf(page, portal);
  const asks = (): Promise<boolean> =>
    page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
  expect(await asks()).toBe(false);
  await page.route('**/documents/*', () => undefined, { times: 1 });
  const buffer = Buffer.from('%PDF-1.4\n');
  await element(page)
    .locator('[name="project.mockups"]')
    .setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer });
  await expect(element(page).getByRole('progressbar', { name: 'Envoi de plan.pdf' })).toBeVisible();
  expect(await asks()).toBe(true);
  await page.getByRole('button', { name: 'Retirer la demande' }).click();
  await expect(element(page)).toHaveCount(0);
  expect(await asks()).toBe(false);
});
