/** The built files on a host that answers with files alone. Specs of such hosts import `test` from here. */
import type { Locator, Page } from '@playwright/test';
import { FileServer } from './file-server.ts';
import { expectStep } from './form.ts';
import { test as base, words } from './harness.ts';

/** Folder of the page on its host. The dot tells whether a folder is taken for a file. */
export const PLACE = 'a/b.js/c';

/** The policy that docs/static-hosting.md recommends to hosts. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types habilitation";

export const test = base.extend<{ files: FileServer }>({
  files: async ({}, use) => {
    const files = await FileServer.start(PLACE);
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
