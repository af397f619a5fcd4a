/**
 * Signing in and out, and sessions that end too early.
 */
import { expectSaved } from './form.ts';
import { expect, open, signIn, stored, test } from './harness.ts';

test('signing out right after the last key saves it first, and leaves nothing here', async ({ tab }) => {
  const id = await open(tab);
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.button('Se déconnecter').click();
  await tab.link('Se connecter').expectShown();
  expect(await tab.evaluate(() => Object.keys(localStorage).filter((name) => name.includes(':draft:')))).toEqual([]);
  await signIn(tab);
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen' } });
});

test('a session that ends while somebody types costs them nothing: they sign in elsewhere and go on', async ({
  profile,
  tab,
}) => {
  const id = await open(tab);
  await tab.command('DeleteAllCookies');
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.expectText('main', 'Votre session est terminée');
  await tab.expectText('.save-status', 'Session terminée – gardé sur cet appareil');
  await tab.control('project.yearly_volume').fill('4200');
  const other = await profile.opened(() => tab.link('Se reconnecter').click());
  await other.find('main button').click();
  await other.expectHeading('Mes demandes');
  await expectSaved(tab);
  await tab.find('main', 'Votre session est terminée').expectGone();
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen', yearly_volume: '4200' } });
});

test('when somebody else signs in, nothing is saved in their name', async ({ profile, tab }) => {
  const id = await open(tab);
  await tab.command('DeleteAllCookies');
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.expectText('.save-status', 'Session terminée');
  const other = await profile.open();
  await signIn(other, 1);
  await other.find('main', 'Guichet citoyen').expectGone();
  await tab.expectText('.save-status', 'Session terminée');
  await other.button('Se déconnecter').click();
  await other.link('Se connecter').expectShown();
  await signIn(other);
  await expectSaved(tab);
  expect((await stored(tab, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen' } });
});
