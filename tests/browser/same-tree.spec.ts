/**
 * Each page that is there before its program is the one that the program draws: the same elements, names, words and states.
 */
import { tolerate } from './complaints.ts';
import { fillAndSave } from './draft.ts';
import type { Page } from '@playwright/test';
import { store } from './api.ts';
import { hold, openEarly, PROGRAM } from './early.ts';
import { expect, settled, signedIn, test } from './harness.ts';
import { PAGES } from './places.ts';
import { request, STEPS } from './requests.ts';
import { test as onStaticHost } from './static.ts';

for (const each of [test, onStaticHost]) {
  each.beforeEach(() => tolerate(/was preloaded using link preload but not used/));
}

/** The page that stands in the document, one line for each start tag and each text. */
function tree(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // What the root of the static page has for its own script, what keeps its form from being sent without the program, and the
    // states of what is saved and of the steps, which a static page does not know. Those of the steps are told in words too.
    const passing = [
      'id=shell',
      'data-asking=',
      'data-waiting=',
      'data-begun=',
      'method=dialog',
      'autocomplete=off@FORM',
    ];
    const lines: string[] = [];
    const walk = (node: Node, depth: number): void => {
      const indent = '  '.repeat(depth);
      if (node instanceof Text && node.data.trim()) lines.push(indent + node.data.trim().replace(/\s+/g, ' '));
      // Whoever reads the page with the program needs no JavaScript any more. Where answers are kept is told below the form, by a
      // part of the program that nobody waits for.
      // What is hidden waits for the program.
      if (!(node instanceof Element) || getComputedStyle(node).visibility === 'hidden') return;
      // Templates hold the fields that a choice makes the static page ask for.
      if (node.matches('noscript, template, .demonstration-controls, [data-step=organisation] ~ .storage-details'))
        return;
      const attributes = [...node.attributes].map(({ name, value }) => {
        // A new request has its identifier once the program is there.
        return `${name}=${name === 'href' ? value.replace(/demande=[^&]+/, 'demande=…') : value}`;
      });
      const shown = attributes.filter(
        (text) =>
          text !== 'class=' &&
          !(text.startsWith('data-state=') && node.matches('.save-status, .steps a')) &&
          !passing.includes(text) &&
          !passing.includes(`${text}@${node.tagName}`),
      );
      const control = node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement ? node : undefined;
      const state = control && [`.value=${control.value}`, `.checked=${'checked' in control && control.checked}`];
      const given = shown.filter((text) => !control || !/^(value|checked)=/.test(text));
      lines.push(`${indent}<${node.tagName} ${[...given.sort(), ...(state ?? [])].join(' ')}>`);
      // The text in a textarea is its first value, not the one that it shows.
      if (node instanceof HTMLTextAreaElement) return;
      for (const child of node.childNodes) walk(child, depth + 1);
    };
    const root = document.querySelector('.habilitation');
    root?.normalize();
    if (root) walk(root, 0);
    return lines;
  });
}

/** The page of an address before its program, and the one that the program draws in its place. */
async function both(page: Page, address: string): Promise<[before: string[], after: string[]]> {
  const release = await hold(page);
  await openEarly(page, address);
  // A static host is asked whether it is one.
  await expect(page.locator('#shell:not([data-asking])')).toHaveCount(1);
  const before = await tree(page);
  expect(before.length).toBeGreaterThan(20);
  release();
  await settled(page);
  await page.unroute(PROGRAM);
  return [before, await tree(page)];
}

/** Expects that the page before the program is the page after it. */
async function expectSame(page: Page, address: string): Promise<void> {
  const [before, after] = await both(page, address);
  expect.soft(after, address).toEqual(before);
}

const SIGNED_OUT = ['start', 'help', 'eligibility', 'sign-in', 'accessibility', 'legal-notice', 'personal-data'];

test('the pages of whoever is signed out are those that the program draws', async ({ page }) => {
  // The people of the demonstration are asked for, and stand where somebody waits for them.
  await page.route('**/api/demo/people', () => undefined);
  for (const name of SIGNED_OUT) await expectSame(page, PAGES[name] ?? '');
  await expectSame(page, '?demande=nouvelle');
});

test('the pages of whoever is signed in are those that the program draws', async ({ page }) => {
  await signedIn(page);
  for (const name of ['start', 'help', 'eligibility', 'accessibility']) await expectSame(page, PAGES[name] ?? '');
});

test('each step of a request that begins is the one that the program draws', async ({ page }) => {
  await signedIn(page);
  await expectSame(page, '?demande=nouvelle');
  // It was begun in this tab, and has no answers but those that came with it.
  const address = new URL(page.url());
  for (const step of STEPS) {
    address.searchParams.set('etape', step);
    await expectSame(page, address.href);
  }
});

test('what is shown of a request with answers, before the program, is so', async ({ page }) => {
  await signedIn(page);
  const id = await store(page, request('state-migration').draft);
  await page.goto(`?demande=${id}&etape=project`);
  // Whatever is typed is kept on this device.
  await fillAndSave(page, 'project.yearly_volume', '4300');
  for (const step of STEPS) {
    const [before, after] = await both(page, `?demande=${id}&etape=${step}`);
    // What only the program knows may come with it.
    const isWrong = (text: string): boolean => !after.some((other) => other.trim() === text.trim());
    expect.soft(before.filter(isWrong), step).toEqual([]);
  }
});

onStaticHost('the pages of a static host are those that the program draws', async ({ page }) => {
  for (const address of ['', '?demande=nouvelle']) await expectSame(page, address);
});
