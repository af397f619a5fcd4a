/**
 * Which API a page on a static host asks: its own, or the one that `config.json` names.
 */
import { SIGNED_OUT, tolerate } from './complaints.ts';
import { fillAndSave } from './draft.ts';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { sample } from './files.ts';
import { control, expectStep, fileRow, openStep } from './form.ts';
import { expect, expectSaved, requestId, signOut } from './harness.ts';
import { signInFrom } from './portal.ts';
import { dist, Server } from './server.ts';
import { banner, PLACE, POLICY, test } from './static.ts';

test('config.json points at a real one', async ({ page, files }) => {
  // A copy in a folder of our own server: one origin, another place.
  await writeFile(files.file(PLACE, 'config.json'), '{ "api": "/api" }');
  await cp(dist, files.file('', ''), { recursive: true });
  const own = await Server.start(files.file('', ''));
  try {
    await page.goto(`${own.address}${PLACE}/index.html?page=connexion`);
    await page.getByRole('main').getByRole('button').first().click();
    await page.getByRole('link', { name: 'Commencer une demande' }).first().click();
    await fillAndSave(page, 'organisation.name', 'Commune de Vallon');
    await expect(banner(page)).toHaveCount(0);
    const answer = await page.request.get(`${own.address}api/requests/${requestId(page)}`);
    expect(await answer.json()).toMatchObject({ draft: { organisation: { name: 'Commune de Vallon' } } });
  } finally {
    await own.stop();
  }
});

test('one of another site has people sign in there, and act by a token of this tab', async ({ page, files }) => {
  const { origin } = new URL(files.address(PLACE));
  const service = await Server.start(dist, ['--embed-origin', origin]);
  try {
    files.headers = {
      'Content-Security-Policy': POLICY.replace(
        "connect-src 'self'",
        `connect-src 'self' ${new URL(service.address).origin}`,
      ),
    };
    await writeFile(files.file(PLACE, 'config.json'), JSON.stringify({ api: `${service.address}api` }));
    await page.goto('?demande=nouvelle');
    await expect(banner(page)).toHaveCount(0);
    await signInFrom(page, 0, page.locator('.habilitation'));
    await expectStep(page, 'organisation');
    await fillAndSave(page, 'organisation.name', 'Commune de Vallon');
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
    await signOut(page);
    expect(await page.evaluate(() => Object.values(sessionStorage).join(' '))).not.toMatch(/\w{20}/);
    await page.getByRole('link', { name: 'Se connecter' }).click();
    await signInFrom(page, 0, page.locator('.habilitation'));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
    await page.getByRole('link', { name: 'Demande sans nom' }).click();

    // A token that ended is worth no more than none.
    tolerate(SIGNED_OUT);
    await expectStep(page, 'organisation');
    await page.evaluate(() => {
      for (const [key, value] of Object.entries(sessionStorage))
        sessionStorage.setItem(key, value.replace(/\w{20}/, 'x'.repeat(20)));
    });
    await page.reload();
    await expect(page.getByRole('button', { name: 'Se connecter (nouvelle fenêtre)' })).toBeVisible();
  } finally {
    await service.stop();
  }
});

test('a host without config.json is none, whatever it answers in its place', async ({ page, files }) => {
  tolerate(/config\.json: Failed to load resource: .* 404 /);
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
  test(`${accident} never makes a demonstration of it`, async ({ page }) => {
    tolerate(/config\.json/, /net::ERR_FAILED/, /boot\S* ?.*(Error|TypeError)/);
    await page.route('**/config.json', (route) => (answer ? route.fulfill(answer) : route.abort()));
    await page.goto('');
    await expect(page.getByText('La page n’a pas pu se charger')).toBeVisible();
    await expect(banner(page)).toHaveCount(0);
  });
}

test('a page of our server never asks', async ({ page, files }) => {
  tolerate(/Failed to load resource/);
  await files.edit(PLACE, (html) => html.replace('<html', '<html data-api="api"'));
  await rm(files.file(PLACE, 'config.json'));
  await page.goto('?page=connexion');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  await expect(banner(page)).toHaveCount(0);
});
