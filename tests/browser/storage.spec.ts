/**
 * What this device keeps, for whom, for how long; and what happens where it keeps nothing.
 */
import { stored } from './api.ts';
import { NO_ANSWER, STALE, tolerate } from './complaints.ts';
import { age, block, copies, writtenByNewerPage } from './device.ts';
import { expectStored, fillAndSave, fillUnsaved, open } from './draft.ts';
import { control, expectReceipt, expectStep, follow, send } from './form.ts';
import { axe, expect, expectSaved, line, requestId, signedIn, test, words } from './harness.ts';
import { request } from './requests.ts';

test('where storage is blocked, the page says so and saves all the same', async ({ page }) => {
  tolerate(STALE);
  await block(page, 'localStorage', 'sessionStorage');
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  await expect(page.getByRole('main')).toContainText('Ce navigateur ne garde pas vos réponses');
  await axe(page);
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
});

test('where storage is full, the page says so, saves all the same, and leaves the rest alone', async ({ page }) => {
  const id = await open(page);
  await page.evaluate(() => {
    // Halves until not even a letter more goes in.
    for (let size = 4_000_000, part = 0; size >= 1; ) {
      try {
        localStorage.setItem(`filler-${part}`, 'x'.repeat(size));
        part += 1;
      } catch {
        size = Math.floor(size / 2);
      }
    }
  });
  const fillers = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('filler')).length);
  const before = await fillers();
  await control(page, 'project.description').fill('Les habitants inscrivent leurs enfants. '.repeat(50));
  await expect(page.getByRole('main')).toContainText('Ce navigateur ne garde pas vos réponses');
  await expectSaved(page);
  expect(await fillers()).toBe(before);
  await page.reload();
  await expect(control(page, 'project.description')).toHaveValue(/Les habitants inscrivent/);
  await expect(page.getByRole('main')).not.toContainText('Deux versions');
  expect((await stored(page, id)).draft).toHaveProperty('project.description');
});

test('closing a page asks nothing, unless something is saved nowhere', async ({ page, context }) => {
  tolerate(NO_ANSWER);
  await open(page);
  await context.setOffline(true);
  await fillUnsaved(page, 'project.name', 'Guichet');
  const prevented = (): Promise<boolean> =>
    page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
  expect(await prevented()).toBe(false);
  // Storage fills up: what is typed now is in the page's memory only.
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(line(page)).toContainText('gardez cette page ouverte');
  expect(await prevented()).toBe(true);
  await context.setOffline(false);
  await expectSaved(page);
  expect(await prevented()).toBe(false);
});

test('storage that is wiped while somebody types costs nothing', async ({ page }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  await page.evaluate(() => localStorage.clear());
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  expect(await copies(page)).toHaveLength(1);
  await expectStored(page, id, { project: { name: 'Guichet citoyen' } });
});

test('a copy that nobody changed for 30 days is erased at the next visit', async ({ page }) => {
  await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  await page.goto('?page=aide');
  await age(page, 29);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await copies(page)).toHaveLength(1);
  await age(page, 31);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(() => copies(page)).toEqual([]);
});

test('the copy goes once the request is submitted', async ({ page }) => {
  await open(page, 'project', request('town-hall').draft);
  await fillAndSave(page, 'project.name', 'Guichet des sentiers');
  expect(await copies(page)).toHaveLength(1);
  await follow(page, /Relire et envoyer/);
  await expectStep(page, 'review');
  await send(page);
  await expectReceipt(page);
  expect(await copies(page)).toEqual([]);
});

test('on a shared computer, copies go with the tab', async ({ page, context }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  await page.getByText('Où sont gardées mes réponses ?').click();
  await page.getByRole('checkbox', { name: 'Cet ordinateur est partagé' }).check();
  await axe(page);
  expect(await copies(page)).toEqual([]);
  expect(await copies(page, 'sessionStorage')).toHaveLength(1);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  expect(await copies(page)).toEqual([]);
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  // So it is for every other tab, and every visit to come.
  const other = await context.newPage();
  await other.goto(`?demande=${id}&etape=project`);
  await fillAndSave(other, 'project.yearly_volume', '4200');
  expect(await copies(other)).toEqual([]);
});

test('what this device has is erased at the press of a button', async ({ page }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  await page.getByText('Où sont gardées mes réponses ?').click();
  await page.getByRole('button', { name: 'Effacer de cet appareil' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await expect(page.getByText('La demande reste enregistrée par le service.')).toBeVisible();
  await axe(page);
  expect(await copies(page)).toEqual([]);
  await expectStored(page, id, { project: { name: 'Guichet' } });
});

test('what is nowhere else is erased only by somebody who is sure', async ({ page, context }) => {
  tolerate(NO_ANSWER);
  await open(page);
  await context.setOffline(true);
  await fillUnsaved(page, 'project.name', 'Guichet');
  await page.getByText('Où sont gardées mes réponses ?').click();
  await page.getByRole('button', { name: 'Effacer de cet appareil' }).click();
  await expect(page.getByRole('main')).toContainText('Des réponses ne sont enregistrées nulle part ailleurs');
  await expect(page.getByRole('button', { name: 'Non, les garder' })).toBeFocused();
  expect(await copies(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Oui, effacer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await expect(page.getByText('Les réponses gardées sur cet appareil sont effacées.')).toBeVisible();
  expect(await copies(page)).toEqual([]);
  await context.setOffline(false);
});

test('a draft that only this device has is erased from the list, by somebody who is sure', async ({ page }) => {
  tolerate(NO_ANSWER);
  await signedIn(page);
  await page.route(/api\/requests\/[^/]+$/, (route) => route.abort());
  await page.goto('?demande=nouvelle');
  await fillUnsaved(page, 'organisation.name', 'Commune de Montaigu-sur-Rive');
  await page.getByRole('link', { name: 'Mes demandes' }).click();
  const item = page.getByRole('listitem').filter({ hasText: 'Sur cet appareil' });
  await expect(item).toHaveCount(1);
  await axe(page);
  await item.getByRole('button', { name: /Effacer de cet appareil/ }).click();
  await expect(item).toContainText('Ces réponses ne sont enregistrées nulle part ailleurs');
  await item.getByRole('button', { name: 'Oui, effacer' }).click();
  await expect(item).toHaveCount(0);
  expect(await copies(page)).toEqual([]);
});

test('a tab closed 50 ms after a key loses nothing', async ({ page, context }) => {
  const id = await open(page);
  // The page itself tells when 50 ms are over.
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('[name="project.name"]');
    if (!field) throw new Error('nothing to type in');
    field.value = 'Guichet citoyen';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return new Promise((resolve) => setTimeout(resolve, 50));
  });
  await page.close({ runBeforeUnload: true });
  const reopened = await context.newPage();
  await reopened.goto(`?demande=${id}&etape=project`);
  await expect(control(reopened, 'project.name')).toHaveValue('Guichet citoyen');
  await expectSaved(reopened);
  await expectStored(reopened, id, { project: { name: 'Guichet citoyen' } });
  expect(requestId(reopened)).toBe(id);
  await expect(line(reopened)).toContainText(words(/^Enregistré à \d+ h \d\d/));
});

test('what a newer version of the page left is shown to be read, and is not touched', async ({ page }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  const [key = ''] = await copies(page);
  await page.goto('?page=aide');
  const newer = await writtenByNewerPage(page, key, 'Guichet 2');
  await page.goto(`?demande=${id}&etape=project`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce brouillon vient d’une version plus récente');
  await expect(page.getByRole('main')).toContainText('Guichet 2');
  await expect(control(page, 'project.name')).toHaveCount(0);
  await axe(page);
  await page.reload();
  expect(await page.evaluate((name) => localStorage.getItem(name), key)).toBe(newer);
});
