/**
 * Takes the pictures of the README: a step on a wide screen, another on a phone in the dark.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { store } from '../api.ts';
import { expectStep, openStep } from '../form.ts';
import { signIn } from '../harness.ts';
import { request } from '../requests.ts';
import { Server } from '../server.ts';

/** Bytes that one picture may weigh. */
const LIMIT = 60 * 1_024;

test('screenshots', async ({ browser }) => {
  const folder = process.env['HABILITATION_PICTURES'] ?? path.resolve(import.meta.dirname, '../../../docs/screenshots');
  await mkdir(folder, { recursive: true });
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.address, viewport: { width: 1040, height: 720 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const shoot = async (name: string): Promise<void> => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 70 });
    const picture = Buffer.from(data, 'base64');
    expect(picture.length, `${name} is small`).toBeLessThan(LIMIT);
    await writeFile(path.join(folder, name), picture);
  };
  await signIn(page);
  await page.goto(`?demande=${await store(page, request('town-hall').draft)}&etape=data`);
  await expectStep(page, 'data');
  await shoot('step.webp');
  await page.setViewportSize({ width: 360, height: 720 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openStep(page, 'assurance');
  await shoot('phone-dark.webp');
  await context.close();
  await server.stop();
});
