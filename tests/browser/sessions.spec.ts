/**
 * Sessions that end too early, and people who sign out with something left to save.
 *
 * Whoever signs in again in another tab sees their list there, which sends what was left, as the tab of the request does.
 * What one tab stored may reach the other after its turn to send: it then asks over an older revision, once, is told so,
 * and finds that its answers are there.
 */
import type { Page } from '@playwright/test';
import { NO_ANSWER, SIGNED_OUT, STALE, tolerate } from './complaints.ts';
import { copies } from './device.ts';
import { expectStored, fillUnsaved, open } from './draft.ts';
import { control } from './form.ts';
import {
  anotherBrowser,
  axe,
  expect,
  expectSaved,
  expectWellMade,
  line,
  signedIn,
  signIn,
  told,
  unreliable as test,
} from './harness.ts';
import type { Network } from './network.ts';

test('a session that ends while somebody types costs them nothing: they sign in elsewhere and go on', async ({
  page,
  context,
}) => {
  tolerate(SIGNED_OUT, STALE);
  const id = await open(page);
  await context.clearCookies();
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(page.getByRole('main')).toContainText('Votre session est terminée');
  await expect(line(page)).toContainText('Session terminée – gardé sur cet appareil');
  await expectWellMade(page);
  await control(page, 'project.yearly_volume').fill('4200');

  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: /Se reconnecter/ }).click();
  const signingIn = await opened;
  await signingIn.getByRole('main').getByRole('button').first().click();
  await expect(signingIn.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');

  await expectSaved(page);
  await expect(page.getByRole('main')).not.toContainText('Votre session est terminée');
  await expectStored(page, id, { project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test.describe('signing out with answers that are not saved', () => {
  async function leaveUnsaved(page: Page, network: Network): Promise<void> {
    network.onSave('lost');
    await fillUnsaved(page, 'project.name', 'Guichet citoyen');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Des réponses ne sont pas encore enregistrées');
    await expect(page.getByRole('main')).toContainText('Guichet citoyen');
  }

  test.beforeEach(() => {
    tolerate(NO_ANSWER);
  });

  test('one can stay, or export them, then erase them', async ({ page, network }) => {
    await open(page);
    await leaveUnsaved(page, network);
    await axe(page);
    await page.getByRole('button', { name: 'Ne pas se déconnecter' }).click();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Les exporter dans un fichier' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.json$/);
    await page.getByRole('button', { name: 'Les effacer et se déconnecter' }).click();
    await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
    expect(await copies(page)).toEqual([]);
  });
});

test('the list marks a draft that was left unsent', async ({ page, network }) => {
  tolerate(NO_ANSWER, STALE);
  const id = await open(page);
  network.onSave('lost');
  await fillUnsaved(page, 'project.name', 'Guichet citoyen');
  await page.goto('?page=aide');
  await page.getByRole('link', { name: 'Mes demandes' }).click();
  const item = page.locator(`#request-${id}`);
  await expect(item).toContainText('Brouillon');
  await expect(item).toContainText('Modifiée sur cet appareil');
  await expectWellMade(page);
  network.up();
  // The next try may be as far away as all of this took.
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(item).toContainText('Guichet citoyen');
  await expect(item).not.toContainText('Modifiée sur cet appareil');
});

test.describe('signing out while a save hangs', () => {
  async function hang(page: Page, network: Network, times?: number): Promise<string> {
    const id = await open(page);
    network.onSave('held', times);
    await control(page, 'project.name').fill('Guichet citoyen');
    await expect.poll(() => network.held).toBe(1);
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await expect(page.getByText('Enregistrement en cours…')).toHaveCount(2);
    await expect(told(page)).toHaveText('Enregistrement en cours…');
    return id;
  }

  test('says so at once, and signs out as soon as it is answered', async ({ page, network }) => {
    const id = await hang(page, network, 1);
    await expectWellMade(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    network.release();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
    await expect(page.getByText('Enregistrement en cours…')).toHaveCount(0);
    await signIn(page);
    await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
  });

  test('one need not wait, and one can stay', async ({ page, network }) => {
    tolerate(NO_ANSWER, STALE, SIGNED_OUT);
    const id = await hang(page, network);
    await page.getByRole('button', { name: 'Ne pas se déconnecter' }).click();
    await expect(page.getByText('Enregistrement en cours…')).toHaveCount(0);
    await expect(told(page)).toHaveText('La déconnexion est annulée');
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('button', { name: 'Ne pas attendre' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Des réponses ne sont pas encore enregistrées');
    await page.getByRole('button', { name: 'Les garder et se déconnecter' }).click();
    await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
    network.up();
    await signedIn(page);
    await page.goto(`?demande=${id}&etape=project`);
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    await expectSaved(page);
  });
});

test('one sees where one is signed in, and ends it from elsewhere', async ({ page, complaints }) => {
  tolerate(SIGNED_OUT);
  await signIn(page);
  const other = await anotherBrowser(page, complaints);
  await signIn(other);
  const third = await anotherBrowser(page, complaints);
  await signIn(third);
  await page.getByRole('link', { name: 'Affichage' }).click();
  const sessions = page.locator('.sessions');
  await expect(sessions.getByRole('listitem').filter({ hasText: 'celle-ci' })).toHaveCount(1);
  await expect(sessions.getByRole('listitem').filter({ hasText: 'Chrome sur Linux' }).first()).toBeVisible();
  await expectWellMade(page);
  await sessions.getByRole('button', { name: 'Fermer toutes les autres sessions' }).click();
  await expect(sessions.getByRole('status')).toHaveText('Les autres sessions sont fermées.');
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await expect(sessions.getByRole('heading', { name: 'Sessions ouvertes' })).toBeFocused();
  await other.goto('?page=demandes');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Se connecter');

  await signIn(other);
  await page.reload();
  await sessions.getByRole('button', { name: /^Fermer la session/ }).click();
  await expect(sessions.getByRole('status')).toHaveText('La session est fermée.');
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await page.goto('?page=demandes');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
});
