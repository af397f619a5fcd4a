/**
 * Measures the page beside an empty page with one field, both served by the real server, and the element of a portal beside
 * the stand-alone page, both without an API; and writes tables in Markdown to the file that HABILITATION_BENCH_TABLE names.
 *
 * Each figure is the median of RUNS visits, each in a fresh context: nothing is cached. The pages take turns, so that a busy
 * moment of the machine weighs on all.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { brotliCompressSync } from 'node:zlib';
import { start } from '../../../examples/portal/serve.mjs';
import { FileServer } from '../file-server.ts';
import { signIn } from '../harness.ts';
import { dist, Server } from '../server.ts';

const RUNS = 5;
const KEYS = 20;

interface Setting {
  name: string;
  cpuSlowdown: number;
  network?: { latency: number; downloadThroughput: number; uploadThroughput: number };
}

const megabits = (count: number): number => (count * 1_000_000) / 8;

const SETTINGS: Setting[] = [
  { name: 'full speed', cpuSlowdown: 1 },
  { name: 'processor 4× slower', cpuSlowdown: 4 },
  {
    name: 'processor 4× slower, 1.6 Mbit/s, 150 ms',
    cpuSlowdown: 4,
    network: { latency: 150, downloadThroughput: megabits(1.6), uploadThroughput: megabits(0.75) },
  },
];

interface Subject {
  /** Whatever serves it. */
  server: { address: string };
  address: string;
  field: string;
  /** Whose cookies and storage a visit starts with; never whose cache. */
  visitor?: Visitor;
}

type Visitor = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Visit {
  firstPaint: number;
  firstField: number;
  keyToFrame: number;
}

const EMPTY_PAGE = `<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Page vide</title>
<link rel="icon" href="data:,">
<label>Nom <input name="field"></label>
</html>
`;

test('bench', async ({ browser }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'habilitation-empty-'));
  await writeFile(path.join(folder, 'index.html'), EMPTY_PAGE);
  await writeFile(path.join(folder, 'index.html.br'), brotliCompressSync(EMPTY_PAGE));
  const [emptyServer, server] = [await Server.start(folder), await Server.start()];
  const empty = { server: emptyServer, address: '', field: 'field' };
  const visitor = await somebody(browser, server);
  const form = { server, address: '?demande=nouvelle', field: 'organisation.name', visitor };

  const files = await FileServer.start('page');
  files.compressed = true;
  const host = { address: files.address('page') };
  const alone = { server: host, address: '?demande=nouvelle', field: 'organisation.name' };
  const portal = await start();
  const service = await Server.start(dist, ['--embed-origin', new URL(portal.address).origin]);
  portal.service = service.address;
  const guest = { server: portal, address: '?request=new', field: 'organisation.name' };

  const bytes = await firstVisit(browser, server, '');
  const table = [
    `A first visit of the start page transfers ${bytes}.`,
    '',
    ...(await compare(browser, ['firstPaint', 'firstField', 'keyToFrame'], ['empty page', empty], ['this page', form])),
    '',
    `Without an API, so that nobody has to sign in first, the page transfers ${await firstVisit(browser, host, alone.address)}`,
    `up to step 1, and a portal with the element ${await firstVisit(browser, portal, guest.address)}.`,
    '',
    ...(await compare(browser, ['firstField', 'keyToFrame'], ['stand-alone page', alone], ['in a portal', guest])),
    '',
  ].join('\n');
  await Promise.all([emptyServer, server, files, portal, service].map((started) => started.stop()));
  await rm(folder, { recursive: true });
  console.log(table);
  const output = process.env['HABILITATION_BENCH_TABLE'];
  if (output) await writeFile(output, table);
});

const FIGURES = { firstPaint: 'first paint', firstField: 'first field', keyToFrame: 'key to frame' };

/** A table of two subjects side by side. */
async function compare(
  browser: Browser,
  figures: (keyof Visit)[],
  [oneName, one]: [string, Subject],
  [otherName, other]: [string, Subject],
): Promise<string[]> {
  const heads = figures.flatMap((figure) => [`${FIGURES[figure]}, ${oneName}`, otherName, 'ratio']);
  const rows = [`| milliseconds, median of ${RUNS} | ${heads.join(' | ')} |`, `|---|${'---:|'.repeat(heads.length)}`];
  for (const setting of SETTINGS) {
    const visits: [Visit[], Visit[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      visits[0].push(await visit(browser, one, setting));
      visits[1].push(await visit(browser, other, setting));
    }
    const cells = figures.flatMap((figure) => {
      const [before, after] = [median(visits[0], figure), median(visits[1], figure)];
      return [before.toFixed(0), after.toFixed(0), (after / before).toFixed(2)];
    });
    rows.push(`| ${setting.name} | ${cells.join(' | ')} |`);
  }
  return rows;
}

/** What the browser of somebody who signed in remembers. */
async function somebody(browser: Browser, server: Server): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: server.address });
  await signIn(await context.newPage());
  const visitor = await context.storageState();
  await context.close();
  return visitor;
}

async function open(browser: Browser, subject: Subject, setting: Setting): Promise<Page> {
  const { server, visitor } = subject;
  const context = await browser.newContext({ baseURL: server.address, ...(visitor && { storageState: visitor }) });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: setting.cpuSlowdown });
  if (setting.network) {
    await devtools.send('Network.emulateNetworkConditions', { offline: false, ...setting.network });
  }
  return page;
}

/** One visit of the form, up to some typing in its first step. */
async function visit(browser: Browser, subject: Subject, setting: Setting): Promise<Visit> {
  const page = await open(browser, subject, setting);
  const selector = `[name="${subject.field}"]`;
  // Looks at every frame, from before the first script of the page.
  await page.addInitScript((wanted) => {
    const look = (): void => {
      const roots = [document, document.getElementById('first')?.shadowRoot];
      if (roots.some((root) => root?.querySelector(`${wanted}:enabled`))) performance.mark('first-field');
      else requestAnimationFrame(look);
    };
    look();
  }, selector);
  await page.goto(subject.address, { waitUntil: 'commit' });
  const field = page.locator(selector);
  await field.fill('');
  await field.press('a');
  await expect(field, 'the field takes what is typed').toHaveValue('a');
  const { firstPaint, firstField } = await page.evaluate(() => {
    const start = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return { firstPaint: start('first-contentful-paint'), firstField: start('first-field') };
  });
  const delays: number[] = [];
  for (let key = 0; key < KEYS; key += 1) {
    // From the moment the system saw the key to the end of the frame that shows it.
    const delay = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const onKey = (event: Event): void => {
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = (): void => resolve(performance.now() - event.timeStamp);
              port2.postMessage(null);
            });
          };
          addEventListener('keydown', onKey, { capture: true, once: true });
        }),
    );
    await page.evaluate(() => undefined);
    await field.press('b');
    delays.push(await delay);
  }
  await page.context().close();
  return { firstPaint, firstField, keyToFrame: middle(delays) };
}

/** What a first visit transfers, all bodies together, in words. */
async function firstVisit(browser: Browser, server: Subject['server'], address: string): Promise<string> {
  const setting = { name: '', cpuSlowdown: 1 };
  const page = await open(browser, { server, address, field: '' }, setting);
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.context().close();
  return `${(bytes / 1_024).toFixed(1)} KB in ${sizes.length} answers (brotli, bodies only)`;
}

function median(visits: Visit[], figure: keyof Visit): number {
  return middle(visits.map((seen) => seen[figure]));
}

function middle(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
