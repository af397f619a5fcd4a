/**
 * The element in a browser that blocks the cookies of third parties.
 */
import { headless } from './browser.ts';
import { expect } from './harness.ts';
import { element, openPortal, signInFrom, test } from './portal.ts';

const { launchOptions } = headless;
test.use({
  launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), '--test-third-party-cookie-phaseout'] },
});

test('a person signs in, is remembered while the page lives, and signs out', async ({ page, portal }) => {
  await openPortal(page, portal, { request: '' });
  await signInFrom(page, 1);
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Mes demandes');
  await page.getByRole('button', { name: 'Retirer la demande' }).click();
  await page.getByRole('button', { name: 'Remettre la demande' }).click();
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Mes demandes');
  // Nothing of it is kept where a reload would find it.
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toContain('token');
  await element(page).getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(element(page).getByRole('link', { name: 'Se connecter' })).toBeVisible();
});
