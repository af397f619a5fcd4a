/**
 * Where the tests of saving begin.
 */
import type { Page } from '@playwright/test';
import { store } from './api.ts';
import { control, openRequest } from './form.ts';
import { expectSaved, signedIn } from './harness.ts';

/** Signs in, and opens a draft of nothing at its second step. Its identifier. */
export async function open(page: Page): Promise<string> {
  await signedIn(page);
  const id = await store(page, {});
  await openRequest(page, id, 'project');
  return id;
}

/** Fills a control, and waits until the page says that the server has every answer. */
export async function fillAndSave(page: Page, path: string, text: string): Promise<void> {
  await control(page, path).fill(text);
  await expectSaved(page);
}
