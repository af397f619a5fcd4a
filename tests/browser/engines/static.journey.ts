/**
 * The built files on a host that knows nothing, under the policy of docs/static-hosting.md.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FileServer } from '../file-server.ts';
import { sample } from '../files.ts';
import { request } from '../requests.ts';
import { dist } from '../server.ts';
import { expectAnswers, expectReceipt, expectStep, fileRow, fillStep, goOn, onDisk, STEPS } from './form.ts';
import { downloaded, expect, test as base } from './harness.ts';
import type { Tab } from './tab.ts';

const PLACE = 'a/b.js/c';

/** The policy that docs/static-hosting.md recommends, as the build writes it. */
const POLICY = readFileSync(path.join(dist, 'content-security-policy.txt'), 'utf8').trim();

const test = base.extend<{ files: FileServer }>({
  files: async ({}, use) => {
    const files = await FileServer.start(PLACE);
    files.headers = { 'Content-Security-Policy': POLICY };
    await use(files);
    await files.stop();
  },
  address: async ({ face, files }, use) => {
    const { origin, pathname } = new URL(files.address(PLACE));
    await use(new URL(pathname, await face(`${origin}/`)).href);
  },
});

const BANNER = 'Démonstration : rien n’est envoyé';

test('a request is filled, kept across a reload, and submitted', async ({ tab }) => {
  const { draft } = request('town-hall');
  await tab.goto('');
  await tab.expectText('body', BANNER);
  await tab.link('Commencer une demande').click();
  for (const [place, step] of STEPS.entries()) {
    await expectStep(tab, step);
    const next = STEPS[place + 1];
    if (next === undefined) break;
    await fillStep(tab, draft, step);
    await tab.expectText('.save-status', 'Gardé sur cet appareil');
    await goOn(tab);
    await expectStep(tab, next);
  }
  await tab.link('Le projet').click();
  await tab.reload();
  await expectAnswers(tab, draft, 'project');
  await tab.link('Relire et envoyer').click();
  await expectStep(tab, 'review');
  await tab.button('Envoyer la demande').click();
  expect(await expectReceipt(tab)).toMatch(/^FC-\d{4}-000001$/);
  await tab.reload();
  await expectReceipt(tab);
});

test('a file is kept and read back to the byte', async ({ tab, engine }) => {
  const file = sample('plan du site.pdf', 'application/pdf', 5_000);
  await begin(tab);
  await tab.link('Le projet').click();
  await expectStep(tab, 'project');
  await tab.control('project.mockups').choose(...(await onDisk(file)));
  await fileRow(tab, file.name).find('*', 'Gardé sur cet appareil').expectShown();
  await tab.reload();
  await fileRow(tab, file.name).find('a', file.name).click();
  expect((await downloaded(engine, file.name)).equals(file.buffer)).toBe(true);
  await fileRow(tab, file.name)
    .find('button', /Retirer/)
    .click();
  await fileRow(tab, file.name).expectGone();
});

test('after a first visit, everything goes on without the host', async ({ tab, files, tolerated }) => {
  // Firefox says so of what a page had asked for when it was left.
  tolerated.push(/’\. A ServiceWorker intercepted the request and encountered an unexpected error/);
  await tab.goto('');
  await tab.expectText('body', BANNER);
  await tab.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await files.fallSilent();
  await tab.goto('');
  await tab.expectText('body', BANNER);
  await begin(tab);
  await tab.control('organisation.name').fill('Commune de Vallon');
  await tab.expectText('.save-status', 'Gardé sur cet appareil');
  await tab.goto('?page=aide');
  await tab.expectHeading('Aide');
  await tab.command('Back');
  await tab.control('organisation.name').expectValue('Commune de Vallon');
});

/** Begins a request, and waits until its address names it. */
async function begin(tab: Tab): Promise<void> {
  await tab.goto('?demande=nouvelle');
  await expectStep(tab, 'organisation');
}
