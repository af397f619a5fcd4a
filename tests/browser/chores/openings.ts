/**
 * Measures how long the team's pages take to open beside the list of an applicant, in one run and in turns, and refuses those that
 * take more than {@link RATIO_MAX} times as long.
 *
 * Each figure is the median of some visits, each in a fresh context: nothing is cached. A page is open once its content is in the
 * frame after the one that has it.
 */
import { type APIRequestContext, type Browser, expect, test } from '@playwright/test';
import { newId } from '../api.ts';
import { request as fixture } from '../requests.ts';
import { Server } from '../server.ts';

const RUNS = Number(process.env['HABILITATION_BENCH_RUNS'] ?? 9);
/** Most that a page of the team may take, for one of the applicant's list. */
const RATIO_MAX = 1.5;
/** Requests in the list and in the queue. */
const REQUESTS = 10;
/** Slowdowns of the processor. */
const SLOWDOWNS = [1, 4];
const OPEN = 'bench:open';

/** A page that is measured. */
interface Subject {
  name: string;
  person: string;
  /** Address below the server's. */
  address: string;
  /** Selector of what the page is opened for. */
  content: string;
}

test('openings', async ({ browser, playwright }) => {
  test.setTimeout(600_000);
  const server = await Server.start();
  try {
    const api = await playwright.request.newContext({ baseURL: server.address });
    const ids = await submitted(api, new URL(server.address).origin);
    await api.dispose();
    const list: Subject = {
      name: 'list of an applicant',
      person: 'noemie',
      address: '?page=demandes',
      content: '.request',
    };
    const subjects: Subject[] = [
      list,
      { name: 'queue', person: 'claire', address: '?page=examen', content: '.queue tbody tr' },
      { name: 'examination', person: 'claire', address: `?examen=${ids[0]}`, content: '#act-accepted' },
      { name: 'statistics', person: 'claire', address: '?page=statistiques', content: '.queue tbody tr' },
    ];
    const slow: string[] = [];
    for (const slowdown of SLOWDOWNS) {
      const times = new Map(subjects.map((subject) => [subject, [] as number[]]));
      for (let run = 0; run < RUNS; run += 1) {
        for (const subject of subjects) times.get(subject)?.push(await opened(browser, server, subject, slowdown));
      }
      const base = median(times.get(list) ?? []);
      for (const [{ name }, measured] of times) {
        const ratio = median(measured) / base;
        console.log(`| ${name} | processor ${slowdown}× | ${median(measured).toFixed(0)} ms | ${ratio.toFixed(2)} |`);
        if (ratio > RATIO_MAX) slow.push(`${name}: ${ratio.toFixed(2)}`);
      }
    }
    expect(slow).toEqual([]);
  } finally {
    await server.stop();
  }
});

/** Signs in a person, for calls of the API. */
async function enter(api: APIRequestContext, origin: string, person: string): Promise<void> {
  const answer = await api.post('api/demo/session', { data: { person }, headers: { Origin: origin } });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Sends requests as Noémie, and answers their identifiers. */
async function submitted(api: APIRequestContext, origin: string): Promise<string[]> {
  await enter(api, origin, 'noemie');
  const ids: string[] = [];
  for (let n = 0; n < REQUESTS; n += 1) {
    const id = newId();
    const { draft } = fixture('identity-check-company');
    const headers = { Origin: origin };
    const saved = await api.put(`api/requests/${id}`, {
      data: { schema: 1, draft },
      headers: { ...headers, 'If-None-Match': '*' },
    });
    expect(saved.status(), await saved.text()).toBe(201);
    const sent = await api.post(`api/requests/${id}/submission`, { headers: { ...headers, 'If-Match': '"1"' } });
    expect(sent.status(), await sent.text()).toBe(201);
    ids.push(id);
  }
  return ids;
}

/** Opens a page once, and answers the milliseconds from the beginning of the navigation until it is open. */
async function opened(browser: Browser, server: Server, subject: Subject, slowdown: number): Promise<number> {
  const context = await browser.newContext({ baseURL: server.address });
  await enter(context.request, new URL(server.address).origin, subject.person);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(watch, { content: subject.content, mark: OPEN });
  await page.goto(subject.address);
  const find = (mark: string): number | false => performance.getEntriesByName(mark)[0]?.startTime ?? false;
  const time = await (await page.waitForFunction(find, OPEN, { polling: 50 })).jsonValue();
  await context.close();
  return Number(time);
}

/** Runs in the page, before its first script. It marks the end of the frame after the one in which the content is visible. */
function watch({ content, mark }: { content: string; mark: string }): void {
  const look = (): void => {
    const found = document.querySelector(content);
    requestAnimationFrame(found && found.getClientRects().length > 0 ? reach : look);
  };
  const reach = (): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => void performance.mark(mark);
    port2.postMessage(null);
  };
  requestAnimationFrame(look);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
