/**
 * What every journey starts from: a browser of this engine, the real server behind a network that can be told to
 * misbehave, and a page that may not complain. Import `test` and `expect` from here, never from Playwright.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { newId } from '../api.ts';
import { Network } from '../network.ts';
import type { Draft } from '../requests.ts';
import { Server } from '../server.ts';
import type { Engine } from './engine.ts';
import { Firefox } from './firefox.ts';
import { expectStep } from './form.ts';
import { Profile, type Tab } from './tab.ts';
import { WebKit } from './webkit.ts';
import { type Testimony, Witness } from './witness.ts';

export { expect };

export interface EngineOptions {
  engineName: 'firefox' | 'webkit';
}

interface WorkerFixtures extends EngineOptions {
  engine: Engine;
  server: Server;
  /** A page of nothing, of the site that the page is of. */
  blank: string;
}

/**
 * Answers the address under which a browser finds a server, where it is heard. A name is given to what is on another site
 * than the page.
 */
export type Face = (address: string, name?: string) => Promise<string>;

interface TestFixtures {
  /** Complaints that a test provokes on purpose, added by the test before it provokes them. */
  tolerated: RegExp[];
  face: Face;
  network: Network;
  /** The address of the page. */
  address: string;
  profile: Profile;
  tab: Tab;
}

/**
 * Firefox stops the script of a page that is being left (`dom.cancel_content_js_when_navigating`), in the middle of whatever
 * it does, and says so in the words that it has for endless loops. What was typed is on the device by then.
 */
const LEFT_MEANWHILE = /^content javascript at \S+: Script terminated by timeout/;

/**
 * Firefox says of each file that a page was still fetching through its service worker when it was left that the worker failed. A part
 * of the program that is missing in a page that is there shows in what the test expects of that page.
 */
const LEFT_WHILE_LOADING =
  /^Service Worker Interception at \S+: Failed to load ‘\S+\.wasm’\. A ServiceWorker intercepted the request and encountered an unexpected error\.$/;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  engineName: ['firefox', { option: true, scope: 'worker' }],
  engine: [
    async ({ engineName }, use) => {
      const engine = await (engineName === 'firefox' ? Firefox.start() : WebKit.start());
      await use(engine);
      await engine.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  blank: [
    async ({}, use) => {
      const http = createServer((_, answer) =>
        answer.setHeader('Content-Type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">'),
      );
      await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
      await use(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
      http.closeAllConnections();
      http.close();
    },
    { scope: 'worker' },
  ],
  tolerated: async ({}, use) => use([LEFT_MEANWHILE, LEFT_WHILE_LOADING]),
  face: async ({ engine, engineName, tolerated }, use) => {
    const witnesses: Witness[] = [];
    const testimony: Testimony = { heard: [], told: undefined };
    await engine.complaints();
    await use(async (address, name) => {
      if (engineName === 'firefox') return address;
      const witness = await Witness.before(address, name ?? '127.0.0.1', testimony);
      witnesses.push(witness);
      if (name === undefined) testimony.told = witness;
      return witness.address;
    });
    const heard = [...(await engine.complaints()), ...testimony.heard];
    for (const witness of witnesses) await witness.stop();
    expect(
      heard.filter((text) => !tolerated.some((pattern) => pattern.test(text))),
      'the page complained',
    ).toEqual([]);
  },
  network: async ({ server }, use) => {
    const network = await Network.before(server.address);
    await use(network);
    await network.stop();
  },
  address: async ({ face, network }, use) => use(await face(network.address)),
  profile: async ({ engine, address, blank }, use, info) => {
    const profile = new Profile(engine, address);
    await use(profile);
    if (info.errors.length > 0) console.log(await profile.describe());
    // Each test has addresses of its own, and with them storage of its own; cookies know no ports.
    await profile.clear(blank);
  },
  tab: async ({ profile }, use) => use(await profile.open()),
});

/** Version of the draft's shape. */
const SCHEMA = 1;

/** Signs in as one of the demonstration's people, by their place in its list. */
export async function signIn(tab: Tab, place = 0): Promise<void> {
  await tab.goto('?page=connexion');
  await tab.find('main button').nth(place).click();
  await tab.button('Se déconnecter').expectShown();
  await tab.expectHeading('Mes demandes');
  await tab.find('main', 'Un instant…').expectGone();
}

/** Stores a draft without files, by a call of the page itself, and answers its identifier. */
export async function store(tab: Tab, draft: Draft): Promise<string> {
  const id = newId();
  const [status, text] = await tab.evaluate(
    async (address, body) => {
      const headers = { 'Content-Type': 'application/json', 'If-None-Match': '*' };
      const answer = await fetch(address, { method: 'PUT', headers, body });
      return [answer.status, await answer.text()] as const;
    },
    `api/requests/${id}`,
    JSON.stringify({ schema: SCHEMA, draft: withoutFiles(draft) }),
  );
  expect(status, text).toBe(201);
  return id;
}

/** Signs in, and opens a draft of nothing at its second step. Its identifier. */
export async function open(tab: Tab): Promise<string> {
  await signIn(tab);
  const id = await store(tab, {});
  await tab.goto(`?demande=${id}&etape=project`);
  await expectStep(tab, 'project');
  return id;
}

/** The draft without its files, which travel on their own. */
function withoutFiles(draft: Draft): Draft {
  const copy = structuredClone(draft);
  for (const [step, field] of [
    ['project', 'mockups'],
    ['legal', 'documents'],
  ] as const) {
    const answers = copy[step] as Draft | undefined;
    if (answers) answers[field] = [];
  }
  return copy;
}

/** The request that the address names. */
export async function requestId(tab: Tab): Promise<string> {
  return new URL(await tab.url()).searchParams.get('demande') ?? '';
}

/** What the server holds of a request, asked by the page itself. */
export async function stored(
  tab: Tab,
  id: string,
): Promise<{ state: string; revision: number; number: string | null; draft: Record<string, unknown> }> {
  const [status, text] = await tab.evaluate(async (id) => {
    const answer = await fetch(`api/requests/${id}`);
    return [answer.status, await answer.text()] as const;
  }, id);
  expect(status, text).toBe(200);
  return JSON.parse(text) as never;
}

/** The bytes of a file that was downloaded, once all of it is there. */
export async function downloaded(engine: Engine, name: string): Promise<Buffer> {
  const file = path.join(engine.downloads, name);
  await expect
    .poll(async () => (await readFile(file).catch(() => Buffer.alloc(0))).length, `downloaded: ${name}`)
    .toBeGreaterThan(0);
  return readFile(file);
}
