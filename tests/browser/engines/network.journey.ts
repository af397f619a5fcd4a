/**
 * Without a network, or with one that loses things: work goes on, and what was typed arrives.
 */
import { expectSaved, expectStep } from './form.ts';
import { expect, open, stored, test } from './harness.ts';

test('a service that cannot be reached gets everything once it is back', async ({ tab, network }) => {
  const id = await open(tab);
  network.down();
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.expectText('.save-status', 'Service injoignable – gardé sur cet appareil');
  await tab.control('project.yearly_volume').fill('4200');
  network.up();
  await expectSaved(tab);
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('an answer that is lost on the way back is no conflict', async ({ tab, network }) => {
  const id = await open(tab);
  network.onSave('answer lost', 1);
  await tab.control('project.name').fill('Guichet citoyen');
  await expect.poll(() => network.saves.length).toBeGreaterThan(1);
  await expectSaved(tab);
  await tab.find('main', 'Deux versions').expectGone();
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen' } });
});

test('a reload during a save loses nothing and asks nothing', async ({ tab, network }) => {
  const id = await open(tab);
  network.onSave('held', 1);
  await tab.control('project.name').fill('Guichet citoyen');
  await expect.poll(() => network.held).toBe(1);
  await tab.reload();
  await tab.control('project.name').expectValue('Guichet citoyen');
  network.release();
  await tab.control('project.yearly_volume').fill('4200');
  await expectSaved(tab);
  await tab.find('main', 'Deux versions').expectGone();
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('a window closed right after a key has its answers saved all the same', async ({ profile, tab, network }) => {
  const id = await open(tab);
  const saves = network.saves.length;
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.close();
  // Nobody opens the request again: what is saved was sent on leaving.
  await expect.poll(() => network.saves.length).toBeGreaterThan(saves);
  const other = await profile.open('?page=aide');
  await expect
    .poll(async () => (await stored(other, id)).draft)
    .toMatchObject({ project: { name: 'Guichet citoyen' } });
  await other.goto(`?demande=${id}&etape=project`);
  await expectStep(other, 'project');
  await other.control('project.name').expectValue('Guichet citoyen');
});

test('a window that is closed and opened again without a network shows what was typed', async ({
  profile,
  tab,
  network,
}) => {
  const id = await open(tab);
  network.onSave('lost');
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.expectText('.save-status', 'gardé sur cet appareil');
  await tab.close();
  const other = await profile.open(`?demande=${id}&etape=project`);
  await other.control('project.name').expectValue('Guichet citoyen');
  network.up();
  await expectSaved(other);
});
