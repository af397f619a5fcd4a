/**
 * Where the tests of saving begin.
 */
import type { Page } from '@playwright/test';
import { store } from './api.ts';
import { expectStep } from './form.ts';
import { signedIn } from './harness.ts';

/** Signs in, and opens a draft of nothing at its second step. Its identifier. */
export async function open(page: Page): Promise<string> {
  await signedIn(page);
  const id = await store(page, {});
  await page.goto(`?demande=${id}&etape=project`);
  await expectStep(page, 'project');
  return id;
}
