/**
 * What was typed is kept: across reloads, crashes and devices.
 */
import { tolerate } from './complaints.ts';
import { fillAndSave } from './draft.ts';
import { count, store, stored } from './api.ts';
import { control, expectAnswers, expectStep, fillStep, openRequest, openStep } from './form.ts';
import { expect, expectSaved, signedIn, signIn, test } from './harness.ts';
import { request, STEPS } from './requests.ts';

test('each step survives a reload, with its answers and its place', async ({ page }) => {
  test.slow();
  const { draft } = request('digital-health');
  await signedIn(page);
  await page.goto('?demande=nouvelle');
  for (const step of STEPS) {
    if (page.url().includes('nouvelle')) await expect(control(page, 'organisation.siret')).toBeVisible();
    else await openStep(page, step);
    await fillStep(page, draft, step);
    await expectSaved(page);
    await page.reload();
    await expectStep(page, step);
    await expectAnswers(page, draft, step);
  }
});

test('nothing is created before the first answer', async ({ page }) => {
  await signedIn(page);
  const before = await count(page);
  await page.goto('?demande=nouvelle');
  await control(page, 'project.name').or(control(page, 'organisation.name')).first().focus();
  await page.goto('?page=demandes');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await count(page)).toBe(before);
});

test('what a crashed tab had not sent yet comes back from the device, and is sent', async ({ page, context }) => {
  await signedIn(page);
  const id = await store(page, {});
  await openRequest(page, id, 'project');
  // The network is down, as it may be when a machine is in trouble.
  tolerate(/net::ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await control(page, 'project.name').pressSequentially('Guichet des sentiers');
  await expect(page.locator('.save-status')).toContainText('sur cet appareil');
  const crashed = page.waitForEvent('crash');
  tolerate(/chrome:\/\/crash/);
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  await page.close();
  await context.setOffline(false);

  const reopened = await context.newPage();
  await reopened.goto(`?demande=${id}&etape=project`);
  await expect(control(reopened, 'project.name')).toHaveValue('Guichet des sentiers');
  await expectSaved(reopened);
  expect((await stored(reopened, id)).draft).toMatchObject({ project: { name: 'Guichet des sentiers' } });
});

test('a tab closed right after the last key loses nothing', async ({ page, context }) => {
  await signedIn(page);
  const id = await store(page, {});
  await page.goto(`?demande=${id}&etape=project`);
  await control(page, 'project.name').pressSequentially('Guichet');
  await page.close();

  const reopened = await context.newPage();
  await reopened.goto(`?demande=${id}&etape=project`);
  await expect(control(reopened, 'project.name')).toHaveValue('Guichet');
});

test('another device shows the same answers', async ({ page, browser, baseURL, complaints }) => {
  const { draft } = request('town-hall');
  await signedIn(page);
  const id = await store(page, draft);
  await page.goto(`?demande=${id}&etape=project`);
  await fillAndSave(page, 'project.name', 'Un autre nom');

  const device = await browser.newContext({ baseURL: String(baseURL) });
  complaints.watch(device);
  const other = await device.newPage();
  await signedIn(other);
  await other.goto(`?demande=${id}&etape=project`);
  await expect(control(other, 'project.name')).toHaveValue('Un autre nom');
  await expect(control(other, 'project.description')).toHaveValue(/Les habitants inscrivent/);
  await device.close();
});

test('another person sees nothing of it', async ({ page, browser, baseURL, complaints }) => {
  await signIn(page);
  const id = await store(page, request('town-hall').draft);

  const device = await browser.newContext({ baseURL: String(baseURL) });
  complaints.watch(device);
  tolerate(/api\/requests\/\S+: Failed to load resource: .* 404 /);
  const other = await device.newPage();
  await signedIn(other, 1);
  await other.goto(`?demande=${id}&etape=project`);
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(other.getByRole('main')).not.toContainText('Guichet citoyen');
  await expect(control(other, 'project.name')).toHaveCount(0);
  await device.close();
});

test('where the answers are is said in words', async ({ page, context }) => {
  await signedIn(page);
  await page.goto(`?demande=${await store(page, {})}&etape=project`);
  const place = page.locator('.save-status');
  await control(page, 'project.name').fill('Guichet');
  await expect(place).toContainText(/^Enregistré/);
  tolerate(/net::ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await control(page, 'project.name').fill('Guichet citoyen');
  await expect(place).toContainText('Hors ligne – gardé sur cet appareil');
  await context.setOffline(false);
  await expect(place).toContainText(/^Enregistré/);
});
