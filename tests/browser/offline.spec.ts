/**
 * Without a network, or with one that loses things: work goes on, and what was typed arrives.
 */
import { stored } from './api.ts';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { expectArrived, expectStored, fillUnsaved, open } from './draft.ts';
import { control, expectStep, fillStep, follow } from './form.ts';
import {
  expect,
  expectSaved,
  expectSavedInTime,
  expectWellMade,
  holdClock,
  line,
  unreliable as test,
  words,
} from './harness.ts';
import { request, STEPS } from './requests.ts';

test('offline and back on each step: work goes on, the page says so, and everything arrives', async ({
  page,
  context,
}) => {
  tolerate(NO_ANSWER);
  const { draft } = request('town-hall');
  const id = await open(page);
  for (const step of STEPS) {
    await page.getByRole('navigation', { name: 'Étapes de la demande' }).locator(`a[href*="etape=${step}"]`).click();
    await expectStep(page, step);
    if (step === 'review') continue;
    await context.setOffline(true);
    await expect(page.getByRole('main')).toContainText('Vous êtes hors ligne');
    await expect(page.getByRole('main')).toContainText('Vous pouvez continuer');
    await fillStep(page, withoutFiles(draft), step);
    await expect(line(page)).toContainText(words(/^Hors ligne – gardé sur cet appareil depuis \d+ h \d\d/));
    await context.setOffline(false);
    await expectSaved(page);
    await expect(page.getByRole('main')).not.toContainText('Vous êtes hors ligne');
    expect((await stored(page, id)).draft[step]).toMatchObject(withoutFiles(draft)[step] as Record<string, unknown>);
  }
});

test('being offline has nothing for axe to say and fits a phone, light and dark', async ({ page, context }) => {
  tolerate(NO_ANSWER);
  await open(page);
  await context.setOffline(true);
  await control(page, 'project.name').fill('Guichet');
  await expect(page.getByRole('main')).toContainText('Vous êtes hors ligne');
  await expectWellMade(page);
  await context.setOffline(false);
  await expectSaved(page);
});

test('a server that is down for a minute gets everything once it is back, without anyone doing anything', async ({
  page,
  network,
}) => {
  tolerate(NO_ANSWER);
  const id = await open(page);
  await holdClock(page);
  network.down();
  await control(page, 'project.name').fill('Guichet citoyen');
  await page.clock.runFor(2_000);
  await expect(line(page)).toContainText('Service injoignable – gardé sur cet appareil');
  await page.clock.runFor(60_000);
  await control(page, 'project.description').fill('Les habitants inscrivent leurs enfants.');
  await expect(line(page)).toContainText('Service injoignable');
  network.up();
  await expectSavedInTime(page);
  await expectStored(page, id, {
    project: { name: 'Guichet citoyen', description: 'Les habitants inscrivent leurs enfants.' },
  });
});

test('a submission waits for the save that is queued, and nothing is saved after it', async ({ page, network }) => {
  const id = await open(page, 'project', request('town-hall').draft);
  network.onSave('held', 1);
  await control(page, 'project.name').fill('Guichet');
  await expect.poll(() => network.held).toBe(1);
  await control(page, 'project.name').fill('Guichet des sentiers');
  await follow(page, /Relire et envoyer/);
  await expectStep(page, 'review');
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await expect(page.getByRole('button', { name: 'Envoi en cours…' })).toBeVisible();
  network.release();
  await expect(page.getByRole('heading', { level: 1, name: /FC-\d{4}-\d{6}/ })).toBeVisible();
  const saves = network.saves.length;
  const submitted = await stored(page, id);
  expect(submitted).toMatchObject({ state: 'submitted', draft: { project: { name: 'Guichet des sentiers' } } });
  // Leaving would save what was left to save.
  await page.goto('?page=aide');
  expect(network.saves.length).toBe(saves);
  expect((await stored(page, id)).revision).toBe(submitted.revision);
});

test('a draft that was left unsent is sent from the list, without being opened', async ({ page, context }) => {
  tolerate(NO_ANSWER);
  const id = await open(page);
  await context.setOffline(true);
  await fillUnsaved(page, 'project.name', 'Registre des sentiers oubliés');
  await page.close();
  await context.setOffline(false);
  const list = await context.newPage();
  await list.goto('?page=demandes');
  await expectArrived(list, id, { project: { name: 'Registre des sentiers oubliés' } });
  await expect(list.getByRole('main').getByRole('link', { name: 'Registre des sentiers oubliés' })).toHaveCount(1);
});

/** A draft whose files are left out: they travel on their own. */
function withoutFiles<D extends object>(draft: D): D {
  return JSON.parse(
    JSON.stringify(draft, (key, value: unknown) => (['mockups', 'documents'].includes(key) ? undefined : value)),
  ) as D;
}
