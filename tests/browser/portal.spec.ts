/**
 * The element in a portal of another site, under a strict policy: what it does there, and what it leaves alone.
 */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { DemandeHabilitation, Prefill } from '../../public/embed.d.ts';
import { tolerate } from './complaints.ts';
import { Examiner } from './examiner.ts';
import { sample } from './files.ts';
import { control, fileRow, fill, follow, goOn, send } from './form.ts';
import { axe, expect } from './harness.ts';
import { element, events, expectStepOf, openPortal, openStepOf, signInFrom, test } from './portal.ts';
import { request, type Step } from './requests.ts';

/** Expects that the element of the portal shows this step. */
const expectStepHere = (page: Page, step: Step): Promise<void> => expectStepOf(element(page), step);

/** What a portal would notice. */
async function noticed(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const styles = [...document.querySelectorAll('html, body, h1, nav a, #organisation, .tools button, footer p')];
    const look = (node: Element): Record<string, string> => {
      const computed = getComputedStyle(node);
      const names = ['color', 'font', 'margin', 'padding', 'display', 'background-color', 'border', 'letter-spacing'];
      return Object.fromEntries(names.map((name) => [name, computed.getPropertyValue(name)]));
    };
    return {
      title: document.title,
      address: location.href.replace(/[?&]without=/, ''),
      history: history.length,
      scroll: [scrollX, scrollY],
      focus: document.activeElement?.tagName,
      keys: Object.keys(localStorage).filter((key) => !key.startsWith('habilitation:')),
      globals: Object.keys(globalThis).length,
      sheets: document.styleSheets.length,
      head: document.head.childElementCount,
      styles: styles.map(look),
    };
  });
}

test('the portal is the same with and without the element', async ({ page, portal, server }) => {
  expect(server.address).toBe(portal.service);
  await openPortal(page, portal, { without: '' });
  await page.evaluate(() => localStorage.setItem('theirs', '1'));
  const without = await noticed(page);
  await openPortal(page, portal);
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  expect(await noticed(page)).toEqual({
    ...(without as object),
    history: (without as { history: number }).history + 1,
  });
  // Its menu, its history and its title are its own.
  await page.getByRole('link', { name: 'Suivi' }).click();
  await expect(page).toHaveTitle(/^Suivi/);
  await expect(page).toHaveURL(/\/suivi\?/);
  await page.goBack();
  await expect(page).toHaveTitle(/^Accueil/);
});

test('a whole request is filled in and sent from a portal, and again once changes are asked for', async ({
  page,
  portal,
  request: api,
}) => {
  test.slow();
  const { draft } = request('town-hall');
  await openPortal(page, portal);
  const before = page.url();
  await signInFrom(page);
  await fill(page, draft, expectStepHere);
  await send(page);
  await expect(element(page).getByRole('heading', { level: 2, name: /FC-\d{4}-\d{6}/ })).toBeVisible();
  expect(page.url()).toBe(before);
  await expect(page).toHaveTitle(/^Accueil/);
  const said = await events(page);
  const names = said.map(([name]) => name);
  expect(names[0]).toBe('ready');
  for (const name of ['step', 'saved', 'submit', 'submitted', 'state']) expect(names).toContain(name);
  expect(names).not.toContain('error');
  const { number, request: id } = said.find(([name]) => name === 'submitted')?.[1] ?? {};
  expect(number).toMatch(/^FC-\d{4}-\d{6}$/);
  expect(said.filter(([name]) => name === 'state').at(-1)?.[1]).toEqual({ request: id, state: 'submitted' });
  // Nothing about a person is in any of them.
  const words = JSON.stringify(said);
  for (const word of ['@', '.example', 'given_name":']) expect(words).not.toContain(word);

  const examiner = await Examiner.signedIn(api);
  const remarks = [{ pointer: '/project/description', text: 'Quelles démarches, exactement ?' }];
  await examiner.act(String(id), { kind: 'changes_requested', remarks });
  await element(page).getByRole('link', { name: 'Mes demandes' }).first().click();
  await element(page).locator('.request').getByRole('link').first().click();
  await element(page).getByRole('button', { name: 'Compléter la demande' }).click();
  await element(page).locator('.note.remarks').getByRole('link').first().click();
  await element(page).getByRole('button', { name: 'Répondre sans modifier' }).click();
  await control(page, 'reply.project.description').fill('Toutes celles de l’état civil.');
  await element(page).getByRole('link', { name: 'Relire et renvoyer la demande' }).click();
  await element(page).getByRole('button', { name: 'Renvoyer la demande' }).click();
  await expect(element(page).getByRole('heading', { name: 'Votre demande est envoyée' })).toBeVisible();
  const states = (await events(page)).filter(([name]) => name === 'state').map(([, { state }]) => state);
  expect(states).toEqual(['submitted', 'changes_requested', 'submitted']);
});

test('links of the element lead nowhere but inside it', async ({ page, portal, context }) => {
  await openPortal(page, portal);
  const before = page.url();
  const help = element(page).getByRole('link', { name: 'Aide' }).first();
  for (const button of ['left', 'middle'] as const) {
    await help.click({ button });
    await help.click({ button, modifiers: ['Control'] });
  }
  await expect(element(page).getByRole('heading', { level: 2 }).first()).toHaveText('Aide');
  expect(page.url()).toBe(before);
  expect(context.pages()).toHaveLength(1);
  const addresses = await page.evaluate(() => {
    const root = document.getElementById('first')?.shadowRoot;
    return [...(root?.querySelectorAll('[href]') ?? [])].map((node) => node.getAttribute('href'));
  });
  expect(addresses.filter((address) => !/^(https?|mailto):/.test(address ?? ''))).toEqual([]);
});

test('an element that is moved, or taken away and put back, goes on where it was', async ({ page, portal }) => {
  // Saved as it went, the draft is found changed as it comes back, and merged: the browser itself logs that answer.
  tolerate(/ 412 /);
  await openStepOf(page, portal);
  const name = element(page).locator('[name="project.name"]');
  await name.fill('Carte de bibliothèque');
  await page.getByRole('button', { name: 'Déplacer la demande' }).click();
  await expect(page.locator('#there #first')).toBeVisible();
  await expect(name).toHaveValue('Carte de bibliothèque');
  await name.fill('Carte de médiathèque');
  await page.getByRole('button', { name: 'Retirer la demande' }).click();
  await expect(element(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Remettre la demande' }).click();
  await expectStepOf(element(page), 'project');
  await expect(name).toHaveValue('Carte de médiathèque');
  await expect(element(page).locator('.save-status')).toContainText(/^Enregistré/);
});

test('two elements share no state', async ({ page, portal }) => {
  await openPortal(page, portal);
  await page.getByRole('button', { name: 'Ajouter une seconde demande' }).click();
  const second = page.locator('#there demande-habilitation');
  await expect(second.getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  await signInFrom(page);
  await expectStepOf(element(page), 'organisation');
  await expect(second.getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  await second.getByRole('link', { name: 'Aide' }).first().click();
  await expect(second.getByRole('heading', { level: 2 }).first()).toHaveText('Aide');
  await expectStepOf(element(page), 'organisation');
});

test('the hostile style of a portal does not reach in', async ({ page, portal }) => {
  await openPortal(page, portal);
  const heading = element(page).getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('Se connecter');
  const looks = (): Promise<unknown> =>
    page.evaluate(() => {
      const root = document.getElementById('first')?.shadowRoot;
      const names = ['color', 'font-size', 'font-family', 'letter-spacing', 'text-transform', 'display', 'visibility'];
      return [...(root?.querySelectorAll('.habilitation, .h2, .h1, .button, [role="link"], p') ?? [])].map((node) => {
        const computed = getComputedStyle(node);
        const { height } = node.getBoundingClientRect();
        return [...names.map((name) => computed.getPropertyValue(name)), computed.direction, Math.round(height) > 0];
      });
    });
  const before = await looks();
  await page.getByRole('button', { name: 'Feuille de style hostile' }).click();
  await expect(page.locator('h1')).toHaveCSS('color', 'rgb(255, 0, 0)');
  expect(await looks()).toEqual(before);
  const host = await element(page).evaluate((node) => {
    const { display, opacity, overflow } = getComputedStyle(node);
    return { display, opacity, overflow };
  });
  expect(host).toEqual({ display: 'block', opacity: '1', overflow: 'visible' });
  await expect(element(page).getByRole('button', { name: 'Se connecter (nouvelle fenêtre)' })).toBeVisible();
});

for (const look of ['', 'state', 'garden']) {
  for (const dark of [false, true]) {
    test(`nothing is inaccessible in the look "${look}", ${dark ? 'dark' : 'light'}`, async ({ page, portal }) => {
      await openPortal(page, portal, { look, ...(dark ? { dark: '' } : {}) });
      await signInFrom(page);
      await expectStepOf(element(page), 'organisation');
      await axe(page);
      await element(page).locator('[name="organisation.siret"]').fill('1');
      await goOn(page);
      await expect(element(page).getByRole('heading', { name: /^Erreur/ })).toBeVisible();
      await axe(page);
      const font = await element(page)
        .locator('.habilitation')
        .evaluate((node) => getComputedStyle(node).fontFamily);
      expect(font).toContain({ '': 'system-ui', state: 'Georgia', garden: 'Trebuchet' }[look]);
    });
  }
}

test('an element is as light or dark, and begins its headings, as the portal says', async ({ page, portal }) => {
  await openPortal(page, portal, { 'heading-level': '3', theme: 'dark' });
  await expect(element(page).getByRole('heading', { level: 3 })).toHaveText('Se connecter');
  const inside = element(page).locator('.habilitation');
  await expect(inside).toHaveCSS('color-scheme', 'dark');
  await element(page).evaluate((node) => node.setAttribute('theme', 'auto'));
  await expect(inside).toHaveCSS('color-scheme', 'light');
  await page.getByLabel('Sombre').check();
  await expect(inside).toHaveCSS('color-scheme', 'dark');
});

test('twenty elements that come and go leave nothing behind', async ({ page, portal }) => {
  await openPortal(page, portal);
  const heading = element(page).getByRole('heading', { level: 2 });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const measure = async (): Promise<{ heap: number; listeners: number; nodes: number }> => {
    await client.send('HeapProfiler.collectGarbage');
    await client.send('HeapProfiler.collectGarbage');
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return { heap: of('JSHeapUsedSize'), listeners: of('JSEventListeners'), nodes: of('Nodes') };
  };
  const comeAndGo = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Remettre la demande' }).click();
    await expect(heading).toHaveText('Se connecter');
    await page.getByRole('button', { name: 'Retirer la demande' }).click();
    await expect(element(page)).toHaveCount(0);
  };
  await comeAndGo();
  await comeAndGo();
  const before = await measure();
  for (let times = 0; times < 20; times += 1) await comeAndGo();
  const after = await measure();
  test.info().annotations.push({ type: 'figures', description: JSON.stringify({ before, after }) });
  expect(after.listeners).toBeLessThanOrEqual(before.listeners + 5);
  expect(after.nodes).toBeLessThanOrEqual(before.nodes + 100);
  expect(after.heap).toBeLessThanOrEqual(before.heap + 300_000);
});

test('nothing is loaded before a lazy element is visible', async ({ page, portal }) => {
  const loaded: string[] = [];
  page.on('request', (asked) => loaded.push(asked.url()));
  await page.setViewportSize({ width: 800, height: 200 });
  await openPortal(page, portal, { loading: 'lazy' });
  await expect(page.locator('#first')).toBeAttached();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const ofTheService = (): string[] => loaded.filter((address) => address.startsWith(portal.service));
  expect(ofTheService().map((address) => new URL(address).pathname)).toEqual(['/embed.js']);
  await page.locator('footer').scrollIntoViewIfNeeded();
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  expect(ofTheService().some((address) => address.endsWith('.wasm'))).toBe(true);
});

test('a program that fails leaves a notice, and what was typed', async ({ page, portal }) => {
  tolerate(/unreachable/);
  await openPortal(page, portal);
  await signInFrom(page);
  await element(page).locator('[name="organisation.name"]').fill('Ville de Rivemarche');
  await expect(element(page).locator('.save-status')).toContainText(/^Enregistré/);
  // The next element that the program wants to make is refused, once.
  await page.evaluate(() => {
    const make = document.createElement.bind(document);
    document.createElement = () => {
      document.createElement = make;
      throw new Error('refused');
    };
  });
  await goOn(page);
  await expect(element(page).getByRole('alert')).toContainText('Ce que vous avez écrit reste sur cet appareil.');
  expect((await events(page)).map(([name, detail]) => [name, detail['code']])).toContainEqual(['error', 'crashed']);
  await element(page).getByRole('button', { name: 'Recharger la demande' }).click();
  await expectStepOf(element(page), 'organisation');
  await expect(element(page).locator('[name="organisation.name"]')).toHaveValue('Ville de Rivemarche');
  // What is left of the program that failed fails again, and takes nothing along.
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await element(page).getByRole('link', { name: 'Aide' }).first().click();
  await expect(element(page).getByRole('heading', { level: 2 }).first()).toHaveText('Aide');
});

test('a portal may give answers, but none about people, and what was typed wins', async ({ page, portal }) => {
  await openPortal(page, portal);
  const prefill = (answers: Record<string, unknown>): Promise<void> =>
    element(page).evaluate((node, given) => (node as DemandeHabilitation).prefill(given as Prefill), answers);
  await prefill({
    'project.name': 'Celui du portail',
    'data.scopes': ['given_name', 'family_name'],
    'organisation.applicant.email': 'autre@rivemarche.example',
    'project.launch_date': 'jamais',
    couleur: 'rouge',
  });
  await signInFrom(page);
  await expect(element(page).locator('[name="organisation.applicant.email"]')).not.toHaveValue(
    'autre@rivemarche.example',
  );
  await follow(element(page), /Le projet/);
  const name = element(page).locator('[name="project.name"]');
  await expect(name).toHaveValue('Celui du portail');
  await name.fill('Le mien');
  await prefill({ 'project.name': 'Encore celui du portail', 'project.description': 'Une description' });
  await expect(element(page).locator('[name="project.description"]')).toHaveValue('Une description');
  await expect(name).toHaveValue('Le mien');
  expect((await events(page)).filter(([event]) => event === 'error')).toEqual([
    ['error', { code: 'not-prefilled', fields: ['organisation.applicant.email', 'project.launch_date', 'couleur'] }],
  ]);
});

test('a portal can keep a person on a step, and hold a request back', async ({ page, portal }) => {
  await openPortal(page, portal);
  await signInFrom(page);
  await page.evaluate(() => {
    document.addEventListener('habilitation:step', (event) => {
      if ((event as CustomEvent<{ step: string }>).detail.step === 'people') event.preventDefault();
    });
  });
  await follow(element(page), /Les personnes/);
  await expectStepOf(element(page), 'organisation');
  await follow(element(page), /Le projet/);
  await expectStepOf(element(page), 'project');
});

test('the focus stays with the portal until the person goes in, and returns to it', async ({ page, portal }) => {
  await openPortal(page, portal);
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Se connecter');
  const search = page.locator('#organisation');
  await search.focus();
  await element(page).evaluate((node) => node.removeAttribute('request'));
  await element(page).evaluate((node) => node.setAttribute('request', 'new'));
  await expect(search).toBeFocused();
  // By keyboard alone: from the portal into the element, and out of it again.
  await page.getByRole('button', { name: 'Retirer la demande' }).focus();
  await element(page).getByRole('link', { name: 'Aide' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(element(page).getByRole('heading', { level: 2 }).first()).toBeFocused();
  await element(page).evaluate((node) => (node as DemandeHabilitation).destroy());
  await expect(page.getByRole('button', { name: 'Retirer la demande' })).toBeFocused();
});

test('a portal that cuts the opener off signs people in all the same', async ({ page, portal }) => {
  portal.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' };
  await openPortal(page, portal);
  await signInFrom(page);
  await expectStepOf(element(page), 'organisation');
  portal.headers = {};
});

test('what a portal asks of the element is done', async ({ page, portal }) => {
  await openPortal(page, portal);
  await signInFrom(page);
  await expectStepOf(element(page), 'organisation');
  await element(page).locator('[name="organisation.name"]').fill('Ville de Rivemarche');
  const told = await element(page).evaluate(async (node) => {
    const asked = node as DemandeHabilitation;
    await asked.save();
    return { sent: asked.submit(), name: (asked.draft as { organisation: { name: string } }).organisation.name };
  });
  // It is not the step at which a request is sent.
  expect(told).toEqual({ sent: false, name: 'Ville de Rivemarche' });
  await expect(element(page).locator('.save-status')).toContainText(/^Enregistré/);
  await element(page).evaluate((node) => (node as DemandeHabilitation).focus());
  await expect(element(page).getByRole('heading', { level: 2 }).first()).toBeFocused();
  await element(page).evaluate((node) => {
    (node as DemandeHabilitation).request = null;
  });
  await expect(element(page).getByRole('heading', { level: 2 })).toHaveText('Mes demandes');
  // A request that was begun here is offered before a new one.
  await element(page).evaluate((node) => {
    (node as DemandeHabilitation).request = 'new';
  });
  await expect(element(page).getByText('Vous avez commencé ici une demande')).toBeVisible();
  await element(page).getByRole('link', { name: 'Reprendre cette demande' }).click();
  await expect(element(page).locator('[name="organisation.name"]')).toHaveValue('Ville de Rivemarche');
});

test('documents are sent, and read back as files, with the token', async ({ page, portal, context }) => {
  await openStepOf(page, portal);
  const { name, mimeType, buffer } = sample('maquette.pdf', 'application/pdf', 2_000);
  await element(page).locator('[name="project.mockups"]').setInputFiles({ name, mimeType, buffer });
  await expect(fileRow(page, name)).toContainText('Envoyé');
  const saving = page.waitForEvent('download');
  await fileRow(page, name).getByRole('link', { name }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe(name);
  expect((await readFile(await saved.path())).equals(buffer)).toBe(true);
  expect(context.pages()).toHaveLength(1);
});

test('without an API the element is a demonstration, and whole', async ({ page, portal }) => {
  test.slow();
  await openPortal(page, portal, { api: '' });
  await fill(page, request('town-hall').draft, expectStepHere);
  await expect(element(page).getByText('Démonstration').first()).toBeVisible();
  await send(page);
  await expect(element(page).getByRole('heading', { level: 2, name: /FC-\d{4}-\d{6}/ })).toBeVisible();
});
