/**
 * What the tests stand on: a network that misbehaves as it is told, a server that comes back as it was.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { type Fate, Network, page, SAVES } from './network.ts';

/** A server that counts what reaches it, behind the network. */
const test = base.extend<{ seen: string[]; network: Network }>({
  seen: async ({}, use) => use([]),
  network: async ({ seen }, use) => {
    const server: HttpServer = createServer((call, answer) => {
      seen.push(call.url ?? '');
      answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"revision":1}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const network = await Network.before(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await use(network);
    await network.stop();
    server.closeAllConnections();
    await new Promise((ended) => server.close(ended));
  },
});

const SAVE = 'api/requests/1';

const fates: readonly [fate: Fate, reaches: boolean, told: string][] = [
  ['pass', true, '200 {"revision":1}'],
  ['lost', false, 'nothing'],
  ['answer lost', true, 'nothing'],
  ['silent', false, 'silence'],
  ['answer silent', true, 'silence'],
  ['head only', true, '200 silence'],
  ['half', true, '200 silence'],
  ['broken off', true, '200 nothing'],
  [page(403, 'Refused'), false, '403 <html><head><title>403</title></head><body>Refused</body></html>'],
  [{ status: 502, acted: true }, true, '502 '],
];

for (const [fate, reaches, told] of fates) {
  const name = typeof fate === 'string' ? `the fate “${fate}”` : `an answer of ${fate.status} by somebody else`;
  test(`${name} ${reaches ? 'lets the server act' : 'keeps a call from the server'} and tells the client ${told.slice(0, 20)}`, async ({
    network,
    seen,
  }) => {
    network.meet(SAVES, fate, 1);
    expect(await call(network)).toBe(told);
    expect(seen).toHaveLength(reaches ? 1 : 0);
    // Once is once, and other calls are none of it.
    expect(await call(network)).toBe('200 {"revision":1}');
    expect([network.count(SAVES), network.saves.length]).toEqual([2, reaches ? 2 : 1]);
  });
}

test('calls of another kind go through', async ({ network }) => {
  network.answer(page(403), SAVES);
  expect(await call(network, 'api/requests/1', 'GET')).toBe('200 {"revision":1}');
  network.meet({ body: /select/ }, 'lost');
  expect(await call(network, 'elsewhere', 'PUT')).toBe('200 {"revision":1}');
  expect(await call(network, 'elsewhere', 'PUT', 'a select b')).toBe('nothing');
});

for (const [fate, before] of [
  ['held', 0],
  ['answer held', 1],
] as const) {
  test(`what is ${fate} goes on when it is let go`, async ({ network, seen }) => {
    network.onSave(fate);
    const answer = call(network);
    await expect.poll(() => network.held).toBe(1);
    expect(seen).toHaveLength(before);
    network.up();
    expect(await answer).toBe('200 {"revision":1}');
    expect(seen).toHaveLength(1);
  });
}

/** Status and body of an answer; what never comes is waited for a moment only. */
async function call(network: Network, path = SAVE, method = 'PUT', body = '{}'): Promise<string> {
  const patience = AbortSignal.timeout(500);
  let told = '';
  try {
    const init = { method, signal: patience, ...(method === 'PUT' ? { body } : {}) };
    const answer = await fetch(network.address + path, init);
    told = `${answer.status} `;
    return told + (await answer.text());
  } catch {
    return told + (patience.aborted ? 'silence' : 'nothing');
  }
}
