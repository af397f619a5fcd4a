/**
 * Measures the page beside an empty page with one field and, where there are some, beside the same form built with other
 * libraries; writes a table in Markdown to the file that HABILITATION_BENCH_TABLE names.
 *
 * Each figure is the median of some visits, each in a fresh context: nothing is cached. The pages take turns, so that a busy
 * moment of the machine weighs on all.
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { start as startPortal } from '../../../examples/portal/serve.mjs';
import { FileServer } from '../file-server.ts';
import { signedIn } from '../harness.ts';
import { dist, Server } from '../server.ts';
import { Wire } from '../wire.ts';

/** Each page is visited so many times in each setting. */
const RUNS = Number(process.env['HABILITATION_BENCH_RUNS'] ?? 5);
/** So many keys are pressed in one visit. */
const KEYS = 12;
/** A page is complete once the network has been quiet for so many milliseconds. */
const QUIET = 1_000;
/** A page has so many milliseconds to say that it is ready, at full speed; one that says nothing is not waited for again. */
const PATIENCE = 5_000;

/** The program sets this mark once it has taken over. */
const READY = 'habilitation:ready';
/** {@link watchForField} sets this mark. */
const FIELD = 'bench:field';

/** Selector of all controls that people can fill in. */
const CONTROL = ['input:not([type=hidden])', 'textarea', 'select'].map((name) => `${name}:enabled`).join(', ');

interface Setting {
  name: string;
  cpuSlowdown: number;
  network?: { latency: number; downloadThroughput: number; uploadThroughput: number };
  /** Keys are pressed in this setting. */
  keys: boolean;
}

const megabits = (count: number): number => (count * 1_000_000) / 8;

const SETTINGS: Setting[] = [
  { name: 'full speed', cpuSlowdown: 1, keys: false },
  { name: 'processor 4× slower', cpuSlowdown: 4, keys: true },
  {
    name: 'processor 4× slower, 1.6 Mbit/s, 150 ms',
    cpuSlowdown: 4,
    network: { latency: 150, downloadThroughput: megabits(1.6), uploadThroughput: megabits(0.75) },
    keys: false,
  },
];

/** A page that is measured. */
interface Subject {
  name: string;
  server: { address: string };
  /** Address below the server's. */
  address: string;
  /** The page has something to fill in. */
  form: boolean;
  /** Our program runs in the page. */
  program: boolean;
  /** Selector of the element whose shadow tree holds the form. */
  host?: string;
  /** A visit starts with these cookies. */
  visitor?: Visitor;
}

type Visitor = Exclude<Parameters<Browser['newContext']>[0], undefined>['storageState'];

/** The figures of one visit, NaN where the visit has none. Times are milliseconds since the navigation began. */
interface Visit {
  firstPaint: number;
  largestPaint: number;
  firstField: number;
  ready: number;
  keyToFrame: number;
  layoutShift: number;
  bytesUntilField: number;
  bytes: number;
}

type Figure = keyof Visit;

const NOTHING = Number.NaN;

const EMPTY_PAGE = `<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Page vide</title>
<link rel="icon" href="data:,">
<label>Nom <input name="field"></label>
</html>
`;

/** Folders of {@link peers}, and their names in the table. */
const PEERS = { react: 'React', rjsf: 'RJSF', survey: 'SurveyJS' };

test('bench', async ({ browser }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'habilitation-empty-'));
  await writeFile(path.join(folder, 'index.html'), EMPTY_PAGE);
  await writeFile(path.join(folder, 'index.html.br'), brotliCompressSync(EMPTY_PAGE));
  const [emptyServer, server] = [await Server.start(folder), await Server.start()];
  const files = await FileServer.start('page');
  files.compressed = true;
  const portal = await startPortal();
  const service = await Server.start(dist, ['--embed-origin', new URL(portal.address).origin]);
  portal.service = service.address;

  try {
    const visitor = await somebody(browser, server);
    const onFiles = { address: files.address('page') };
    const our = { form: true, program: true, address: '?demande=nouvelle' };
    const empty: Subject = { name: 'empty page', server: emptyServer, address: '', form: true, program: false };
    const others = await peers(files);
    const subjects: Subject[] = [
      empty,
      { ...our, name: 'start page, signed out', server, address: '', form: false },
      { ...our, name: 'form, signed in', server, visitor },
      { ...our, name: 'form, files alone', server: onFiles },
      { ...our, name: 'form, in a portal', server: portal, address: '?request=new', host: '#first' },
      ...others,
    ];
    // Long enough for a machine that is ten times as slow as ours.
    test.setTimeout(SETTINGS.length * (RUNS + 1) * subjects.length * 30_000);

    const react = others.find(({ name }) => name === PEERS.react);
    const table = report(await measure(browser, subjects), empty, react);
    console.log(table);
    const output = process.env['HABILITATION_BENCH_TABLE'];
    if (output) await writeFile(output, table);
  } finally {
    await Promise.all([emptyServer, server, files, portal, service].map((started) => started.stop()));
    await rm(folder, { recursive: true });
  }
});

/** The cookies of somebody who signed in. */
async function somebody(browser: Browser, server: Server): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: server.address });
  await signedIn(await context.newPage());
  const { cookies } = await context.storageState();
  await context.close();
  return { cookies, origins: [] };
}

/** The peers in the folder that HABILITATION_BENCH_PEERS names, compressed and on the same host of files as our page. */
async function peers(files: FileServer): Promise<Subject[]> {
  const folder = process.env['HABILITATION_BENCH_PEERS'];
  if (!folder) return [];
  const found = Object.entries(PEERS).filter(([place]) => existsSync(path.join(folder, place, 'index.html')));
  expect(found, `folders of peers in ${folder}`).not.toEqual([]);
  for (const [place] of found) {
    const copy = files.file(place, '');
    await cp(path.join(folder, place), copy, { recursive: true });
    for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || /\.(br|gz)$/.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      await writeFile(`${file}.br`, brotliCompressSync(await readFile(file)));
    }
  }
  return found.map(([place, name]) => {
    return { name, server: { address: files.address(place) }, address: '', form: true, program: false };
  });
}

/** Medians of each page, in the order of {@link SETTINGS}. */
type Medians = Map<Subject, Visit[]>;

/** Visits all pages in turns, until each has been seen often enough in each setting. */
async function measure(browser: Browser, subjects: Subject[]): Promise<Medians> {
  const telling = new Set<Subject>();
  for (const subject of subjects) {
    if (await tellsReady(browser, subject)) telling.add(subject);
  }
  const visits = new Map(subjects.map((subject) => [subject, SETTINGS.map((): Visit[] => [])]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, setting] of SETTINGS.entries()) {
      for (const subject of subjects) {
        visits.get(subject)?.[index]?.push(await visit(browser, subject, setting, telling.has(subject)));
      }
    }
  }
  return new Map([...visits].map(([subject, seen]) => [subject, seen.map(medians)]));
}

/** A visit without figures finds out whether the program of this page says that it is ready. */
async function tellsReady(browser: Browser, subject: Subject): Promise<boolean> {
  const { page, wire } = await open(browser, subject, { name: '', cpuSlowdown: 1, keys: false });
  await page.goto(subject.address);
  if (subject.program) await marked(page, READY, PATIENCE).catch(() => undefined);
  await wire.quiet(QUIET);
  const ready = await startOf(page, READY);
  await page.context().close();
  return !Number.isNaN(ready);
}

interface Opened {
  page: Page;
  wire: Wire;
}

async function open(browser: Browser, { server, visitor }: Subject, setting: Setting): Promise<Opened> {
  const context = await browser.newContext({
    baseURL: server.address,
    ...(visitor && { storageState: visitor }),
  });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const wire = await Wire.of(devtools);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: setting.cpuSlowdown });
  if (setting.network) {
    await devtools.send('Network.emulateNetworkConditions', { offline: false, ...setting.network });
  }
  return { page, wire };
}

/** One visit, until the page is at rest; then, where the setting wants it, some typing in the first field. */
async function visit(browser: Browser, subject: Subject, setting: Setting, waitsForReady: boolean): Promise<Visit> {
  const { page, wire } = await open(browser, subject, setting);
  if (subject.form) await page.addInitScript(watchForField, { control: CONTROL, host: subject.host, mark: FIELD });
  await page.goto(subject.address);
  if (subject.form) await marked(page, FIELD);
  if (waitsForReady) await marked(page, READY);
  await wire.quiet(QUIET);
  // Before anything is pressed: the browser takes no further paint for the largest after that.
  const { largestPaint, layoutShift } = await page.evaluate(observed);
  const firstField = await startOf(page, FIELD);
  const seen = {
    firstPaint: await startOf(page, 'first-contentful-paint'),
    largestPaint,
    firstField,
    ready: await startOf(page, READY),
    layoutShift,
    bytesUntilField: subject.form ? await wire.bytesUntil(firstField) : NOTHING,
    bytes: wire.bytes,
  };
  const keyToFrame = subject.form && setting.keys ? await typing(page, subject) : NOTHING;
  await page.context().close();
  return { ...seen, keyToFrame };
}

/**
 * Runs in the page, before its first script. At every frame it looks for something to fill in that is laid out and visible, and
 * marks the end of the frame after the one that has it.
 */
function watchForField({ control, host, mark }: { control: string; host: string | undefined; mark: string }): void {
  const look = (): void => {
    const root = host === undefined ? document : document.querySelector(host)?.shadowRoot;
    const found = [...(root?.querySelectorAll(control) ?? [])];
    const visible = found.some(
      (field) => field.getClientRects().length > 0 && field.checkVisibility({ visibilityProperty: true }),
    );
    requestAnimationFrame(visible ? reach : look);
  };
  const reach = (): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => void performance.mark(mark);
    port2.postMessage(null);
  };
  requestAnimationFrame(look);
}

/** Runs in the page, and returns the browser's own account of its paints. */
function observed(): { largestPaint: number; layoutShift: number } {
  const entries = (type: string): PerformanceEntryList => {
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type, buffered: true });
    return observer.takeRecords();
  };
  const shifts = entries('layout-shift') as (PerformanceEntry & { value: number; hadRecentInput: boolean })[];
  return {
    largestPaint: entries('largest-contentful-paint').at(-1)?.startTime ?? Number.NaN,
    layoutShift: shifts.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0),
  };
}

/** Waits until a page has this mark. */
async function marked(page: Page, name: string, timeout = 60_000): Promise<void> {
  await page.waitForFunction((wanted) => performance.getEntriesByName(wanted).length > 0, name, {
    polling: 50,
    timeout,
  });
}

/** The time at which a page first had this mark. */
function startOf(page: Page, name: string): Promise<number> {
  return page.evaluate((wanted) => performance.getEntriesByName(wanted)[0]?.startTime ?? Number.NaN, name);
}

/** Presses keys in the first field. Each takes from the moment the system saw it to the end of the frame that shows it. */
async function typing(page: Page, { host }: Subject): Promise<number> {
  const root = host === undefined ? page : page.locator(host);
  const field = root.locator(CONTROL).filter({ visible: true }).first();
  await field.fill('');
  await field.focus();
  const delays: number[] = [];
  for (let key = 0; key < KEYS; key += 1) {
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
    // An answer of the page tells that it listens.
    await page.evaluate(() => undefined);
    await page.keyboard.press('b');
    delays.push(await delay);
  }
  await expect(field, 'the field takes what is typed').toHaveValue('b'.repeat(KEYS));
  return middle(delays);
}

/** A part of the table has one figure, or two, of all pages that can have it. */
interface Part {
  name: string;
  of: (subject: Subject) => boolean;
  figures: [Figure, ...Figure[]];
  text: (value: number) => string;
  /** Ratios divide by this figure of the other page. */
  divisor?: Figure;
  /** The React page is compared with too. */
  withReact?: boolean;
}

const whole = (value: number): string => value.toFixed(0);
const all = (): boolean => true;
const forms = ({ form }: Subject): boolean => form;
const programs = ({ program }: Subject): boolean => program;

const PARTS: Part[] = [
  { name: 'First paint', of: all, figures: ['firstPaint'], text: whole, divisor: 'firstPaint' },
  { name: 'Largest paint', of: all, figures: ['largestPaint'], text: whole, divisor: 'firstPaint' },
  { name: 'First field', of: forms, figures: ['firstField'], text: whole, divisor: 'firstField', withReact: true },
  { name: 'Program ready', of: programs, figures: ['ready'], text: whole, divisor: 'firstField', withReact: true },
  {
    name: 'Key to frame',
    of: forms,
    figures: ['keyToFrame'],
    text: (milliseconds) => milliseconds.toFixed(1),
    divisor: 'keyToFrame',
    withReact: true,
  },
  { name: 'Layout shift', of: all, figures: ['layoutShift'], text: (shift) => shift.toFixed(3) },
  {
    name: 'KB until the first field / in all',
    of: all,
    figures: ['bytesUntilField', 'bytes'],
    text: (bytes) => (bytes / 1_024).toFixed(1),
  },
];

/** The figures in Markdown: part by part, a row for each page, a column for each setting. */
function report(measured: Medians, empty: Subject, react: Subject | undefined): string {
  const rows = PARTS.flatMap((part) => {
    const others = part.withReact && react ? [empty, react] : [empty];
    const inSetting = (visit: Visit, setting: number): string => {
      const compared = others.map((other) => measured.get(other)?.[setting]);
      return cell(part, visit, compared);
    };
    const pages = [...measured].filter(([subject]) => part.of(subject));
    return [
      [`**${part.name}**`, ...SETTINGS.map(() => '')],
      ...pages.map(([{ name }, columns]) => [name, ...columns.map(inSetting)]),
    ];
  });
  const head = [`medians of ${RUNS}`, ...SETTINGS.map(({ name }) => name)];
  return [
    'Times are milliseconds, KB are 1,024 bytes as they come over the network, headers included. In parentheses: the ratio to',
    'the empty page; the largest paint is divided by its first paint, and what the program needs to be ready by its first field.',
    ...(react ? ['The second ratio is that to the React page.'] : []),
    '',
    `| ${head.join(' | ')} |`,
    `|---|${SETTINGS.map(() => '---:|').join('')}`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

/** The figures of a part, and the ratios of the first to other pages. */
function cell({ figures, text, divisor }: Part, visit: Visit, others: (Visit | undefined)[]): string {
  const [first] = figures;
  const shown = figures.map((figure) => (Number.isNaN(visit[figure]) ? '–' : text(visit[figure]))).join(' / ');
  const ratios = others
    .map((other) => (other && divisor ? visit[first] / other[divisor] : NOTHING))
    .filter((ratio) => !Number.isNaN(ratio))
    .map((ratio) => ratio.toFixed(2));
  return ratios.length > 0 ? `${shown} (${ratios.join('; ')})` : shown;
}

/** The median of each figure. */
function medians(visits: Visit[]): Visit {
  const of = (figure: Figure): number => middle(visits.map((visit) => visit[figure]));
  return {
    firstPaint: of('firstPaint'),
    largestPaint: of('largestPaint'),
    firstField: of('firstField'),
    ready: of('ready'),
    keyToFrame: of('keyToFrame'),
    layoutShift: of('layoutShift'),
    bytesUntilField: of('bytesUntilField'),
    bytes: of('bytes'),
  };
}

/** The median of those values that are numbers. */
function middle(values: number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NOTHING;
}
