/**
 * What every browser test starts from: a real server of its own worker, and a page that may not
 * complain. Import `test` and `expect` from here, never from Playwright.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { type Locator, type Page, test as base, expect } from '@playwright/test';
import { Complaints } from './complaints.ts';
import { Network } from './network.ts';
import { Server } from './server.ts';

export { expect };

interface WorkerFixtures {
  server: Server;
}

interface TestFixtures {
  complaints: Complaints;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // Playwright insists on the pattern, even for fixtures that need no other.
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.address),
  complaints: [
    async ({}, use) => {
      const complaints = new Complaints();
      await use(complaints);
      expect(complaints.list(), 'the page complained').toEqual([]);
    },
    // Before whatever a test tolerates.
    { auto: true },
  ],
  context: async ({ context, complaints }, use) => {
    complaints.watch(context);
    await use(context);
  },
  // Tests of a page act once its program is there. Those of the static page before go to an address without waiting.
  page: async ({ page }, use) => {
    const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
    page.goto = async (address, options) => {
      const answer = await goto(address, options);
      if (!options?.waitUntil) await settled(page);
      return answer;
    };
    page.reload = async (options) => {
      const answer = await reload(options);
      if (!options?.waitUntil) await settled(page);
      return answer;
    };
    await use(page);
  },
});

/** Waits until the program of a page has taken over, or says that it does not come. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const notice = document.getElementById('notice');
    return !document.getElementById('shell') || (notice && getComputedStyle(notice).visibility === 'visible');
  });
}

/** The same behind a network that can be told to misbehave. */
export const unreliable = test.extend<{ network: Network }>({
  network: async ({ server }, use) => {
    const network = await Network.before(server.address);
    await use(network);
    await network.stop();
  },
  baseURL: async ({ network }, use) => use(network.address),
});

/** Another browser, of the same person or another. It ends with the page. */
export async function anotherBrowser(page: Page, complaints: Complaints): Promise<Page> {
  const { origin } = new URL(page.url());
  const context = await page
    .context()
    .browser()
    ?.newContext({ baseURL: `${origin}/`, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  if (!context) throw new Error('the browser is gone');
  complaints.watch(context);
  page.once('close', () => void context.close().catch(() => undefined));
  return context.newPage();
}

/** The line that tells where the answers are. */
export function line(page: Page): Locator {
  return page.locator('.save-status');
}

/** What a screen reader was told last. */
export function told(page: Page): Locator {
  return page.locator('.habilitation > [role=status]');
}

/**
 * Signs in as one of the demonstration's people without showing a page, by their place in the list: for tests that begin at an
 * address of their own. {@link signIn} does it as people do.
 */
export async function signedIn(page: Page, place = 0): Promise<void> {
  const offered = await page.request.get('api/demo/people');
  const { people } = (await offered.json()) as { people: { id: string }[] };
  const answer = await page.request.post('api/demo/session', {
    data: { person: people[place]?.id },
    headers: { Origin: new URL(offered.url()).origin },
  });
  expect(answer.ok(), `${answer.url()}: ${answer.status()}`).toBe(true);
}

/** Signs in as one of the demonstration's people on the page itself, by their place in its list. */
export async function signIn(page: Page, place = 0): Promise<void> {
  await page.goto('?page=connexion');
  await page.getByRole('main').getByRole('button').nth(place).click();
  await expect(page.getByRole('button', { name: 'Se déconnecter' })).toBeVisible();
  // The list of requests is asked for next: leaving before its answer would abort the call.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
}

/** Signs out, and waits until that is done. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
}

/** Expects that the page says that the server has every answer. */
export async function expectSaved(page: Page): Promise<void> {
  await expect(page.locator('.save-status')).toContainText(/^Enregistré/);
}

/**
 * Holds the page's clock, which moves from then on only as far as the test says: on a busy machine, what lasts seconds would be over
 * before anybody looked.
 */
export async function holdClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
}

/**
 * Expects the same where a test holds the clock: it goes on a little at a time, so that no call is given up before it can be
 * answered.
 */
export async function expectSavedInTime(page: Page): Promise<void> {
  const goOn = async (): Promise<string> => {
    await page.clock.runFor(3_000);
    return page.locator('.save-status').innerText();
  };
  await expect.poll(goOn, { timeout: 30_000, intervals: [300] }).toMatch(/^Enregistré/);
}

/** The request that the address names. */
export function requestId(page: Page): string {
  return new URL(page.url()).searchParams.get('demande') ?? '';
}

/** Expects that axe finds nothing to say about the page as it is. */
export async function axe(page: Page): Promise<void> {
  // Colours that are on their way to others are nobody's to judge.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(' ')}`),
  );
  expect(found).toEqual([]);
}

/** Expects that nothing stands outside the window's width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
  expect(excess, 'pixels wider than the window').toBe(0);
}

/**
 * Expects that a page has nothing for axe to say and fits its window: wide and light, then narrow and dark, since contrast does
 * not depend on the width, nor the layout on the colours.
 */
export async function expectWellMade(page: Page): Promise<void> {
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [320, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await expectNoSidewaysScroll(page);
    await axe(page);
  }
}

/** A pattern whose spaces stand for any space: French sets a non-breaking one in many places. */
export function words(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(' ', '\\s'), pattern.flags);
}
