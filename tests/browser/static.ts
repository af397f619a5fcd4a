/** The built files on a host that answers with files alone. Specs of such hosts import `test` from here. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { FileServer } from './file-server.ts';
import { expectStep } from './form.ts';
import { test as base, words } from './harness.ts';
import { dist } from './server.ts';

/** Folder of the page on its host. The dot tells whether a folder is taken for a file. */
export const PLACE = 'a/b.js/c';

/** The policy that docs/static-hosting.md recommends to hosts, as the build writes it. */
export const POLICY = readFileSync(path.join(dist, 'content-security-policy.txt'), 'utf8').trim();

/** Every page comes under the strictest policy that a host can send, and what this refuses is a complaint. */
export const test = base.extend<{ files: FileServer }>({
  files: async ({}, use) => {
    const files = await FileServer.start(PLACE);
    files.headers = { 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' };
    await use(files);
    await files.stop();
  },
  baseURL: async ({ files }, use) => use(files.address(PLACE)),
});

/** The line that says that this is a demonstration. */
export function banner(page: Page): Locator {
  return page.getByText(words(/Démonstration : rien n’est envoyé/));
}

/** Begins a request, and waits until its address names it. */
export async function begin(page: Page): Promise<void> {
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
}
