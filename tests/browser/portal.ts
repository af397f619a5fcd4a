/**
 * The demonstration portal of examples/portal, on another site than the service whose element it shows.
 */
import type { Locator, Page } from '@playwright/test';
import { type Portal, start } from '../../examples/portal/serve.mjs';
import { follow } from './form.ts';
import { expect, test as base } from './harness.ts';
import type { Step } from './requests.ts';
import { dist, Server } from './server.ts';

export type { Portal };

interface WorkerFixtures {
  portal: Portal;
}

interface TestFixtures {
  /** Fails the test when the portal's policy was violated. */
  policy: void;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  portal: [
    async ({}, use) => {
      const portal = await start();
      await use(portal);
      await portal.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ portal }, use) => {
      const server = await Server.start(dist, ['--embed-origin', new URL(portal.address).origin]);
      portal.service = server.address;
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  policy: [
    async ({ portal }, use) => {
      portal.reports = [];
      await use();
      expect(portal.reports, 'the policy of the portal was violated').toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the portal with an element that has these attributes; `look`, `dark` and `without` are the portal's own. */
export async function openPortal(page: Page, portal: Portal, asked: Record<string, string> = {}): Promise<void> {
  const address = new URL(portal.address);
  const api = new URL('api', portal.service).href;
  const query = new URLSearchParams({ api, request: 'new', ...asked });
  // Without an API, the page itself answers.
  if (asked['api'] === '') query.delete('api');
  address.search = query.toString();
  await page.goto(address.href);
}

/** The element that the portal shows first. */
export function element(page: Page): Locator {
  return page.locator('#first');
}

/** Signs in through the window that the element opens. */
export async function signInFrom(page: Page, place = 0, from: Locator = element(page)): Promise<void> {
  const opening = page.waitForEvent('popup');
  await from.getByRole('button', { name: 'Se connecter (nouvelle fenêtre)' }).click();
  const child = await opening;
  // Signed in already, the person is only asked whether they agree.
  const people = child.getByRole('main').getByRole('button');
  await expect(people.first()).toBeVisible();
  if (!(await people.getByText('Accepter').isVisible())) await people.nth(place).click();
  const closed = child.waitForEvent('close');
  await child.getByRole('button', { name: 'Accepter' }).click();
  await closed;
  await expect(from.getByRole('button', { name: 'Se déconnecter' })).toBeVisible();
}

/** Opens the portal, signs in, and follows the link to a step of a new request. */
export async function openStepOf(
  page: Page,
  portal: Portal,
  link = /Le projet/,
  step: Step = 'project',
): Promise<void> {
  await openPortal(page, portal);
  await signInFrom(page);
  await follow(element(page), link);
  await expectStepOf(element(page), step);
}

/** Expects that an element shows a step. */
export async function expectStepOf(from: Locator, step: Step): Promise<void> {
  await expect(from.locator(`[data-step="${step}"]`)).toBeVisible();
}

/** What the element said so far: the name of each event and its detail. */
export async function events(page: Page): Promise<[string, Record<string, unknown>][]> {
  const lines = (await page.locator('#events').innerText()).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const place = line.indexOf(' ');
    return [line.slice(0, place), JSON.parse(line.slice(place + 1)) as Record<string, unknown>];
  });
}
