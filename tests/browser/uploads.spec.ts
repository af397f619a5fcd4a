/**
 * Files on real networks and real disks: what became of each is told by its cause, and none is lost without a word.
 */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Dialog, Page } from '@playwright/test';
import { documentsOf, stored } from './api.ts';
import { NO_ANSWER, tolerate } from './complaints.ts';
import { open } from './draft.ts';
import { sample } from './files.ts';
import { choose, control, drop, expectStep, fileRow, press } from './form.ts';
import { expect, expectSaved, expectWellMade, requestId, signOut, unreliable as test, words } from './harness.ts';
import { CALLS, page as refusal, problem, type Reply, SAVES, UPLOADS } from './network.ts';

/** What the browser itself logs of an answer that is no success. */
const REFUSED = /\/documents\/\S+: Failed to load resource: the server responded/;

/** A limit that the service has for files. */
const quota = (code: string): Reply => problem('quota-reached', 409, { errors: [{ pointer: '', code }] });

const BETWEEN = /refusé entre cet appareil et le service/;

const causes: readonly [what: string, reply: Reply | 'lost', said: RegExp, again?: 'again'][] = [
  ['nothing answers', 'lost', /Le service ne répond pas. Vérifiez votre accès à internet/, 'again'],
  ['a firewall refuses it', refusal(403), BETWEEN, 'again'],
  ['a proxy knows no such method', refusal(405), BETWEEN, 'again'],
  ['a proxy has no such page', refusal(404), BETWEEN, 'again'],
  ['somebody says that there is a conflict', refusal(409), BETWEEN, 'again'],
  ['a proxy lets nothing so large through', refusal(413), /trop lourd pour parvenir au service/, 'again'],
  ['a proxy finds no service', refusal(502), /momentanément indisponible/, 'again'],
  ['a proxy asks for patience', refusal(429), /très sollicité en ce moment/, 'again'],
  ['the session is over', problem('signed-out', 401), /Votre session est terminée/, 'again'],
  ['the service finds it too large', problem('too-large', 413, { limit: 10_485_760 }), /dépasse 10 Mo/],
  ['it is of another type', problem('unsupported-file', 415), /n’est pas un document PDF, PNG ou JPEG/],
  ['the request has its share', quota('documents_per_request'), /Cette demande a déjà autant de fichiers/, 'again'],
  ['the person has theirs', quota('bytes_per_person'), /fichiers de toutes vos demandes/, 'again'],
  ['there is no room', problem('no-space', 507), /n’a plus de place .* Cela ne vient pas de votre appareil/, 'again'],
  ['the service is broken', problem('internal', 500), /Le service a rencontré un problème/, 'again'],
];

test('a file that could not be sent says why, and nothing else is blamed', async ({ page, network }) => {
  tolerate(NO_ANSWER, REFUSED);
  await open(page);
  for (const [what, reply, said, again] of causes) {
    await test.step(`where ${what}`, async () => {
      // For good: what is lost on a connection that stood open, a browser sends again by itself.
      network.meet(UPLOADS, reply);
      await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
      const row = fileRow(page, 'plan.pdf');
      await expect(row).toContainText(words(said));
      if (reply !== 'lost') await expect(row).not.toContainText(/internet/);
      await expect(row).not.toContainText(/sur cet appareil/);
      network.up();
      if (again) {
        await press(row, /Réessayer/);
        await expect(row).toContainText('Envoyé');
      } else {
        await expect(row.getByRole('button')).toHaveText([/Retirer/]);
      }
      await press(row, /Retirer/);
      await expect(row).toHaveCount(0);
    });
  }
});

test('without a network, a file that could not be sent says that, and is sent once there is one', async ({
  page,
  context,
}) => {
  tolerate(NO_ANSWER);
  await open(page);
  await expectSaved(page);
  // The draft is saved first; the line breaks only then.
  await page.route(
    '**/documents/*',
    async (route) => {
      await context.setOffline(true);
      await route.abort('internetdisconnected');
    },
    { times: 1 },
  );
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  const row = fileRow(page, 'plan.pdf');
  await expect(row).toContainText(words(/Vous êtes hors ligne : ce fichier n’est pas parti/));
  await context.setOffline(false);
  await press(row, /Réessayer/);
  await expect(row).toContainText('Envoyé');
});

test('a file is never said to have arrived before the service says so', async ({ page, network }) => {
  tolerate(NO_ANSWER);
  await open(page);
  await choose(page, sample('arrivé.pdf', 'application/pdf', 2_000));
  await expect(fileRow(page, 'arrivé.pdf')).toContainText('Envoyé');
  await expectSaved(page);
  network.meet(CALLS, 'lost');
  await choose(page, sample('perdu.pdf', 'application/pdf', 2_000));
  await expect(fileRow(page, 'perdu.pdf')).toContainText('En attente d’envoi');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  for (const name of ['arrivé.pdf', 'perdu.pdf']) {
    await expect(fileRow(page, name)).toContainText('L’arrivée de ce fichier sera vérifiée');
    await expect(fileRow(page, name)).not.toContainText('Envoyé');
  }
  await expectWellMade(page);
  network.up();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(fileRow(page, 'arrivé.pdf')).toContainText('Envoyé');
  await expect(fileRow(page, 'perdu.pdf').filter({ hasText: 'n’est pas arrivé' })).toHaveCount(1);
});

test('an upload that nobody answers is given up, and says so', async ({ page, network }) => {
  tolerate(NO_ANSWER);
  await page.clock.install();
  await open(page);
  network.meet(UPLOADS, 'silent', 1);
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  const row = fileRow(page, 'plan.pdf');
  await expect(row.getByRole('progressbar')).toBeVisible();
  await expect.poll(() => network.count(UPLOADS)).toBe(1);
  await page.clock.fastForward('01:05');
  await expect(row).toContainText('Le service ne répond pas');
  await press(row, /Réessayer/);
  await expect(row).toContainText('Envoyé');
});

test('files of one name are told apart, on the screen and by every button', async ({ page, network }) => {
  await open(page);
  network.meet(UPLOADS, 'held');
  const files = [1_000, 2_000, 3_000].map((size) => sample('image.jpg', 'image/jpeg', size));
  await choose(page, ...files);
  const rows = page.locator('.file');
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole('progressbar', { name: /Envoi de/ })).toHaveCount(3);
  const names = ['image.jpg', 'image (2).jpg', 'image (3).jpg'];
  const labels = await page
    .getByRole('progressbar', { name: /Envoi de/ })
    .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')));
  expect(labels).toEqual(names.map((name) => `Envoi de ${name}`));
  network.up();
  for (const name of names) {
    await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: `Retirer ${name}`, exact: true })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Retirer image (2).jpg' }).click();
  await expect(rows).toHaveCount(2);
  await expectSaved(page);
  const sizes = documentsOf((await stored(page, requestId(page))).draft).map(({ name, size }) => [name, size]);
  expect(sizes).toEqual([
    ['image.jpg', 1_000],
    ['image (3).jpg', 3_000],
  ]);
  await choose(page, sample('image.jpg', 'image/jpeg', 4_000));
  await expect(fileRow(page, 'image (2).jpg')).toContainText('Envoyé');
  await expectWellMade(page);
});

test('the bytes decide: a JPEG is taken, whatever it is called', async ({ page }) => {
  await open(page);
  for (const [name, mimeType] of [
    ['IMG_0042.HEIC', 'image/heic'],
    ['photo', ''],
    ['plan.exe', 'application/x-msdownload'],
    ['plan.html', 'text/html'],
  ] as const) {
    await choose(page, { ...sample(name, 'image/jpeg', 2_000), mimeType });
    await expect(fileRow(page, name)).toContainText('Envoyé');
    await expectSaved(page);
    expect(documentsOf((await stored(page, requestId(page))).draft)).toContainEqual(
      expect.objectContaining({ name, type: 'image/jpeg' }),
    );
  }
});

test.describe('on a disk', () => {
  let folder = '';
  test.beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'habilitation-'));
  });
  test.afterEach(() => rm(folder, { recursive: true }));

  for (const [what, change] of [
    ['changed', (file: string) => appendFile(file, 'Encore une page.')],
    ['is gone', (file: string) => rm(file)],
  ] as const) {
    test(`a file that ${what} since it was chosen says so`, async ({ page, network }) => {
      tolerate(NO_ANSWER, /ERR_UPLOAD_FILE_CHANGED|ERR_FILE_NOT_FOUND/);
      await open(page);
      network.meet(UPLOADS, 'lost');
      const file = path.join(folder, 'plan.pdf');
      await writeFile(file, sample('plan.pdf', 'application/pdf', 2_000).buffer);
      await control(page, 'project.mockups').setInputFiles(file);
      const row = fileRow(page, 'plan.pdf');
      await expect(row).toContainText('Le service ne répond pas');
      await change(file);
      network.up();
      await press(row, /Réessayer/);
      await expect(row).toContainText('Ce fichier a changé depuis que vous l’avez choisi');
      await expect(row.getByRole('button')).toHaveText([/Retirer/]);
    });
  }
});

test('a file dropped beside the place for files does not open', async ({ page }) => {
  await open(page);
  for (const where of ['h1', '[name="project.name"]', '[name="project.description"]', '.steps', '.footer', 'html']) {
    expect(await drop(page.locator(where).first()), where).toEqual([true, true]);
    await expect(page.locator('.file')).toHaveCount(0);
  }
});

test('a text that is dropped in a field is none of that', async ({ page }) => {
  await open(page);
  expect(await drop(control(page, 'project.name'), 'Guichet')).toEqual([false, false]);
});

/** Closes the page as a person does, and answers whether they were asked. */
async function close(page: Page, leave: boolean): Promise<boolean> {
  let asked = false;
  page.once('dialog', (dialog: Dialog) => {
    asked = dialog.type() === 'beforeunload';
    void (leave ? dialog.accept() : dialog.dismiss());
  });
  await page.evaluate(() => setTimeout(() => location.reload()));
  if (leave) await page.waitForEvent('load');
  else await expect.poll(() => asked).toBe(true);
  return asked;
}

test('closing the page while a file is sent asks, and the next opening says which file did not arrive', async ({
  page,
  network,
}) => {
  // What never arrived is removed from the service all the same.
  tolerate(NO_ANSWER, /documents\/\S+: Failed to load resource: .* 404 /);
  await open(page);
  await control(page, 'project.name').fill('Guichet citoyen');
  network.meet(UPLOADS, 'held');
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  await expect.poll(() => network.held).toBe(1);
  await expectSaved(page);
  expect(await close(page, false)).toBe(true);
  await expect(fileRow(page, 'plan.pdf').getByRole('progressbar')).toBeVisible();
  network.meet(UPLOADS, 'lost');
  expect(await close(page, true)).toBe(true);
  await expectStep(page, 'project');
  const note = page.locator('.note', { hasText: 'Des fichiers ne sont pas arrivés' });
  await expect(note.getByRole('link', { name: 'plan.pdf' })).toBeVisible();
  await expect(fileRow(page, 'plan.pdf').filter({ hasText: 'n’est pas arrivé' })).toHaveCount(1);
  await expectWellMade(page);
  await note.getByRole('link', { name: 'plan.pdf' }).click();
  await expect(control(page, 'project.mockups')).toBeFocused();
  await page.getByRole('button', { name: 'Retirer plan.pdf' }).click();
  await expect(note).toHaveCount(0);
});

test('closing the page while a file waits to be sent asks; once it has arrived, nothing does', async ({
  page,
  network,
}) => {
  tolerate(NO_ANSWER);
  await open(page);
  network.meet(SAVES, 'lost');
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  await expect(fileRow(page, 'plan.pdf')).toContainText('En attente d’envoi');
  expect(await close(page, false)).toBe(true);
  network.up();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(fileRow(page, 'plan.pdf')).toContainText('Envoyé');
  await expectSaved(page);
  expect(await close(page, true)).toBe(false);
});

test('whoever signs out while a file is sent is told to wait for it, and nothing ends', async ({ page, network }) => {
  tolerate(NO_ANSWER, REFUSED);
  await open(page);
  network.meet(UPLOADS, 'silent');
  await choose(page, sample('plan.pdf', 'application/pdf', 2_000));
  await expectSaved(page);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page.getByRole('alert')).toContainText('Des fichiers ne sont pas encore arrivés');
  await expect(control(page, 'project.name')).toBeVisible();
  network.up();
  await press(fileRow(page, 'plan.pdf'), /Annuler/);
  await expect(fileRow(page, 'plan.pdf')).toHaveCount(0);
  await signOut(page);
});

test('a name that turns the line round is listed without that', async ({ page }) => {
  await open(page);
  await choose(page, sample('fact\u202efdp.exe', 'application/pdf', 2_000));
  await expect(fileRow(page, 'factfdp')).toContainText('Envoyé');
});
