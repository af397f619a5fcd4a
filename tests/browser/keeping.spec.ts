/**
 * What was typed is kept: across reloads and crashes.
 */
import { tolerate } from './complaints.ts';
import { expectStored, open } from './draft.ts';
import { control, expectAnswers, expectStep, fillStep, openStep } from './form.ts';
import { expect, expectSaved, signedIn, test } from './harness.ts';
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

test('what a crashed tab had not sent yet comes back from the device, and is sent', async ({ page, context }) => {
  const id = await open(page);
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
  await expectStored(reopened, id, { project: { name: 'Guichet des sentiers' } });
});
