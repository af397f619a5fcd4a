/**
 * Pages are there before their program, which takes them over: nothing that was typed, chosen or pressed meanwhile is lost, and
 * nobody notices.
 */
import type { Page } from '@playwright/test';
import { stored } from './api.ts';
import { STALE, tolerate } from './complaints.ts';
import { fillAndSave, open } from './draft.ts';
import { alive, BOOT, hold, openEarly, PROGRAM } from './early.ts';
import { sample } from './files.ts';
import { control, expectStep, fileRow } from './form.ts';
import { anotherBrowser, expect, expectSaved, requestId, settled, signedIn, test, words } from './harness.ts';
import { PAGES } from './places.ts';
import { STEPS } from './requests.ts';
import { Server } from './server.ts';
import { test as onStaticHost } from './static.ts';
import { MARK, translate } from './translate.ts';

const NAME = 'organisation.name';
const JOB = 'organisation.applicant.job_title';
const EMAIL = 'organisation.applicant.email';

for (const each of [test, onStaticHost]) {
  each.beforeEach(() => {
    tolerate(STALE, /was preloaded using link preload but not used/);
  });
}

/** Signs in, and opens a new request while the program is held back. Answers what lets the program come. */
async function begin(page: Page): Promise<() => Promise<void>> {
  await signedIn(page);
  const release = await hold(page);
  await openEarly(page, '?demande=nouvelle');
  return async () => {
    release();
    await settled(page);
  };
}

/** Types into the field that has the focus until the program has taken over, and some more. Answers what was typed. */
async function typeThrough(page: Page): Promise<string> {
  let [typed, isOver, left] = ['', false, 10];
  const over = settled(page).then(() => (isOver = true));
  for (; left > 0; left -= isOver ? 1 : 0) {
    const key = 'abcdefghijklmnopqrstuvwxyz'.charAt(typed.length % 26);
    await page.keyboard.press(key, { delay: 10 });
    typed += key;
  }
  await over;
  return typed;
}

/** Makes the processor four times as slow, and the line one of a slow 4G. */
async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const line = { latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 };
  await session.send('Network.emulateNetworkConditions', { offline: false, ...line });
}

/** The name of the field that has the focus, and both ends of what is selected there: the same where it is a caret. */
function selection(page: Page): Promise<unknown[]> {
  return page.evaluate(() => {
    const { name, selectionStart, selectionEnd } = document.activeElement as HTMLInputElement;
    return [name, selectionStart, selectionEnd];
  });
}

for (const [where, caret] of [
  ['at the end', 12],
  ['in the middle', 7],
] as const) {
  test(`text that is typed ${where} without a pause while the program takes over is whole`, async ({ page }) => {
    const comes = await begin(page);
    await control(page, NAME).fill('Mairie, Vals');
    await control(page, NAME).evaluate((node: HTMLInputElement, at) => node.setSelectionRange(at, at), caret);
    const [typed] = await Promise.all([typeThrough(page), comes()]);
    const text = `Mairie, Vals`.slice(0, caret) + typed + 'Mairie, Vals'.slice(caret);
    await expect(control(page, NAME)).toHaveValue(text);
    expect(await selection(page)).toEqual([NAME, caret + typed.length, caret + typed.length]);
    await expectSaved(page);
    expect((await stored(page, requestId(page))).draft).toMatchObject({ organisation: { name: text } });
  });
}

test('the same holds on a slow device with a slow line', async ({ page }) => {
  await signedIn(page);
  await slowDown(page);
  await page.goto('?demande=nouvelle', { waitUntil: 'commit' });
  await control(page, JOB).fill('');
  const text = await typeThrough(page);
  await expect(control(page, JOB)).toHaveValue(text);
  expect(await selection(page)).toEqual([JOB, text.length, text.length]);
  await expectSaved(page);
  expect((await stored(page, requestId(page))).draft).toMatchObject({
    organisation: { applicant: { job_title: text } },
  });
});

test('whoever goes from field to field on a slow device meanwhile writes into the field that they are in', async ({
  page,
}) => {
  await signedIn(page);
  await slowDown(page);
  await page.goto('?demande=nouvelle', { waitUntil: 'commit' });
  await control(page, EMAIL).fill('');
  await control(page, JOB).fill('');
  let [rounds, isOver, left] = [0, false, 3];
  const over = settled(page).then(() => (isOver = true));
  for (; left > 0; left -= isOver ? 1 : 0) {
    for (const key of ['j', 'Tab', 'End', 'e', 'Shift+Tab', 'End']) await page.keyboard.press(key);
    rounds += 1;
  }
  await over;
  await expect(control(page, JOB)).toHaveValue('j'.repeat(rounds));
  await expect(control(page, EMAIL)).toHaveValue('e'.repeat(rounds));
  await expect(control(page, JOB)).toBeFocused();
});

/** Gives answers in each way that browsers know. */
async function answer(page: Page): Promise<void> {
  await control(page, NAME).fill('Vallons');
  await control(page, 'organisation.kind', 'association').check();
  await control(page, 'organisation.member').check();
  const autofill = (node: HTMLInputElement, [value, events]: readonly [string, readonly string[]]): void => {
    node.value = value;
    for (const type of events) node.dispatchEvent(new Event(type, { bubbles: true }));
  };
  await control(page, 'organisation.applicant.given_name').evaluate(autofill, ['Zoé', ['input', 'change']] as const);
  await control(page, 'organisation.applicant.family_name').evaluate(autofill, ['Aubier', []] as const);
  await control(page, JOB).fill('');
  await page.keyboard.insertText('Cheffe de projet');
  await control(page, 'organisation.siret').fill('217501267');
  await control(page, 'organisation.siret').evaluate((node: HTMLInputElement) => {
    node.setSelectionRange(2, 6, 'backward');
  });
}

const ANSWERS = {
  name: 'Vallons',
  kind: 'association',
  member: true,
  applicant: { given_name: 'Zoé', family_name: 'Aubier', job_title: 'Cheffe de projet' },
};

/** Expects that these answers stand there, and that what was selected still is. */
async function expectAnswered(page: Page): Promise<void> {
  expect(await selection(page)).toEqual(['organisation.siret', 2, 6]);
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).selectionDirection)).toBe('backward');
  await expect(control(page, 'organisation.siret')).toHaveValue('217501267');
  await expect(control(page, NAME)).toHaveValue(ANSWERS.name);
  await expect(control(page, 'organisation.kind', 'association')).toBeChecked();
  await expect(control(page, 'organisation.member')).toBeChecked();
  const values = page
    .locator('[name^="organisation.applicant."]')
    .evaluateAll((nodes: HTMLInputElement[]) => nodes.slice(0, 3).map(({ value }) => value));
  expect(await values).toEqual(Object.values(ANSWERS.applicant));
}

test('typed, pasted, ticked, chosen or filled in by the browser, answers are there and saved', async ({ page }) => {
  const comes = await begin(page);
  await answer(page);
  await comes();
  await expectAnswered(page);
  await expectSaved(page);
  expect((await stored(page, requestId(page))).draft).toMatchObject({ organisation: ANSWERS });
});

onStaticHost('the same holds without a server', async ({ page }) => {
  const release = await hold(page);
  await openEarly(page, '?demande=nouvelle');
  await answer(page);
  release();
  await settled(page);
  await expectAnswered(page);
  await expect(page.locator('.save-status')).toContainText(/^Gardé|^Enregistré/);
  await page.reload();
  await expect(control(page, NAME)).toHaveValue('Vallons');
});

test('a choice makes the page ask for the field that goes with it, before the program is there', async ({ page }) => {
  const finish = await begin(page);
  const basis = control(page, 'organisation.private_basis', 'other');
  const choose = (kind: string) => control(page, 'organisation.kind', kind).check();
  await expect(basis).toHaveCount(0);
  await choose('company');
  await basis.check();
  await choose('administration');
  await expect(basis).toHaveCount(0);
  await choose('association');
  await expect(basis).toBeChecked();
  await finish();
  await expect(basis).toBeChecked();
  await expectSaved(page);
  expect((await stored(page, requestId(page))).draft).toMatchObject({
    organisation: { kind: 'association', private_basis: 'other' },
  });
});

test('a character that is being put together is finished first', async ({ page }) => {
  const comes = await begin(page);
  await control(page, NAME).fill('Cit');
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: '´', selectionStart: 1, selectionEnd: 1 });
  const over = comes();
  await expect(page).toHaveURL(/etape=organisation/);
  await session.send('Input.imeSetComposition', { text: 'é', selectionStart: 1, selectionEnd: 1 });
  await expect(page.locator('#shell')).toHaveCount(1);
  await session.send('Input.insertText', { text: 'é' });
  await over;
  await page.keyboard.type('s');
  await expect(control(page, NAME)).toHaveValue('Cités');
});

test('« Suivant », pressed early, shows as under way, then leads to the next step', async ({ page }) => {
  const comes = await begin(page);
  await control(page, 'organisation.member').check();
  await page.getByRole('button', { name: 'Suivant' }).click();
  await expect(page.getByRole('button', { name: 'Suivant' })).toHaveAttribute('aria-busy', 'true');
  await comes();
  await expectStep(page, 'project');
  await expectSaved(page);
  expect((await stored(page, requestId(page))).draft).toMatchObject({ organisation: { member: true } });
});

test('Enter, pressed early in a field, says what is missing', async ({ page }) => {
  const comes = await begin(page);
  await control(page, 'organisation.siret').press('Enter');
  await expect(page.getByRole('button', { name: 'Suivant' })).toHaveAttribute('aria-busy', 'true');
  await comes();
  await expect(page.locator('.error-summary')).toBeVisible();
  await expect(page.locator('.error-summary')).toBeFocused();
  await expect(page.locator('[aria-busy]')).toHaveCount(0);
});

for (const manner of [undefined, 'texts are replaced', 'lines are put together anew'] as const) {
  const translated = manner ? `, in a translated page (${manner}),` : '';
  test(`the link of a step, pressed early${translated} leads there with what was typed`, async ({ page }) => {
    const comes = await begin(page);
    if (manner) await translate(page.locator('body'), manner);
    await control(page, NAME).fill('Vallons');
    const link = page.locator('a[href*="etape=project"]');
    await link.click();
    await expect(link).toHaveAttribute('aria-busy', 'true');
    await comes();
    await expectStep(page, 'project');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Le projet${manner ? MARK : ''}`);
    await page.goBack();
    await expect(control(page, NAME)).toHaveValue('Vallons');
  });
}

test('what is pressed before any script is there loses nothing', async ({ page }) => {
  await signedIn(page);
  const release = await hold(page, BOOT);
  await page.goto('?demande=nouvelle', { waitUntil: 'commit' });
  await control(page, NAME).fill('Vallons');
  await page.getByRole('button', { name: 'Suivant' }).click();
  await page.getByRole('link', { name: 'Le projet' }).click({ noWaitAfter: true });
  release();
  await settled(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Le projet|L’organisation/);
  await page.getByRole('link', { name: 'L’organisation' }).click();
  await expect(control(page, NAME)).toHaveValue('Vallons');
});

test('where the program is blocked, the page says so and keeps what was typed', async ({ page }) => {
  tolerate(/Failed to load resource: .* 403/, /console error/);
  await signedIn(page);
  await page.route(PROGRAM, (route) => route.fulfill({ status: 403, contentType: 'text/html', body: 'Refusé' }));
  await page.goto('?demande=nouvelle', { waitUntil: 'commit' });
  await control(page, NAME).fill('Vallons');
  await page.getByRole('button', { name: 'Suivant' }).click();
  const notice = page.locator('#notice');
  await expect(notice).toContainText('n’a pas pu se charger');
  await expect(page.locator('[aria-busy]')).toHaveCount(0);
  await control(page, JOB).fill('Maire');
  await page.unrouteAll();
  await page.reload();
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await expect(control(page, JOB)).toHaveValue('Maire');
  await expectSaved(page);
});

test('a reload, or another page and back, keeps what was typed, for the same person alone', async ({ page }) => {
  const comes = await begin(page);
  await control(page, NAME).fill('Vallons');
  await openEarly(page);
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await openEarly(page, PAGES['help']);
  await page.goBack({ waitUntil: 'commit' });
  await alive(page);
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await signedIn(page, 2);
  await openEarly(page);
  await expect(control(page, NAME)).not.toHaveValue('Vallons');
  await signedIn(page);
  await openEarly(page);
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await comes();
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await expectSaved(page);
  // What was taken over once is an answer like any other.
  await fillAndSave(page, NAME, 'Collines');
  await page.reload();
  await expect(control(page, NAME)).toHaveValue('Collines');
});

test('where the browser keeps nothing, the page claims nothing, and the program gets what was typed', async ({
  page,
}) => {
  tolerate(/Failed to load resource: .* 403/, /console error/);
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    }
  });
  await signedIn(page);
  await page.route(PROGRAM, (route) => route.fulfill({ status: 403, body: '' }));
  await page.goto('?demande=nouvelle', { waitUntil: 'commit' });
  await control(page, NAME).fill('Vallons');
  await expect(page.locator('#notice')).toContainText('n’a pas pu se charger');
  await page.unrouteAll();
  const comes = await begin(page);
  await control(page, NAME).fill('Collines');
  await expect(page.locator('#notice')).toBeHidden();
  await comes();
  await expect(control(page, NAME)).toHaveValue('Collines');
  await expectSaved(page);
});

test('a program that is late finds all that was typed, also after the page has said so', async ({ page }) => {
  const comes = await begin(page);
  await control(page, NAME).fill('Val');
  await expect(page.locator('#notice')).toBeVisible();
  await control(page, NAME).pressSequentially('lons');
  await comes();
  await expect(page.locator('#notice')).toHaveCount(0);
  await expect(control(page, NAME)).toHaveValue('Vallons');
  await expect(control(page, NAME)).toBeFocused();
});

test('the rest of the program is fetched when idle, and not where data are to be saved', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('_rest.wasm')) asked.push(new URL(page.url()).search);
  });
  const idle = () => new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(resolve)));
  await signedIn(page);
  await page.goto('');
  await expect.poll(() => asked.length, 'at the start page').toBeGreaterThan(0);
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  asked.length = 0;
  // A form needs it for what it tells of the answers.
  await page.goto('');
  await page.evaluate(idle);
  expect(asked).toEqual([]);
});

test('a request that this device knows shows its answers at once, stays as it is unfolded, and takes files', async ({
  page,
}) => {
  const id = await open(page);
  await control(page, 'project.name').fill('Guichet citoyen');
  await control(page, 'project.migration', 'true').check();
  await control(page, 'project.former_number').fill('1234');
  await fillAndSave(page, 'project.description', 'Une ligne.\n'.repeat(40));
  const release = await hold(page);
  await openEarly(page);
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(control(page, 'project.name')).toBeVisible();
  await expect(control(page, 'project.migration', 'true')).toBeChecked();
  await expect(control(page, 'project.former_number')).toHaveValue('1234');
  await expect(control(page, 'project.former_number')).toBeVisible();
  await control(page, 'project.mockups').setInputFiles(sample('plan.pdf', 'application/pdf', 2_000));
  await page.locator('summary').first().click();
  const shown = () =>
    page.evaluate(() => {
      const open = [...document.querySelectorAll<HTMLDetailsElement>('details:not(.people-details)')].map(
        (details) => details.open,
      );
      return { open, y: scrollY, area: document.querySelector('textarea')?.scrollTop };
    });
  await page.evaluate(() => {
    scrollTo(0, 90);
    document.querySelector('textarea')?.scrollTo(0, 60);
  });
  const before = await shown();
  expect(before).toMatchObject({ y: 90, area: 60 });
  release();
  await settled(page);
  expect(await shown()).toEqual(before);
  await expect(fileRow(page, 'plan.pdf')).toContainText('Envoyé');
  await expectSaved(page);
  expect((await stored(page, id)).draft).toMatchObject({ project: { mockups: [{ name: 'plan.pdf' }] } });
});

test('a device without a copy shows no empty fields, and one with an old copy changes nothing by it', async ({
  page,
  complaints,
}) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  const address = page.url();
  const other = await anotherBrowser(page, complaints);
  await page.goto('about:blank', { waitUntil: 'commit' });
  await signedIn(other);
  const releaseOther = await hold(other);
  await openEarly(other, address);
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(control(other, 'project.name')).toBeHidden();
  await control(other, 'project.name').evaluate((node) => node.focus());
  await expect(control(other, 'project.name')).not.toBeFocused();
  releaseOther();
  await expect(control(other, 'project.name')).toHaveValue('Guichet');
  await fillAndSave(other, 'project.name', 'Guichet citoyen');

  const release = await hold(page);
  await openEarly(page, address);
  await expect(control(page, 'project.name')).toHaveValue('Guichet');
  await control(page, 'project.yearly_volume').fill('4200');
  release();
  await settled(page);
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(control(page, 'project.yearly_volume')).toHaveValue('4200');
  await expectSaved(page);
  const project = { name: 'Guichet citoyen', yearly_volume: '4200' };
  expect((await stored(page, id)).draft).toMatchObject({ project });
});

test('what another tab writes meanwhile is kept with what is typed early', async ({ page }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet');
  const second = await page.context().newPage();
  const release = await hold(second);
  await openEarly(second, page.url());
  await control(second, 'project.yearly_volume').fill('4200');
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  release();
  await settled(second);
  await expect(control(second, 'project.name')).toHaveValue('Guichet citoyen');
  await expect(control(second, 'project.yearly_volume')).toHaveValue('4200');
  await expectSaved(second);
  const project = { name: 'Guichet citoyen', yearly_volume: '4200' };
  expect((await stored(page, id)).draft).toMatchObject({ project });
});

/** Has each page note what is said in its live regions, and what moves by itself. */
async function watch(page: Page): Promise<() => Promise<{ said: string[]; moved: number }>> {
  await page.addInitScript(() => {
    const noted = { said: [] as string[], moved: 0 };
    Object.assign(globalThis, { noted });
    new MutationObserver(() => {
      for (const region of document.querySelectorAll<HTMLElement>('[role=status],[role=alert],[aria-live]')) {
        const text = region.checkVisibility({ visibilityProperty: true }) ? region.innerText.trim() : '';
        if (text && !noted.said.includes(text)) noted.said.push(text);
      }
    }).observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!shift.hadRecentInput) noted.moved += shift.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return async () => {
    await page.evaluate(frames);
    return page.evaluate(() => (globalThis as unknown as { noted: { said: string[]; moved: number } }).noted);
  };
}

/** What stands in the window, and where. What is said of a request that has answers may be known to its program alone. */
function places(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll(
        '.habilitation :is(h1, h2, p:not(.save-status, .progress-text), a, button, label, input, textarea, summary)',
      ),
    ]
      // What a visitor can do in a demonstration comes later, in a place of its own.
      .filter((node) => !node.closest('.demonstration-controls'))
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box: { y, width } }) => width > 0 && y < innerHeight)
      .map(({ node, box: { x, y, width, height } }) => {
        const place = node.getAttribute('href')?.replace(/demande=[^&]*/, '');
        const words = node.getAttribute('name') ?? place ?? node.textContent?.slice(0, 16);
        return `${node.tagName} ${words}: ${[x, y, width, height].map(Math.round)}`;
      }),
  );
}

/** Expects that these addresses are taken over without a word, and without anything that moves, comes or goes. */
async function expectUnnoticed(page: Page, addresses: readonly string[]): Promise<void> {
  const noted = await watch(page);
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    for (const address of addresses) {
      const release = await hold(page);
      await openEarly(page, address);
      await expect(page.locator('#shell:not([data-asking])')).toHaveCount(1);
      const before = await places(page);
      release();
      await settled(page);
      await page.unrouteAll();
      // What comes last stands below the form.
      await page.waitForFunction(() => !document.querySelector('form') || document.querySelector('.storage-details'));
      const about = `${address} at ${width} pixels`;
      expect.soft(await noted(), about).toEqual({ said: [], moved: 0 });
      expect.soft(await places(page), about).toEqual(before);
    }
  }
}

test('nothing is said and nothing moves while the program takes over', async ({ page }) => {
  const id = await open(page);
  await fillAndSave(page, 'project.name', 'Guichet citoyen');
  const pages = ['start', 'help', 'eligibility', 'accessibility'].map((name) => PAGES[name] ?? '');
  await expectUnnoticed(page, [...pages, '?demande=nouvelle', `?demande=${id}&etape=project`]);
});

onStaticHost('nothing is said and nothing moves on a static host either', async ({ page }) => {
  await expectUnnoticed(page, ['', '?demande=nouvelle']);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('pages are read and lead on, and a step says what it needs and sends nothing', async ({ page }) => {
    // What is preloaded for scripts is not fetched.
    tolerate(/\.js: csp$/);
    const headings: Record<string, RegExp> = {
      start: /Demander à utiliser FranceConnect/,
      help: /Aide/,
      eligibility: /Mon organisation/,
      'sign-in': /Se connecter/,
      accessibility: /Accessibilité/,
      'legal-notice': /Mentions légales/,
      'personal-data': /Données personnelles/,
    };
    for (const [name, heading] of Object.entries(headings)) {
      await page.goto(PAGES[name] ?? '', { waitUntil: 'load' });
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    }
    await page.getByRole('contentinfo').getByRole('link', { name: 'Aide' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Aide/);

    await signedIn(page);
    await page.goto('?demande=nouvelle', { waitUntil: 'load' });
    await expect(page.getByText(words(/il faut JavaScript pour garder vos réponses/))).toBeVisible();
    const { href } = new URL(page.url());
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await control(page, NAME).fill('Vallons');
    await control(page, NAME).press('Enter');
    await page.getByRole('button', { name: 'Suivant' }).click();
    await expect(control(page, NAME)).toHaveValue('Vallons');
    expect([page.url(), asked]).toEqual([href, []]);
    for (const step of STEPS) {
      await page.locator(`a[href*="etape=${step}"]`).first().click();
      await expectStep(page, step);
    }
  });
});

test.describe('where pages are kept for later', () => {
  test.use({ serviceWorkers: 'allow' });

  test('nothing of a person stands in what others or later visits get', async ({ page }) => {
    const own = await Server.start();
    await page.goto(own.address);
    const headers = { Origin: new URL(own.address).origin };
    await page.request.post(`${own.address}api/demo/session`, { data: { person: 'karim' }, headers });
    const personal = /Karim|Saïdi|karim\.saidi/;
    for (const address of ['?demande=nouvelle', '', '?page=aide']) {
      const answer = await page.request.get(own.address + address);
      expect(await answer.text(), address).toMatch(personal);
      expect(answer.headers()['cache-control'], address).toBe('no-store');
    }
    for (const file of ['index.html', 'served.html', 'config.json', 'sw.js']) {
      const answer = await page.request.get(own.address + file);
      expect(await answer.text(), file).not.toMatch(personal);
    }
    await page.goto(`${own.address}?demande=nouvelle`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const isKept = async (): Promise<boolean> => (await caches.match(new URL('./', location.href))) !== undefined;
      while (!(await isKept())) await new Promise(requestAnimationFrame);
    });
    await page.goto(`${own.address}?page=aide`);
    const kept = await page.evaluate(async () => {
      const texts: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) texts.push((await (await cache.match(request))?.text()) ?? '');
      }
      return texts;
    });
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.filter((text) => personal.test(text)).map((text) => text.slice(0, 200))).toEqual([]);
    await own.stop();
  });
});
