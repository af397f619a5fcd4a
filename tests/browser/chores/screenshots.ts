/**
 * Takes the pictures of the README: a step on a wide screen, another on a phone in the dark.
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectStep, fill, openStep } from '../form.ts';
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
  const shoot = async (name: string): Promise<void> => {
    const file = path.join(folder, name);
    await page.screenshot({ path: file });
    expect((await stat(file)).size, `${name} is small`).toBeLessThan(LIMIT);
  };
  await signIn(page);
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  await fill(page, request('town-hall').draft);
  await openStep(page, 'data');
  await shoot('step.png');
  await page.setViewportSize({ width: 360, height: 720 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openStep(page, 'assurance');
  await shoot('phone-dark.png');
  await context.close();
  await server.stop();
});
