/**
 * Files: chosen or dropped, checked, sent with visible progress.
 */
import type { Page } from '@playwright/test';
import { documentsOf, stored } from './api.ts';
import { tolerate } from './complaints.ts';
import { open } from './draft.ts';
import { DOCUMENT_LIMIT, sample, type SampleFile } from './files.ts';
import { choose, control, fileRow, press } from './form.ts';
import { expect, expectSaved, requestId, test, words } from './harness.ts';

test.beforeEach(async ({ page }) => void (await open(page)));

test('a dropped file is taken like a chosen one', async ({ page }) => {
  const { name, buffer } = sample('déposé.png', 'image/png', 2_000);
  const dropped = await page.evaluateHandle(
    ([fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName, { type: 'image/png' }));
      return transfer;
    },
    [name, buffer.toString('base64')] as const,
  );
  await control(page, 'project.mockups').dispatchEvent('drop', { dataTransfer: dropped });
  await expect(fileRow(page, name)).toContainText('Envoyé');
});

test('the limits are written beside the control before anyone chooses', async ({ page }) => {
  await expect(control(page, 'project.mockups')).toHaveAccessibleDescription(words(/PDF, PNG ou JPEG, 10 Mo/));
});

const refused: [what: string, file: () => SampleFile, said: RegExp][] = [
  [
    'a text that calls itself a PDF',
    () => ({ name: 'note.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Bonjour') }),
    /« note.pdf » n’a pas été ajouté : ce n’est pas un document PDF, PNG ou JPEG/,
  ],
  [
    'a file of one byte too many',
    () => sample('plan.pdf', 'application/pdf', DOCUMENT_LIMIT + 1),
    /« plan.pdf » n’a pas été ajouté : il dépasse 10 Mo/,
  ],
  [
    'an empty file',
    () => ({ name: 'vide.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) }),
    /« vide.pdf » n’a pas été ajouté/,
  ],
];

for (const [what, file, said] of refused) {
  test(`${what} is refused before anything is sent`, async ({ page }) => {
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/documents/')) sent.push(request.url());
    });
    await choose(page, file());
    await expect(page.getByRole('main')).toContainText(words(said));
    await expect(fileRow(page, file().name)).toHaveCount(0);
    expect(sent).toEqual([]);
  });
}

test('a seventh file is refused', async ({ page }) => {
  const files = [1, 2, 3, 4, 5, 6, 7].map((number) => sample(`${number}.pdf`, 'application/pdf', 1_000));
  await choose(page, ...files);
  await expect(page.getByRole('main')).toContainText('« 7.pdf » n’a pas été ajouté : 6 fichiers au plus');
  await expect(fileRow(page, '6.pdf')).toContainText('Envoyé');
  await expect(fileRow(page, '7.pdf')).toHaveCount(0);
});

test('a long upload shows its progress and can be cancelled', async ({ page }) => {
  await slowNetwork(page);
  // The file is given up and, in case it had arrived all the same, removed.
  tolerate(/PUT \S+\/documents\/\S+: net::ERR_ABORTED/, /documents\/\S+: Failed to load resource: .* 404 /);
  await choose(page, sample('lent.pdf', 'application/pdf', 2_000_000));
  const progress = fileRow(page, 'lent.pdf').getByRole('progressbar', { name: 'Envoi de lent.pdf' });
  await expect(progress).toBeVisible();
  // It moves, and it does not jump to its end.
  await expect
    .poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value > 0 && bar.value < bar.max))
    .toBe(true);
  await press(fileRow(page, 'lent.pdf'), /Annuler l’envoi/);
  await expect(fileRow(page, 'lent.pdf')).toHaveCount(0);
  await expectSaved(page);
  expect(documentsOf((await stored(page, requestId(page))).draft)).toEqual([]);
});

/** Slow enough for a person, or a test, to see a file on its way. */
async function slowNetwork(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const limits = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
  await devtools.send('Network.emulateNetworkConditions', limits);
}
