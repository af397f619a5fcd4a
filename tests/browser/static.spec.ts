/**
 * The built files on a host that knows nothing: everything works in the page itself, as a demonstration.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { FileServer } from './file-server.ts';
import { sample } from './files.ts';
import { control, expectAnswers, expectReceipt, expectStep, fileRow, fill, fillStep, goOn, openStep, send } from './form.ts';
import { axe, expect, expectNoSidewaysScroll, expectSaved, requestId, SIGNED_OUT, told, test as base, words } from './harness.ts';
import { signInFrom } from './portal.ts';
import { request, STEPS } from './requests.ts';
import { dist, Server } from './server.ts';

/** With a dot, which names of files have too. */
const PLACE = 'a/b.js/c';

/** What docs/static-hosting.md has hosts send, where they can. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types habilitation";

const test = base.extend<{ files: FileServer }>({
  files: async ({}, use) => {
    const files = await FileServer.start(PLACE);
    await use(files);
    await files.stop();
  },
  baseURL: async ({ files }, use) => use(files.address(PLACE)),
});

const banner = (page: Page) => page.getByText(words(/Démonstration : rien n’est envoyé/));

test('a request is filled, reloaded at each step, submitted and duplicated', async ({ page }) => {
  const { draft } = request('town-hall');
  await page.goto('');
  await expect(banner(page)).toBeVisible();
  await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
  for (const step of STEPS) {
    await openStep(page, step);
    if (step === 'review') break;
    await fillStep(page, draft, step);
    await expect(page.locator('.saved')).toHaveText('Gardé sur cet appareil');
    await page.reload();
    await expectStep(page, step);
    await expectAnswers(page, draft, step);
  }
  const submitted = requestId(page);
  await send(page);
  expect(await expectReceipt(page)).toMatch(/^FC-\d{4}-000001$/);
  await expect(page.getByRole('main')).toContainText('n’est partie nulle part');
  await page.reload();
  await expectReceipt(page);

  await page.getByRole('button', { name: /Dupliquer/ }).click();
  await expectStep(page, 'organisation');
  expect(requestId(page)).not.toBe(submitted);
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon-les-Prés');
  await page.getByRole('link', { name: 'Mes demandes' }).first().click();
  await expect(page.getByRole('main')).toContainText('FC-');
  await page.getByLabel('État').selectOption('submitted');
  await expect(page.getByRole('main').locator('.request')).toHaveCount(1);
});

test('it opens by its folder, by its file and by the address of a step', async ({ page, context }) => {
  for (const entry of ['', 'index.html']) {
    await page.goto(entry);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
  }
  await page.goto('index.html?page=demandes');
  await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.saved')).toHaveText('Gardé sur cet appareil');
  const id = requestId(page);
  for (const entry of ['', 'index.html']) {
    const other = await context.newPage();
    await other.goto(`${entry}?demande=${id}&etape=organisation`);
    await expect(control(other, 'organisation.name')).toHaveValue('Commune de Vallon');
    await other.close();
  }
});

test('an example fills what has no answer, and only that', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de mon choix');
  await page.getByRole('button', { name: 'Remplir avec un exemple' }).click();
  await expect(told(page)).toContainText('remplies avec un exemple');
  await openStep(page, 'people');
  await expect(control(page, 'people.technical.email')).toHaveValue('y.dherouville@guichets-et-cie.example');
  await openStep(page, 'organisation');
  await expect(control(page, 'organisation.name')).toHaveValue('Commune de mon choix');
  // What only a person can say is left to them.
  await expect(control(page, 'organisation.member')).not.toBeChecked();
  await control(page, 'organisation.member').check();
  await openStep(page, 'terms');
  for (const box of await page.getByRole('main').getByRole('checkbox').all()) await box.check();
  await goOn(page);
  await expectStep(page, 'review');
  await send(page);
  await expectReceipt(page);
});

test('an incomplete request is refused with every error', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await openStep(page, 'review');
  await send(page);
  await expect(page.locator('.summary')).toBeFocused();
});

test('a draft can be deleted, and its address says so', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.saved')).toHaveText('Gardé sur cet appareil');
  const id = requestId(page);
  await page.goto('?page=demandes');
  await page.getByRole('button', { name: /^Supprimer/ }).click();
  await page.getByRole('button', { name: 'Oui, supprimer' }).click();
  await expect(page.getByRole('main').locator('.request')).toHaveCount(0);
  await page.goto(`?demande=${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page introuvable');
});

test('a file is kept and read back to the byte', async ({ page }) => {
  const file = sample('plan du site.pdf', 'application/pdf', 5_000);
  await begin(page);
  await openStep(page, 'project');
  await control(page, 'project.mockups').setInputFiles(file);
  await expect(fileRow(page, file.name)).toContainText('Gardé sur cet appareil');
  await page.reload();
  const download = page.waitForEvent('download');
  await fileRow(page, file.name).getByRole('link', { name: file.name }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe(file.name);
  expect(await readFile(await saved.path())).toEqual(file.buffer);
  await fileRow(page, file.name).getByRole('button', { name: /Retirer/ }).click();
  await expect(fileRow(page, file.name)).toHaveCount(0);
  expect(await keptFiles(page)).toBe(0);
});

test('where the browser keeps no files, it says so and goes on', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });
  await begin(page);
  await openStep(page, 'project');
  await control(page, 'project.mockups').setInputFiles(sample('plan.pdf', 'application/pdf', 1_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Ce navigateur ne garde pas de fichiers pour ce site');
  await fileRow(page, 'plan.pdf').getByRole('button', { name: /Retirer/ }).click();
  await expect(fileRow(page, 'plan.pdf')).toHaveCount(0);
});

test('where there is no more room, it says so, and room can be made', async ({ page, context }) => {
  await begin(page);
  await openStep(page, 'project');
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  await control(page, 'project.mockups').setInputFiles(sample('plan.pdf', 'application/pdf', 2_000_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Il n’y a plus assez de place sur cet appareil');
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await fileRow(page, 'plan.pdf').getByRole('button', { name: /Réessayer/ }).click();
  await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
});

test('all files together have the room that is stated, and no more', async ({ page }) => {
  await page.goto('?page=donnees-personnelles');
  await expect(page.getByRole('main')).toContainText(words(/100 Mo au plus/));
  const statuses = await page.evaluate(async () => {
    const name = './documents.js';
    const documents = (await import(new URL(name, document.baseURI).href)) as {
      keep(request: string, document: string, file: Blob): Promise<number>;
      forget(request: string, document?: string): Promise<void>;
    };
    const file = new Blob([new Uint8Array(60 * 1024 * 1024)]);
    const first = await documents.keep('one', 'a', file);
    const second = await documents.keep('one', 'b', file);
    const again = await documents.keep('one', 'a', file);
    await documents.forget('one');
    return [first, second, again, await documents.keep('two', 'b', file)];
  });
  expect(statuses).toEqual([201, 507, 201, 201]);
});

test('where nothing can be kept, it says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.saved')).toHaveText('Non gardé – gardez cette page ouverte');
});

test('everything that was kept is erased by somebody who is sure, and comes back nowhere', async ({ page, context }) => {
  await begin(page);
  await openStep(page, 'project');
  await control(page, 'project.name').fill('Guichet citoyen');
  await control(page, 'project.mockups').setInputFiles(sample('plan.pdf', 'application/pdf', 1_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
  await page.evaluate(() => localStorage.setItem('autre', 'à quelqu’un d’autre'));
  const list = await context.newPage();
  await list.goto('?page=demandes');
  const request = list.getByRole('main').locator('.request');
  await expect(request).toHaveCount(1);
  await list.getByRole('button', { name: 'Tout effacer' }).click();
  await expect(list.getByRole('button', { name: 'Non, les garder' })).toBeFocused();
  await axe(list);
  await list.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(list);
  await list.getByRole('button', { name: 'Non, les garder' }).click();
  await expect(list.getByRole('button', { name: 'Tout effacer' })).toBeFocused();
  await expect(request).toHaveCount(1);

  await list.getByRole('button', { name: 'Tout effacer' }).click();
  await list.getByRole('button', { name: 'Oui, tout effacer' }).click();
  await expect(request).toHaveCount(0);
  await expect(list.getByRole('main')).toContainText('Aucune demande enregistrée pour le moment');
  await expect.poll(() => keptFiles(list)).toBe(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce brouillon a été effacé de cet appareil');
  await page.close();
  const kept = await list.evaluate(() => Object.keys(localStorage));
  expect(kept.filter((name) => name.startsWith('habilitation:'))).toEqual([]);
  expect(kept).toContain('autre');
  await list.reload();
  await expect(list.getByRole('main')).toContainText('Aucune demande enregistrée pour le moment');
});

test('what a newer version of the page left is shown to be read', async ({ page, context }) => {
  await page.goto('?demande=nouvelle');
  await control(page, 'organisation.name').fill('Commune de Vallon');
  await expect(page.locator('.saved')).toHaveText('Gardé sur cet appareil');
  const id = requestId(page);
  await page.goto('?page=aide');
  await page.evaluate(() => {
    for (const [name, kept] of Object.entries(localStorage)) {
      if (name.includes(':draft:')) localStorage.removeItem(name);
      else if (name.includes('request:')) localStorage.setItem(name, JSON.stringify({ ...JSON.parse(kept), schema: 9 }));
    }
  });
  const later = await context.newPage();
  await later.goto(`?demande=${id}`);
  await expect(later.getByRole('heading', { level: 1 })).toHaveText('Cette demande vient d’une version plus récente');
  await expect(later.getByRole('main')).toContainText('Commune de Vallon');
});

test('signing out and in again goes on where one was', async ({ page }) => {
  await page.goto('');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.goto('?page=connexion');
  await expect(page.getByRole('button', { name: 'Se déconnecter' })).toBeVisible();
});

test('the strictest policy that a host can send breaks nothing', async ({ page, files }) => {
  files.headers = { 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' };
  await page.goto('?demande=nouvelle');
  await fill(page, request('town-hall').draft);
  await send(page);
  await expectReceipt(page);
});

test('it is well made, wide and narrow', async ({ page }) => {
  await page.goto('?demande=nouvelle');
  await expect(page.getByRole('button', { name: 'Remplir avec un exemple' })).toBeVisible();
  await axe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test.describe('which API answers', () => {
  test('config.json points at a real one', async ({ page, files }) => {
    // A copy in a folder of our own server: one origin, another place.
    await writeFile(files.file(PLACE, 'config.json'), '{ "api": "/api" }');
    await cp(dist, files.file('', ''), { recursive: true });
    const own = await Server.start(files.file('', ''));
    try {
      await page.goto(`${own.address}${PLACE}/index.html?page=connexion`);
      await page.getByRole('main').getByRole('button').first().click();
      await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
      await control(page, 'organisation.name').fill('Commune de Vallon');
      await expectSaved(page);
      await expect(banner(page)).toHaveCount(0);
      const answer = await page.request.get(`${own.address}api/requests/${requestId(page)}`);
      expect(await answer.json()).toMatchObject({ draft: { organisation: { name: 'Commune de Vallon' } } });
    } finally {
      await own.stop();
    }
  });

  test('one of another site has people sign in there, and act by a token of this tab', async ({ page, files, tolerated }) => {
    const { origin } = new URL(files.address(PLACE));
    const service = await Server.start(dist, ['--embed-origin', origin]);
    try {
      files.headers = { 'Content-Security-Policy': POLICY.replace("connect-src 'self'", `connect-src 'self' ${new URL(service.address).origin}`) };
      await writeFile(files.file(PLACE, 'config.json'), JSON.stringify({ api: `${service.address}api` }));
      await page.goto('?demande=nouvelle');
      await expect(banner(page)).toHaveCount(0);
      await signInFrom(page, 0, page.locator('.habilitation'));
      await expectStep(page, 'organisation');
      await control(page, 'organisation.name').fill('Commune de Vallon');
      await expectSaved(page);
      await page.reload();
      await expect(control(page, 'organisation.name')).toHaveValue('Commune de Vallon');
      await openStep(page, 'project');
      const { name, mimeType, buffer } = sample('maquette.pdf', 'application/pdf', 2_000);
      await control(page, 'project.mockups').setInputFiles({ name, mimeType, buffer });
      const row = fileRow(page, name);
      await expect(row).toContainText('Envoyé');
      const saving = page.waitForEvent('download');
      await row.getByRole('link', { name }).click();
      expect((await readFile(await (await saving).path())).equals(buffer)).toBe(true);

      // Signed out, nothing of the token is left; signed in again, one sees one's requests.
      await expectSaved(page);
      await page.getByRole('button', { name: 'Se déconnecter' }).click();
      await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
      expect(await page.evaluate(() => Object.values(sessionStorage).join(' '))).not.toMatch(/\w{20}/);
      await page.getByRole('link', { name: 'Se connecter' }).click();
      await signInFrom(page, 0, page.locator('.habilitation'));
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
      await page.getByRole('link', { name: 'Demande sans nom' }).click();

      // A token that ended is worth no more than none.
      tolerated.push(SIGNED_OUT);
      await expectStep(page, 'organisation');
      await page.evaluate(() => {
        for (const [key, value] of Object.entries(sessionStorage)) sessionStorage.setItem(key, value.replace(/\w{20}/, 'x'.repeat(20)));
      });
      await page.reload();
      await expect(page.getByRole('button', { name: 'Se connecter (nouvelle fenêtre)' })).toBeVisible();
    } finally {
      await service.stop();
    }
  });

  test('a host without config.json is none, whatever it answers in its place', async ({ page, files, tolerated }) => {
    tolerated.push(/config\.json: Failed to load resource: .* 404 /);
    await rm(files.file(PLACE, 'config.json'));
    await page.goto('');
    await expect(banner(page)).toBeVisible();
    files.fallback = files.file(PLACE, 'index.html');
    await page.goto('index.html');
    await expect(banner(page)).toBeVisible();
  });

  for (const [accident, answer] of [
    ['a broken line', undefined],
    ['a failing server', { status: 503, body: 'Service unavailable' }],
    ['a notice of maintenance', { status: 200, contentType: 'text/html', body: '<h1>Maintenance</h1>' }],
  ] as const) {
    test(`${accident} never makes a demonstration of it`, async ({ page, tolerated }) => {
      tolerated.push(/config\.json/, /net::ERR_FAILED/, /boot\S* ?.*(Error|TypeError)/);
      await page.route('**/config.json', (route) => (answer ? route.fulfill(answer) : route.abort()));
      await page.goto('');
      await expect(page.getByText('La page n’a pas pu se charger')).toBeVisible();
      await expect(banner(page)).toHaveCount(0);
    });
  }

  test('a page of our server never asks', async ({ page, files, tolerated }) => {
    tolerated.push(/Failed to load resource/);
    await files.edit(PLACE, (html) => html.replace('<html', '<html data-api="api"'));
    await rm(files.file(PLACE, 'config.json'));
    await page.goto('?page=connexion');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
    await expect(banner(page)).toHaveCount(0);
  });
});

test.describe('offline', () => {
  test.use({ serviceWorkers: 'allow' });

  test('after a first visit, everything goes on without the host', async ({ page, files, tolerated }) => {
    tolerated.push(/net::ERR_CONNECTION_REFUSED/);
    await page.goto('');
    await expect(banner(page)).toBeVisible();
    await installed(page);
    await files.fallSilent();
    await page.reload();
    await expect(banner(page)).toBeVisible();
    await page.goto('index.html?demande=nouvelle');
    await page.getByRole('button', { name: 'Remplir avec un exemple' }).click();
    await expect(told(page)).toContainText('remplies avec un exemple');
    await openStep(page, 'project');
    await expect(control(page, 'project.name')).toHaveValue(/Guichet citoyen/);
    await control(page, 'project.mockups').setInputFiles(sample('plan.pdf', 'application/pdf', 1_000));
    await expect(fileRow(page, 'plan.pdf')).toContainText('Gardé sur cet appareil');
    await page.reload();
    await expect(control(page, 'project.name')).toHaveValue(/Guichet citoyen/);
  });

  test('a new build takes the place of the old one, whole, and nothing else goes', async ({ page, files, tolerated }) => {
    tolerated.push(/net::ERR_CONNECTION_REFUSED/);
    await page.goto('');
    await installed(page);
    await page.evaluate(() => Promise.all([caches.open('autre'), caches.open('habilitation http://elsewhere/ 0')]));
    await files.rebuild(PLACE, 'second');
    await page.reload();
    await expect(banner(page)).toBeVisible();
    expect(await build(page)).toBe('second');
    // Once the new build is kept, the old one is gone.
    await expect.poll(() => cacheNames(page)).toHaveLength(3);
    await expect.poll(() => keptBuild(page)).toContain('second');
    expect(await cacheNames(page)).toEqual(expect.arrayContaining(['autre', 'habilitation http://elsewhere/ 0']));
    await files.fallSilent();
    await page.reload();
    await expect(banner(page)).toBeVisible();
    expect(await build(page)).toBe('second');
  });

  test('two copies on one host keep to themselves', async ({ page }) => {
    const files = await FileServer.start('one', 'two');
    try {
      for (const place of ['one', 'two']) {
        await page.goto(files.address(place));
        await installed(page);
      }
      expect(await cacheNames(page)).toHaveLength(2);
      const scopes = await page.evaluate(async () =>
        (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname).sort(),
      );
      expect(scopes).toEqual(['/one/', '/two/']);
    } finally {
      await files.stop();
    }
  });

  test('our own server can fall silent too, and no call to its API is touched', async ({ page, tolerated }) => {
    tolerated.push(/net::ERR_CONNECTION_REFUSED/, /requestfailed/);
    const own = await Server.start();
    const calls: boolean[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/api/')) calls.push(response.fromServiceWorker());
    });
    await page.goto(own.address);
    await installed(page);
    await page.goto(`${own.address}?page=connexion`);
    await page.getByRole('main').getByRole('button').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
    await expect(page.getByRole('main').getByText('Un instant…')).toHaveCount(0);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls).not.toContain(true);
    const script = await page.request.get(`${own.address}sw.js`);
    expect(script.headers()).toMatchObject({ 'cache-control': 'no-cache', 'content-type': expect.stringContaining('javascript') });
    await own.stop();
    await page.goto(own.address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demander à utiliser FranceConnect');
    await expect(banner(page)).toHaveCount(0);
  });
});

/** Begins a request, and waits until its address names it. */
async function begin(page: Page): Promise<void> {
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
}

/** Waits until the page can do without its host. */
async function installed(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

async function build(page: Page): Promise<string | null> {
  return page.locator('meta[name=build]').getAttribute('content');
}

async function cacheNames(page: Page): Promise<string[]> {
  return page.evaluate(() => caches.keys());
}

/** index.html as it is kept. */
async function keptBuild(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found = await caches.match(new URL('./', location.href).href);
    return (await found?.text()) ?? '';
  });
}

/** How many files the browser keeps for the page. */
async function keptFiles(page: Page): Promise<number> {
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
