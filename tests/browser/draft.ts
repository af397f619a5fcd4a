/**
 * Where the tests of saving begin, and where what was typed is found again.
 */
import { expect, type Page } from '@playwright/test';
import { store, stored } from './api.ts';
import { control, openRequest } from './form.ts';
import { expectSaved, line, signedIn } from './harness.ts';
import type { Draft, Step } from './requests.ts';

/** Signs in, and opens a draft at a step: one of nothing at its second, unless said. Its identifier. */
export async function open(page: Page, step: Step = 'project', draft: Draft = {}): Promise<string> {
  await signedIn(page);
  const id = await store(page, draft);
  await openRequest(page, id, step);
  return id;
}

/** The same in two tabs: the second, and the identifier. */
export async function openTwice(page: Page, step: Step = 'project', draft: Draft = {}): Promise<[Page, string]> {
  const id = await open(page, step, draft);
  const other = await page.context().newPage();
  await openRequest(other, id, step);
  return [other, id];
}

/** Fills a control, and waits until the page says that the server has every answer. */
export async function fillAndSave(page: Page, path: string, text: string): Promise<void> {
  await control(page, path).fill(text);
  await expectSaved(page);
}

/** Fills a control, and waits until the page says that this device alone has the answer. */
export async function fillUnsaved(page: Page, path: string, text: string): Promise<void> {
  await control(page, path).fill(text);
  await expect(line(page)).toContainText('gardé sur cet appareil');
}

/** Expects that the server holds these answers of a request. */
export async function expectStored(page: Page, id: string, answers: Record<string, unknown>): Promise<void> {
  expect((await stored(page, id)).draft).toMatchObject(answers);
}

/** Waits until the server does, whatever the page says of it. */
export async function expectArrived(
  page: Page,
  id: string,
  answers: Record<string, unknown>,
  when = '',
): Promise<void> {
  await expect.poll(async () => (await stored(page, id)).draft, { message: when }).toMatchObject(answers);
}
