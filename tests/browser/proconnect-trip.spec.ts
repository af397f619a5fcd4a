/** What outlasts the trip to the identity provider: a portal's window, answers of a link, answers that were being typed. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { tolerate } from './complaints.ts';
import { control, expectStep, openStep } from './form.ts';
import { expect, expectSaved, test as base, words } from './harness.ts';
import { identify, type Registered, registered } from './provider.ts';

interface Site {
  origin: string;
  stop(): Promise<unknown>;
}

/** A bare page of another site. */
async function site(): Promise<Site> {
  const http = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end('<!doctype html><title>Portail</title><link rel="icon" href="data:,"><h1>Portail</h1>');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { origin, stop: () => new Promise((resolve) => http.close(resolve)) };
}

const test = base.extend<{ fresh: Registered }, { portal: Site; registered: Registered }>({
  portal: [
    async ({}, use) => {
      const portal = await site();
      await use(portal);
      await portal.stop();
    },
    { scope: 'worker' },
  ],
  registered: [
    async ({ portal }, use) => {
      const both = await registered('ES256', false, async () => ['--embed-origin', portal.origin]);
      await use(both);
      await both.stop();
    },
    { scope: 'worker' },
  ],
  fresh: async ({ registered }, use) => {
    await registered.provider.mend();
    await use(registered);
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

function signIn(page: Page): Promise<void> {
  return identify(page);
}

async function opened(page: Page, from: string, address: string): Promise<Page> {
  await page.goto(from);
  const opening = page.context().waitForEvent('page');
  await page.evaluate((there) => void globalThis.open(there, '_blank', 'popup'), address);
  return opening;
}

function claim(page: Page, api: string, verifier: string): Promise<number> {
  return page.evaluate(
    async ([address, body]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(address, { method: 'POST', credentials: 'omit', headers, body })).status;
    },
    [`${api}api/embed/tokens`, JSON.stringify({ verifier })] as const,
  );
}

test('a portal’s window goes on by itself after the trip, though the provider cut it off', async ({
  page,
  fresh,
  portal,
}) => {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const address = `${fresh.server.address}?page=portail&challenge=${challenge}&origin=${encodeURIComponent(portal.origin)}`;
  const window = await opened(page, portal.origin, address);
  await signIn(window);
  await expect(window.getByRole('heading', { level: 1 })).toHaveText(`Se connecter à ${portal.origin}`);
  expect(await window.evaluate(() => opener)).toBeNull();
  const accept = window.getByRole('button', { name: 'Accepter' });
  await expect(accept).not.toHaveAttribute('aria-disabled', 'true');
  await accept.click();
  await expect.poll(() => claim(page, fresh.server.address, verifier)).toBe(201);
});

test('a window that another site opened in the name of a portal offers nothing after the trip', async ({
  page,
  fresh,
  portal,
}) => {
  const stranger = await site();
  const challenge = createHash('sha256').update('x'.repeat(43)).digest('base64url');
  const address = `${fresh.server.address}?page=portail&challenge=${challenge}&origin=${encodeURIComponent(portal.origin)}`;
  const window = await opened(page, stranger.origin, address);
  await signIn(window);
  await expect(window.getByRole('main')).toContainText(words(/n’a pas été ouverte par le site/));
  await stranger.stop();
});

test('answers that a link proposes outlast a sign-in that is refused, however long they are', async ({
  page,
  fresh,
}) => {
  await fresh.provider.set({ auto: '' });
  const description = 'Une démarche, en ligne ; '.repeat(60).trim();
  const answers = new URLSearchParams({ 'project.name': 'Guichet', 'project.description': description });
  await page.goto(`?demande=nouvelle&${answers}`);
  await signIn(page);
  await page.getByRole('link', { name: 'Refuser' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page);
  await page.getByRole('link', { name: /Noémie/ }).click();
  await expectStep(page, 'organisation');
  // A request is kept from its first edit on.
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expectSaved(page);
  await openStep(page, 'project');
  await expect(control(page, 'project.name')).toHaveValue('Guichet');
  await expect(control(page, 'project.description')).toHaveValue(description);
});

test('whoever is signed out while they type finds everything in the same place', async ({ page, context }) => {
  tolerate(/401/);
  await page.goto('?demande=nouvelle');
  await signIn(page);
  await expectStep(page, 'organisation');
  await openStep(page, 'project');
  await control(page, 'project.name').fill('Guichet des sentiers');
  await expectSaved(page);
  const place = new URL(page.url()).search;
  await context.clearCookies({ name: 'habilitation_session' });
  await control(page, 'project.description').fill('Écrit après la fin de la session.');
  const opening = context.waitForEvent('page');
  await page.getByRole('link', { name: /Se reconnecter/ }).click();
  const tab = await opening;
  await signIn(tab);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await tab.close();
  await expectSaved(page);
  await page.reload();
  await expect(control(page, 'project.description')).toHaveValue('Écrit après la fin de la session.');
  await expect(control(page, 'project.name')).toHaveValue('Guichet des sentiers');
  expect(new URL(page.url()).search).toBe(place);
});

test('whoever comes as another finds no saved answers of the person before on this device', async ({ page, fresh }) => {
  await page.goto('?demande=nouvelle');
  await signIn(page);
  await control(page, 'organisation.name').fill('Guichet secret');
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  await expect.poll(kept).toContain('Guichet secret');
  await expectSaved(page);
  await page.goto('?page=connexion');
  await fresh.provider.set({ auto: 'stephane.muller@marais-bleu.example' });
  await page.getByRole('link', { name: 'Changer de compte ou d’organisation' }).click();
  await expect(page.getByText('Stéphane Müller')).toBeVisible();
  expect(await kept()).not.toContain('Guichet secret');
});

test('a new request begins with what ProConnect tells of the person and their organisation', async ({
  page,
  fresh,
}) => {
  await page.goto('?demande=nouvelle');
  await signIn(page);
  await expectStep(page, 'organisation');
  await openStep(page, 'project');
  await control(page, 'project.name').fill('Guichet des claims');
  await expect(page).toHaveURL(/\?demande=[\da-f-]{36}/);
  const id = new URL(page.url()).searchParams.get('demande');
  const draft = async () =>
    (await (await page.context().request.get(`${fresh.server.address}api/requests/${id}`)).json()).draft;
  await expect.poll(async () => (await draft())?.project.name).toBe('Guichet des claims');
  const { organisation } = await draft();
  expect(organisation).toMatchObject({
    siret: '21990042000015',
    name: 'Commune de Vallon-les-Prés',
    kind: 'administration',
  });
  expect(organisation.applicant).toMatchObject({
    given_name: 'Noémie',
    family_name: 'Lœb',
    email: 'Noemie.Loeb@vallon-les-pres.example',
  });
});

test('a portal’s window that was left open says that the portal has given up, and forgets it once somebody decides', async ({
  page,
  fresh,
  portal,
}) => {
  const challenge = createHash('sha256').update('y'.repeat(43)).digest('base64url');
  const address = `${fresh.server.address}?page=portail&challenge=${challenge}&origin=${encodeURIComponent(portal.origin)}`;
  const window = await opened(page, portal.origin, address);
  await signIn(window);
  const accept = window.getByRole('button', { name: 'Accepter' });
  await expect(accept).toBeVisible();
  const note = () => window.evaluate(() => sessionStorage.getItem('habilitation:opened-by'));
  expect(await note()).toContain(` ${challenge} ${portal.origin}`);
  await window.evaluate(() => {
    const [at, ...opened] = (sessionStorage.getItem('habilitation:opened-by') ?? '').split(' ');
    sessionStorage.setItem('habilitation:opened-by', [Number(at) - 11 * 60_000, ...opened].join(' '));
  });
  await window.reload();
  await expect(window.getByRole('main')).toContainText(words(/n’attend plus votre réponse/));
  await expect(accept).toBeHidden();
  await window.evaluate(
    (opened) => sessionStorage.setItem('habilitation:opened-by', `${Date.now()} ${opened}`),
    [`${challenge} ${portal.origin}`],
  );
  await window.reload();
  await expect(accept).not.toHaveAttribute('aria-disabled', 'true');
  await accept.click();
  // It closes itself, where the browser lets it.
  await expect.poll(async () => (await note().catch(() => null)) === null).toBe(true);
});

test('the next person’s page erases what is saved of the one before, who left without the program', async ({
  page,
  fresh,
}) => {
  await page.goto('?demande=nouvelle');
  await signIn(page);
  await expectStep(page, 'organisation');
  await control(page, 'organisation.name').fill('Guichet oublié');
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  await expect.poll(kept).toContain('Guichet oublié');
  await expectSaved(page);
  await fresh.provider.set({ auto: 'stephane.muller@marais-bleu.example' });
  await page.goto('api/proconnect/sign-in?as=other');
  await expect(page.getByText('Stéphane Müller')).toBeVisible();
  await expect.poll(kept).not.toContain('Guichet oublié');
});
