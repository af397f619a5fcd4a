/**
 * The window in which a person lets a portal act for them, as `docs/embedding-sign-in.md` has it: what it says, and whom
 * it tells. The portal here is a bare page of another site that does what the element does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { tolerate } from './complaints.ts';
import { press } from './form.ts';
import { axe, expect, test as base } from './harness.ts';
import { Server } from './server.ts';

/** A site of bare pages. Its path decides of the headers: `/alone` keeps no hold of the windows that it opens. */
class Site {
  private constructor(
    private readonly http: HttpServer,
    readonly origin: string,
  ) {}

  static async start(): Promise<Site> {
    const http = createServer((call, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      if (call.url?.startsWith('/alone')) answer.setHeader('cross-origin-opener-policy', 'same-origin');
      if (call.url?.includes('silent')) answer.setHeader('referrer-policy', 'no-referrer');
      answer.end('<!doctype html><title>Portail</title><link rel="icon" href="data:,"><h1>Portail</h1>');
    });
    // By name, while the server is reached by number: two sites, as a portal and we are.
    await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve));
    return new Site(http, `http://localhost:${(http.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.http.close(resolve));
  }
}

const test = base.extend<object, { portal: Site; stranger: Site }>({
  portal: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  stranger: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ portal }, use) => {
      const server = await Server.start(undefined, ['--embed-origin', portal.origin]);
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

interface Secrets {
  verifier: string;
  challenge: string;
}

function secrets(): Secrets {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

function address(server: Server, { challenge }: Secrets, origin: string): string {
  return `${server.address}?page=portail&challenge=${challenge}&origin=${encodeURIComponent(origin)}`;
}

/** Opens the window from a page of a site, which keeps every message that it gets; answers the window. */
async function open(page: Page, site: Site, window: string, path = '/'): Promise<Page> {
  await page.goto(site.origin + path);
  await page.evaluate(() => {
    Object.assign(globalThis, { messages: [] });
    addEventListener('message', ({ data, origin }) =>
      (globalThis as unknown as { messages: unknown[] }).messages.push({ data, origin }),
    );
  });
  const opened = page.waitForEvent('popup');
  await page.evaluate((address) => void globalThis.open(address, '_blank', 'popup'), window);
  return opened;
}

async function signInAndSeeTheQuestion(window: Page, portal: Site): Promise<void> {
  await expect(window.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  await window.getByRole('main').getByRole('button').first().click();
  await expect(window.getByRole('heading', { level: 1 })).toHaveText(`Se connecter à ${portal.origin}`);
}

/** Presses a button after which the window closes. */
async function decide(window: Page, answer: 'Accepter' | 'Refuser'): Promise<void> {
  const closed = window.waitForEvent('close');
  // The window may be gone before it is known that the button was pressed.
  await press(window, answer).catch(() => undefined);
  await closed;
}

function messages(page: Page): Promise<{ data: { habilitation: string; code: string | null }; origin: string }[]> {
  return page.evaluate(() => (globalThis as unknown as { messages: [] }).messages);
}

/** Claims a token as the element does, from its own page. */
function claim(
  page: Page,
  server: Server,
  verifier: string,
  code?: string | null,
): Promise<{ status: number; token?: string }> {
  return page.evaluate(
    async ([api, body]) => {
      const answer = await fetch(`${api}api/embed/tokens`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const text = await answer.text();
      return { status: answer.status, ...(answer.status === 201 ? JSON.parse(text) : {}) };
    },
    [server.address, JSON.stringify(code ? { verifier, code } : { verifier })] as const,
  );
}

test('the window names the portal and what it may do', async ({ page, server, portal }) => {
  const window = await open(page, portal, address(server, secrets(), portal.origin));
  await signInAndSeeTheQuestion(window, portal);
  const main = window.getByRole('main');
  await expect(main.locator('strong')).toHaveText(portal.origin);
  await expect(main).toContainText('lire, modifier et envoyer les demandes que vous commencez sur ce site');
  await expect(main).toContainText('Il n’aura pas accès à vos autres demandes');
  await axe(window);
});

test('a press that was meant for what stood there before agrees to nothing', async ({ page, server, portal }) => {
  const drawn = secrets();
  const window = await open(page, portal, address(server, drawn, portal.origin));
  // As soon as the button is there it is pressed, as by the second of two quick clicks.
  await window.evaluate(() => {
    new MutationObserver((_, observer) => {
      const accept = [...document.querySelectorAll('button')].find((button) => button.textContent === 'Accepter');
      if (!accept) return;
      observer.disconnect();
      accept.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await signInAndSeeTheQuestion(window, portal);
  const accept = window.getByRole('button', { name: 'Accepter' });
  await expect(accept).toBeEnabled();
  expect(await claim(page, server, drawn.verifier)).toEqual({ status: 202 });
  expect(await messages(page)).toEqual([]);
  // One that comes back before the person's eyes has to be seen anew.
  const disabled = await accept.evaluate(async (button) => {
    dispatchEvent(new Event('focus'));
    // What changes is drawn right after.
    await new Promise((resolve) => setTimeout(resolve));
    return button.getAttribute('aria-disabled');
  });
  expect(disabled).toBe('true');
  await expect(accept).toBeEnabled();
});

test('a person who agrees is signed in on the portal, and the window closes', async ({ page, server, portal }) => {
  const drawn = secrets();
  const window = await open(page, portal, address(server, drawn, portal.origin));
  await signInAndSeeTheQuestion(window, portal);
  expect(await claim(page, server, drawn.verifier)).toEqual({ status: 202 });
  await decide(window, 'Accepter');
  await expect.poll(() => messages(page)).toHaveLength(1);
  const [message] = await messages(page);
  expect(message).toEqual({
    data: { habilitation: 'sign-in', code: expect.stringMatching(/^[\w-]{43}$/) },
    origin: new URL(server.address).origin,
  });
  const { status, token } = await claim(page, server, drawn.verifier, message?.data.code);
  expect(status).toBe(201);
  const session = await page.evaluate(
    async ([api, token]) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${api}api/session`, { credentials: 'omit', headers });
      return answer.json();
    },
    [server.address, token] as const,
  );
  expect(session.user.given_name).toBeTruthy();
});

test('a person who refuses gives nothing, and the portal is told', async ({ page, server, portal }) => {
  const drawn = secrets();
  const window = await open(page, portal, address(server, drawn, portal.origin));
  await signInAndSeeTheQuestion(window, portal);
  await decide(window, 'Refuser');
  await expect.poll(() => messages(page)).toHaveLength(1);
  expect((await messages(page))[0]?.data).toEqual({ habilitation: 'sign-in', code: null });
  expect(await claim(page, server, drawn.verifier)).toEqual({ status: 202 });
});

test('a portal that loses hold of the window asks until it is answered', async ({ page, context, server, portal }) => {
  const drawn = secrets();
  await page.goto(`${portal.origin}/alone`);
  const opened = context.waitForEvent('page');
  await page.evaluate((there) => void globalThis.open(there, '_blank', 'popup'), address(server, drawn, portal.origin));
  const window = await opened;
  await signInAndSeeTheQuestion(window, portal);
  expect(await window.evaluate(() => opener)).toBeNull();
  await decide(window, 'Accepter');
  expect((await claim(page, server, drawn.verifier)).status).toBe(201);
});

test('the code reaches no other site than the one that was named', async ({ page, server, portal, stranger }) => {
  // The browser says on the console of whoever posts that the message was not delivered.
  tolerate(/Failed to execute 'postMessage'/);
  const drawn = secrets();
  const window = await open(page, stranger, address(server, drawn, portal.origin));
  await signInAndSeeTheQuestion(window, portal);
  await decide(window, 'Accepter');
  await page.goto(`${portal.origin}/`);
  expect(await claim(page, server, drawn.verifier), 'the grant is worth nothing without its code').toEqual({
    status: 202,
  });
  await page.goto(`${stranger.origin}/`);
});

test('a window that no portal opened offers nothing', async ({ page, context, server, portal, stranger }) => {
  const there = address(server, secrets(), portal.origin);
  // A link in a message, a site that gives up its hold, a portal that does not tell where people come from.
  for (const from of [null, `${stranger.origin}/alone`, `${portal.origin}/alone?silent`]) {
    let window = page;
    if (from === null) {
      await page.goto(there);
    } else {
      await page.goto(from);
      const opened = context.waitForEvent('page');
      await page.evaluate((address) => void globalThis.open(address, '_blank', 'popup'), there);
      window = await opened;
    }
    if (from === null) {
      await signInAndSeeTheQuestion(window, portal);
    }
    await expect(window.getByRole('main')).toContainText('n’a pas été ouverte par le site');
    await expect(window.getByRole('button', { name: 'Accepter' })).toHaveCount(0);
  }
});

test('a portal that nobody knows is not named', async ({ page, server, stranger }) => {
  tolerate(/Failed to load resource: .* 400 /);
  const window = await open(page, stranger, address(server, secrets(), stranger.origin));
  await expect(window.getByRole('heading', { level: 1 })).toHaveText('Site inconnu');
  await expect(window.locator('body')).not.toContainText(stranger.origin);
});
