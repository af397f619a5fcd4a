/**
 * A request as a file: exported, taken back, and refused where it is not one of ours.
 */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { count, stored, withoutIds } from './api.ts';
import { tolerate } from './complaints.ts';
import { open } from './draft.ts';
import { control } from './form.ts';
import { axe, expect, expectSaved, requestId, signIn, test, words } from './harness.ts';
import { type Draft, request } from './requests.ts';

async function exported(page: Page): Promise<Download> {
  await page.getByText('Où sont gardées mes réponses ?').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Exporter dans un fichier' }).click();
  return download;
}

async function take(page: Page, content: string | Buffer, name = 'demande.json'): Promise<void> {
  const file = { name, mimeType: 'application/json', buffer: Buffer.from(content) };
  await page.getByLabel('Importer une demande').setInputFiles(file);
}

test('an exported request comes back as a new draft, without its files and with its commitments unticked', async ({
  page,
}) => {
  const { draft } = request('digital-health');
  const id = await open(page, 'project', draft);
  const file = await exported(page);
  expect(file.suggestedFilename()).toMatch(/\.json$/);
  const content = await readFile(await file.path(), 'utf8');

  await page.getByRole('link', { name: 'Mes demandes' }).click();
  await take(page, content, file.suggestedFilename());
  await expect(page.getByRole('main')).toContainText('est importée dans un nouveau brouillon');
  await expect(page.getByRole('main')).toContainText(
    'Les fichiers joints ne sont pas repris, et les engagements sont à cocher à nouveau',
  );
  await axe(page);
  await page.getByRole('link', { name: 'Ouvrir ce brouillon' }).click();
  await expectSaved(page);
  const anew = requestId(page);
  expect(anew).not.toBe(id);
  const expected = withoutIds(draft) as Draft & { organisation: Draft; project: Draft; legal: Draft };
  expected.organisation['member'] = false;
  expected.project['mockups'] = [];
  expected.legal['documents'] = [];
  expected['terms'] = { accepted: false, dpo_informed: false, alternative_offered: false };
  expect((await stored(page, anew)).draft).toEqual(expected);
  expect((await stored(page, id)).draft).toEqual(draft);
});

test('a request can be exported without a network, with what was just typed', async ({ page, context }) => {
  tolerate(/net::ERR_INTERNET_DISCONNECTED/);
  await open(page);
  await context.setOffline(true);
  await control(page, 'project.name').fill('Guichet citoyen');
  const file = await exported(page);
  expect(file.suggestedFilename()).toBe('Guichet citoyen.json');
  expect(await readFile(await file.path(), 'utf8')).toContain('Guichet citoyen');
  await context.setOffline(false);
  await expectSaved(page);
});

/** A file of ours around these answers. */
function file(draft: string, schema = 1): string {
  return `{"format": "habilitation-draft", "schema": ${schema}, "exported_at": "2026-11-25T10:00:00Z", "draft": ${draft}}`;
}

const NOT_OURS = /n’est pas une demande exportée depuis ce site/;

const refused: [what: string, content: string | Buffer, said: RegExp][] = [
  ['what is not JSON', 'Bonjour', NOT_OURS],
  ['a prototype in disguise', file('{"__proto__": {"polluted": true}}'), NOT_OURS],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), NOT_OURS],
  ['what a newer version wrote', file('{"later": {}}', 9), /vient d’une version plus récente de ce site/],
  ['too much', file(`{"project": {"name": "${'x'.repeat(2_000_000)}"}}`), /trop lourd/],
];

for (const [what, content, said] of refused) {
  test(`${what} is refused in plain words, and changes nothing`, async ({ page }) => {
    await signIn(page);
    const before = await count(page);
    await take(page, content);
    await expect(page.getByRole('main')).toContainText(words(said));
    await expect(page.getByRole('main')).toContainText('Rien n’a été importé');
    await expect(page.getByText('Sur cet appareil')).toHaveCount(0);
    expect(await count(page)).toBe(before);
    expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
  });
}
