/**
 * The whole life of a request on a host of files alone: one visitor plays both sides, days pass, mails are told of. Nothing leaves
 * the device.
 */
import type { Locator, Page } from '@playwright/test';
import { sample } from './files.ts';
import { control, expectReceipt, fill, send } from './form.ts';
import { axe, expect, expectNoSidewaysScroll, expectWellMade, words } from './harness.ts';
import { request } from './requests.ts';
import { test } from './static.ts';

function side(page: Page, name: 'la demandeuse' | 'l’équipe FranceConnect'): Locator {
  return page.getByRole('button', { name });
}

async function change(page: Page, name: 'la demandeuse' | 'l’équipe FranceConnect'): Promise<void> {
  await side(page, name).click();
  await expect(side(page, name)).toHaveAttribute('aria-pressed', 'true');
}

test('examples stand in each state, both sides see them, and days that pass move them', async ({ page }) => {
  const main = page.getByRole('main');
  const badge = main.locator('.badge').first();
  await page.goto('?page=demandes');
  await page.getByRole('button', { name: 'Charger des exemples' }).click();
  // What is archived is listed when it is asked for.
  await expect(main.locator('.request')).toHaveCount(7);
  await main.locator('.request').filter({ hasText: 'demande à compléter' }).getByRole('link').click();
  await expect(badge).toHaveText('Compléments demandés');
  const address = page.url();
  await expectWellMade(page);

  await change(page, 'l’équipe FranceConnect');
  await expect(page).toHaveURL(/\?examen=/);
  await expect(main).toContainText('Suspendu');
  await page.getByRole('button', { name: 'Avancer de 30 jours' }).click();
  await expect(page.getByText('La démonstration est au')).toBeVisible();
  await axe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  for (const total of [60, 90]) {
    await page.getByRole('button', { name: 'Avancer de 30 jours' }).click();
    await expect
      .poll(() => page.evaluate((days) => Object.values(localStorage).includes(String(days)), total))
      .toBe(true);
  }
  // Its last day to answer is past: the clock has taken it back.
  await expect(main).not.toContainText('Suspendu');
  await change(page, 'la demandeuse');
  await expect(page).toHaveURL(address);
  await expect(badge).toHaveText('En cours d’examen');
  await page.reload();
  await expect(badge).toHaveText('En cours d’examen');
  await expect(page.getByText('La démonstration est au')).toBeVisible();
});

test('a message goes with its documents, which the other side saves, and its sender sees when it was read', async ({
  page,
}) => {
  const main = page.getByRole('main');
  const files = page.locator('#message-files');
  await page.goto('?demande=nouvelle');
  await fill(page, request('town-hall').draft);
  await send(page);
  await expectReceipt(page);
  await control(page, 'message').fill('Voici le plan.');
  await files.setInputFiles([
    sample('plan.pdf', 'application/pdf', 1_000),
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') },
    sample('autre.pdf', 'application/pdf', 1_000),
  ]);
  await expect(main).toContainText(words(/« \W?notes.txt\W? » n’a pas été ajouté/));
  await expect(main.locator('.file-state')).toHaveText([
    'Prêt à partir avec le message',
    'Prêt à partir avec le message',
  ]);
  await axe(page);
  await main.getByRole('button', { name: 'Retirer autre.pdf' }).click();
  await expect(files).toBeFocused();
  await main.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(control(page, 'message')).toHaveValue('');
  await expect(main.locator('.file')).toHaveCount(0);
  await expect(main.locator('.message-entry')).toContainText(words(/plan\.pdf · 1/));

  await change(page, 'l’équipe FranceConnect');
  const entry = main.locator('.message-entry').first();
  await expect(entry).toContainText('Voici le plan.');
  const saving = page.waitForEvent('download');
  await entry.getByRole('link', { name: 'plan.pdf' }).click();
  expect((await saving).suggestedFilename()).toBe('plan.pdf');
  await main.locator('#act-message summary').first().click();
  await main.locator('#act-message [name=text]').fill('Merci.');
  await files.setInputFiles(sample('guide.pdf', 'application/pdf', 2_000));
  await expect(main.locator('.file-state')).toHaveText('Prêt à partir avec le message');
  await main.locator('#act-message .submit').click();
  await expect(main.locator('.message-entry')).toHaveCount(2);

  await change(page, 'la demandeuse');
  await expect(main.locator('.message-entry').first()).toContainText('Lu le');
  await expect(main.locator('.message-entry').last()).toContainText('guide.pdf');
  await change(page, 'l’équipe FranceConnect');
  await expect(main.locator('.message-entry').last()).toContainText('Lu le');
});
