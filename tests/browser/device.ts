/**
 * What a browser keeps of drafts and files. The names and the shape of what is stored are private to the page: specs know of
 * them by this file alone.
 */
import type { Page } from '@playwright/test';

/** Marks the name of a draft's copy in the browser's storage. */
const COPY = ':draft:';

/** Blocks storages, as a browser does that keeps nothing for a site. */
export async function block(
  page: Page,
  ...storages: ('localStorage' | 'sessionStorage' | 'indexedDB')[]
): Promise<void> {
  await page.addInitScript((names) => {
    const get = (): never => {
      throw new DOMException('blocked', 'SecurityError');
    };
    for (const name of names) Object.defineProperty(window, name, { get });
  }, storages);
}

/** The names of the copies of drafts in one of the browser's storages. */
export function copies(page: Page, storage: 'localStorage' | 'sessionStorage' = 'localStorage'): Promise<string[]> {
  return page.evaluate(([name, mark]) => Object.keys(window[name]).filter((key) => key.includes(mark)), [
    storage,
    COPY,
  ] as const);
}

/** Makes the copies as old as if nobody had changed them for some days. */
export async function age(page: Page, days: number): Promise<void> {
  const changed = { changed_at: Date.now() - days * 24 * 3_600_000 };
  for (const key of await copies(page)) await change(page, key, changed);
}

/** Makes a copy one that a newer version of the page wrote, with an answer of another name. Answers its text. */
export async function writtenByNewerPage(page: Page, key: string, name: string): Promise<string> {
  const { mine } = await read(page, key);
  const project = { ...mine.project, name, colour: 'bleu' };
  return change(page, key, { schema: 9, mine: { project } });
}

/** Writes an answer of the step of the project into a copy, as another tab does that tells nobody of it. */
export async function writtenByAnotherTab(page: Page, key: string, project: object): Promise<void> {
  const { mine, versions } = await read(page, key);
  const written = { tab: 1, number: (versions.at(-1)?.number ?? 0) + 1 };
  await change(page, key, {
    versions: [...versions, written],
    mine: { ...mine, project: { ...mine.project, ...project } },
  });
}

/** Makes the requests of a demonstration such as a newer version of the page wrote, without copies of their drafts. */
export function requestsWrittenByNewerPage(page: Page): Promise<void> {
  return page.evaluate((mark) => {
    for (const [name, kept] of Object.entries(localStorage)) {
      if (name.includes(mark)) localStorage.removeItem(name);
      else if (name.includes('request:'))
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(kept), schema: 9 }));
    }
  }, COPY);
}

interface Copy {
  mine: { project: object };
  versions: { number: number }[];
}

async function read(page: Page, key: string): Promise<Copy> {
  return JSON.parse((await page.evaluate((name) => localStorage.getItem(name), key)) ?? '') as Copy;
}

async function change(page: Page, key: string, changes: object): Promise<string> {
  const text = JSON.stringify({ ...(await read(page, key)), ...changes });
  await page.evaluate(([name, written]) => localStorage.setItem(name, written), [key, text] as const);
  return text;
}

/** How many files the browser keeps for the page. */
export async function filesOnDevice(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('habilitation');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('documents').objectStore('documents').count();
          counting.onsuccess = () => resolve(counting.result);
        };
      }),
  );
}
