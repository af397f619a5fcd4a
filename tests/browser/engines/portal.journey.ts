/**
 * The element in a portal of another site, under the strict policy of docs/embedding.md with Trusted Types.
 */
import { start } from '../../../examples/portal/serve.mjs';
import { sample } from '../files.ts';
import { request } from '../requests.ts';
import { dist, Server } from '../server.ts';
import { expectReceipt, expectStep, fileRow, fillStep, goOn, onDisk, STEPS } from './form.ts';
import { expect, test as base } from './harness.ts';
import type { Profile, Tab } from './tab.ts';

const test = base.extend({
  // Firefox and WebKit look for the icon of a portal that has none, which its own policy then refuses.
  tolerated: async ({ tolerated }, use) => use([...tolerated, /img-src.*\/favicon\.ico/]),
  // The portal's, with an element that begins a new request of the service.
  address: async ({ face }, use) => {
    const portal = await start();
    const site = await face(portal.address, 'localhost');
    const server = await Server.start(dist, ['--embed-origin', new URL(site).origin]);
    portal.service = await face(server.address);
    await use(`${site}?request=new&api=${portal.service}api`);
    const reports = portal.reports.filter((report) => !report.includes('/favicon.ico'));
    expect(reports, 'the policy of the portal was violated').toEqual([]);
    await portal.stop();
    await server.stop();
  },
});

/** Signs in through the window that the element opens. */
async function signInFrom(profile: Profile, tab: Tab): Promise<void> {
  const window = await profile.opened(() => tab.button('Se connecter (nouvelle fenêtre)').click());
  await window.find('main button').click();
  const accept = window.button('Accepter');
  await accept.expectShown();
  // It works once its window was seen for a moment.
  await expect.poll(() => accept.read('ariaDisabled')).not.toBe('true');
  await accept.click();
  await window.expectClosed();
  await tab.button('Se déconnecter').expectShown();
}

test('a whole request is filled in and sent from a portal', async ({ profile, tab }) => {
  const { draft } = request('town-hall');
  await tab.goto('');
  const before = await tab.url();
  await signInFrom(profile, tab);
  for (const [place, step] of STEPS.entries()) {
    await expectStep(tab, step);
    const next = STEPS[place + 1];
    if (next === undefined) break;
    await fillStep(tab, draft, step);
    await goOn(tab);
    await expectStep(tab, next);
  }
  await tab.button('Envoyer la demande').click();
  expect(await expectReceipt(tab)).toMatch(/^FC-/);
  expect(await tab.url()).toBe(before);
  expect(await tab.title()).toMatch(/^Accueil/);
});

test('an element that is taken away and put back goes on where it was', async ({ profile, tab }) => {
  await tab.goto('');
  await signInFrom(profile, tab);
  await expectStep(tab, 'organisation');
  await tab.link('Le projet').click();
  await expectStep(tab, 'project');
  await tab.control('project.name').fill('Carte de bibliothèque');
  const { name, buffer } = sample('maquette.pdf', 'application/pdf', 2_000);
  await tab.control('project.mockups').choose(...(await onDisk({ name, mimeType: '', buffer })));
  await fileRow(tab, name).find('*', 'Envoyé').expectShown();
  await tab.button('Déplacer la demande').click();
  await tab.control('project.name').expectValue('Carte de bibliothèque');
  await tab.button('Retirer la demande').click();
  await tab.find('#first').expectGone();
  await tab.button('Remettre la demande').click();
  await expectStep(tab, 'project');
  await tab.control('project.name').expectValue('Carte de bibliothèque');
  await fileRow(tab, name).find('*', 'Envoyé').expectShown();
  await tab.expectText('.save-status', /^Enregistré/);
});
