/**
 * A draft that is erased from this device in one tab while another shows it: that one says so, and brings nothing back.
 */
import { count, stored } from './api.ts';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { copies } from './device.ts';
import { fillAndSave, fillUnsaved, openTwice } from './draft.ts';
import { control } from './form.ts';
import { axe, expect, requestId, signedIn, test } from './harness.ts';

const ERASED = 'Ce brouillon a été effacé de cet appareil';

for (const channels of [true, false]) {
  test.describe(channels ? 'with channels' : 'without channels', () => {
    test.beforeEach(async ({ context }) => {
      if (channels) return;
      await context.addInitScript(() => void delete (window as { BroadcastChannel?: unknown }).BroadcastChannel);
    });

    test('what the service has can be opened again', async ({ page }) => {
      const [other, id] = await openTwice(page);
      await fillAndSave(page, 'project.name', 'Guichet citoyen');
      await expect(control(other, 'project.name')).toHaveValue('Guichet citoyen');
      await page.getByText('Où sont gardées mes réponses ?').click();
      await page.getByRole('button', { name: 'Effacer de cet appareil' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');

      await expect(other.getByRole('heading', { level: 1 })).toHaveText(ERASED);
      await expect(other.getByRole('main')).toContainText('dans un autre onglet');
      await axe(other);
      expect(await copies(other)).toEqual([]);
      const { revision } = await stored(page, id);
      await other.getByRole('button', { name: 'Rouvrir la demande' }).click();
      await expect(control(other, 'project.name')).toHaveValue('Guichet citoyen');
      await other.close();
      expect((await stored(page, id)).revision).toBe(revision);
      expect(await copies(page)).toEqual([]);
    });

    test('what only this device had is gone in both, and is not sent', async ({ page, context }) => {
      tolerate(NO_ANSWER);
      await signedIn(page);
      const before = await count(page);
      await context.route(/api\/requests\/[^/]+$/, (route) => route.abort());
      await page.goto('?demande=nouvelle');
      await fillUnsaved(page, 'organisation.name', 'Commune de Montaigu-sur-Rive');
      const id = requestId(page);

      const list = await context.newPage();
      await list.goto('?page=demandes');
      const item = list.getByRole('listitem').filter({ hasText: 'Sur cet appareil' });
      await item.getByRole('button', { name: /Effacer de cet appareil/ }).click();
      await item.getByRole('button', { name: 'Oui, effacer' }).click();
      await expect(item).toHaveCount(0);

      await expect(page.getByRole('heading', { level: 1 })).toHaveText(ERASED);
      await expect(page.getByRole('main')).toContainText('Il n’en reste rien');
      await axe(page);
      await context.unroute(/api\/requests\/[^/]+$/);
      // Whatever a tab does when it is left, looked at again or closed, nothing of it is left.
      await page.evaluate(() => {
        window.dispatchEvent(new Event('pagehide'));
        window.dispatchEvent(new Event('pageshow'));
        window.dispatchEvent(new Event('focus'));
      });
      await page.getByRole('link', { name: 'Mes demandes' }).last().click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
      await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
      await expect(page.getByRole('main').locator(`#request-${id}`)).toHaveCount(0);
      expect(await copies(page)).toEqual([]);
      expect(await count(page)).toBe(before);
    });
  });
}
