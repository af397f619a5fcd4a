/**
 * Takes the pictures of the README (a step on a wide screen, another on a phone in the dark, a remark of the team at a field, an
 * examination) and of the integrator's guide: the element in a portal of three looks, light and dark.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { start } from '../../../examples/portal/serve.mjs';
import { sameOrigin, store, stored } from '../api.ts';
import { Examiner } from '../examiner.ts';
import { expectStep, openStep } from '../form.ts';
import { signIn } from '../harness.ts';
import { request } from '../requests.ts';
import { Server } from '../server.ts';

/** Bytes that one picture may weigh. */
const LIMIT = 60 * 1_024;

/** Takes pictures of a page into the folder of pictures. */
async function photographer(context: BrowserContext, page: Page): Promise<(name: string) => Promise<void>> {
  const folder = process.env['HABILITATION_PICTURES'] ?? path.resolve(import.meta.dirname, '../../../docs/screenshots');
  await mkdir(folder, { recursive: true });
  const devtools = await context.newCDPSession(page);
  return async (name) => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 70 });
    const picture = Buffer.from(data, 'base64');
    expect(picture.length, `${name} is small`).toBeLessThan(LIMIT);
    await writeFile(path.join(folder, name), picture);
  };
}

test('screenshots', async ({ browser }) => {
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.address, viewport: { width: 1040, height: 720 } });
  const page = await context.newPage();
  const shoot = await photographer(context, page);
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

test('screenshots of both sides', async ({ browser }) => {
  const server = await Server.start();
  const settings = { baseURL: server.address, viewport: { width: 1040, height: 720 } };
  const [ours, theirs] = [await browser.newContext(settings), await browser.newContext(settings)];
  const page = await ours.newPage();
  const shoot = await photographer(ours, page);
  await signIn(page);
  const { draft } = request('identity-check-company');
  const id = await store(page, draft);
  const send = async () => {
    const { revision } = await stored(page, id);
    const headers = { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` };
    const answer = await page.request.post(`api/requests/${id}/submission`, { headers });
    expect(answer.status(), await answer.text()).toBe(201);
  };
  await send();
  const examiner = await Examiner.signedIn(theirs.request);
  await examiner.act(id, {
    kind: 'changes_requested',
    remarks: [{ pointer: '/project/description', text: 'Quelles démarches ouvrira ce service, exactement ?' }],
  });
  await page.goto(`?demande=${id}&etape=project`);
  const remark = page.locator('.remark');
  await expect(remark).toBeVisible();
  await remark.scrollIntoViewIfNeeded();
  await shoot('remark.webp');

  const { revision } = await stored(page, id);
  const project = { ...(draft['project'] as object), description: 'Ouvrir un compte, puis consulter ses contrats.' };
  const saved = await page.request.put(`api/requests/${id}`, {
    data: { schema: 1, draft: { ...draft, project } },
    headers: { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` },
  });
  expect(saved.status(), await saved.text()).toBe(200);
  await send();
  const desk = await theirs.newPage();
  const shootDesk = await photographer(theirs, desk);
  await desk.goto(`?examen=${id}`);
  const changed = desk.locator('[data-changed]').first();
  await expect(changed).toBeVisible();
  await changed.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await shootDesk('examination.webp');
  await ours.close();
  await theirs.close();
  await server.stop();
});

test('screenshots of a portal', async ({ browser }) => {
  const [server, portal] = [await Server.start(), await start()];
  portal.service = server.address;
  const context = await browser.newContext({ viewport: { width: 720, height: 560 } });
  const page = await context.newPage();
  const shoot = await photographer(context, page);
  for (const look of ['', 'state', 'garden']) {
    for (const shade of ['light', 'dark'] as const) {
      const query = new URLSearchParams({ request: 'new', look, ...(shade === 'dark' && { dark: '' }) });
      await page.emulateMedia({ colorScheme: shade });
      await page.goto(`${portal.address}?${query}`);
      const field = page.locator('#first').locator('[name="organisation.siret"]');
      await expect(field).toBeVisible();
      await field.scrollIntoViewIfNeeded();
      await shoot(`portal-${look || 'neutral'}-${shade}.webp`);
    }
  }
  await context.close();
  await portal.stop();
  await server.stop();
});
