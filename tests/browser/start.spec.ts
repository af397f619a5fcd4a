/**
 * A start that never comes is told within ten seconds, whatever keeps it from coming; one that is late still comes.
 */
import type { Locator, Page } from '@playwright/test';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { expect, settled, unreliable as test } from './harness.ts';
import { type Fate, type Match, page as refusal, PROGRAM } from './network.ts';

const BOOT: Match = { path: /\/boot-\w+\.js$/ };
/** What the browser itself logs where what is needed later came, and what needs it did not. */
const UNUSED = /was preloaded using link preload but not used/;

/** What is told beside the page. */
function notice(page: Page): Locator {
  return page.locator('#notice');
}

/** Ten seconds, counted from the moment the page was asked for. */
async function expectWords(page: Page, words: RegExp): Promise<void> {
  await expect(notice(page)).toBeVisible({ timeout: 10_000 });
  await expect(notice(page)).toContainText(words);
  await expect(notice(page).getByRole('link', { name: 'Recharger la page' })).toBeVisible();
}

const starts: readonly [what: string, match: Match, fate: Fate][] = [
  ['the boot script is missing', BOOT, refusal(404)],
  ['the boot script is blocked', BOOT, 'lost'],
  ['the boot script never arrives', BOOT, 'silent'],
  [
    'the boot script is too new for the browser',
    BOOT,
    { status: 200, type: 'text/javascript', body: 'const later = a ?=? b;' },
  ],
  ['the boot script is a page of somebody else', BOOT, refusal(200)],
  ['the program never arrives', PROGRAM, 'silent'],
  ['the program stops half-way', PROGRAM, 'half'],
  ['the loader never arrives', { path: /habilitation-\w+\.js$/ }, 'silent'],
];

for (const [what, match, fate] of starts) {
  test(`where ${what}, the page says so within ten seconds`, async ({ page, network }) => {
    tolerate(
      NO_ANSWER,
      UNUSED,
      /Failed to load resource/,
      /^uncaught: (SyntaxError.*)?$/,
      /Unexpected token/,
      /Failed to load module script/,
    );
    network.meet(match, fate);
    await page.goto('', { waitUntil: 'commit' });
    await expectWords(page, /n’a pas fini de se charger|n’a pas pu se charger/);
  });
}

test('where a program fails, the page says so at once', async ({ page, network }) => {
  tolerate(NO_ANSWER, UNUSED, /Failed to load resource/, /console error/);
  network.answer(refusal(403), PROGRAM);
  await page.goto('', { waitUntil: 'commit' });
  await expectWords(page, /n’a pas pu se charger/);
});

test('where nothing but the page itself arrives, it can be read and says so', async ({ page, network }) => {
  tolerate(NO_ANSWER, UNUSED, /Failed to load resource/);
  network.meet({ path: /\.(js|css|wasm)$/ }, 'silent');
  await page.goto('', { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
  await expect(notice(page)).toBeHidden();
  await expectWords(page, /n’a pas fini de se charger/);
});

test('a late start says so after a while, then comes', async ({ page, network }) => {
  tolerate(UNUSED);
  network.meet(PROGRAM, 'held');
  await page.goto('', { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(notice(page)).toBeHidden();
  await expectWords(page, /n’a pas fini de se charger/);
  network.up();
  await settled(page);
  await expect(notice(page)).toHaveCount(0);
});

test('what is hidden is hidden, whatever the style says', async ({ page }) => {
  await page.goto('');
  const shown = await page.evaluate(() => {
    const box = Object.assign(document.createElement('p'), { className: 'card note', hidden: true });
    document.querySelector('.habilitation')?.append(box);
    return getComputedStyle(box).display;
  });
  expect(shown).toBe('none');
});
