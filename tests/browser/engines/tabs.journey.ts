/**
 * Several tabs of one browser share one draft; a page that is gone back to is one more of them.
 */
import { request, type Step } from '../requests.ts';
import { expectReceipt, expectSaved, expectStep } from './form.ts';
import { expect, signIn, store, stored, test } from './harness.ts';
import type { Profile, Tab } from './tab.ts';

/** One draft in two tabs. */
async function twoTabs(profile: Profile, one: Tab, step: Step = 'project', draft = {}): Promise<[Tab, string]> {
  await signIn(one);
  const id = await store(one, draft);
  const other = await profile.open();
  for (const tab of [one, other]) {
    await tab.goto(`?demande=${id}&etape=${step}`);
    await expectStep(tab, step);
  }
  return [other, id];
}

test('what is typed in one tab shows in the other, marked', async ({ profile, tab }) => {
  const [other] = await twoTabs(profile, tab);
  await tab.control('project.name').fill('Guichet citoyen');
  await other.control('project.name').expectValue('Guichet citoyen');
  await other.expectText('main', 'Réponse changée dans un autre onglet');
  await expectSaved(tab);
  await expectSaved(other);
});

test('different answers given in two tabs at the same time are both kept', async ({ profile, tab }) => {
  const [other, id] = await twoTabs(profile, tab);
  await Promise.all([
    tab.control('project.name').fill('Guichet citoyen'),
    other.control('project.yearly_volume').fill('4200'),
  ]);
  for (const each of [tab, other]) {
    await expectSaved(each);
    await each.control('project.yearly_volume').expectValue('4200');
    await each.find('main', 'Deux versions').expectGone();
  }
  await expect
    .poll(async () => (await stored(tab, id)).draft)
    .toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('only one tab sends at a time', async ({ profile, tab, network }) => {
  const [other] = await twoTabs(profile, tab);
  await tab.control('project.name').fill('Guichet');
  await expectSaved(tab);
  const saves = network.saves.length;
  const key = await tab.evaluate(() => Object.keys(localStorage).find((name) => name.includes(':draft:')) ?? '');
  await other.evaluate((name) => {
    void navigator.locks.request(name, () => new Promise<void>((letGo) => addEventListener('letgo', () => letGo())));
  }, key);
  await tab.control('project.name').fill('Guichet citoyen');
  // Looked for often: after a while a save leaves without its turn, since the other tab may be frozen.
  const pending = (): Promise<number | undefined> =>
    tab.evaluate(async () => (await navigator.locks.query()).pending?.length);
  await expect.poll(pending, { intervals: [50] }).toBeGreaterThan(0);
  expect(network.saves.length).toBe(saves);
  await other.evaluate(() => void dispatchEvent(new Event('letgo')));
  await expectSaved(tab);
});

test('a request submitted in one tab shows its receipt in the other', async ({ profile, tab }) => {
  const [other] = await twoTabs(profile, tab, 'review', request('town-hall').draft);
  await tab.button('Envoyer la demande').click();
  await expectReceipt(tab);
  await expectReceipt(other);
});

test('a page that is gone back to goes on where it was, and knows what another tab did meanwhile', async ({
  profile,
  tab,
}) => {
  const [other, id] = await twoTabs(profile, tab);
  await tab.control('project.name').fill('Guichet');
  await expectSaved(tab);
  await tab.goto('?page=aide');
  await tab.expectHeading('Aide');
  await other.control('project.yearly_volume').fill('4200');
  await expectSaved(other);
  await tab.command('Back');
  await expectStep(tab, 'project');
  await tab.control('project.yearly_volume').expectValue('4200');
  await tab.control('project.name').fill('Guichet citoyen');
  await expectSaved(tab);
  await other.control('project.name').expectValue('Guichet citoyen');
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});
