/**
 * "Copier" copies, or says that it does not and leaves the text selected.
 */
import type { Page } from '@playwright/test';
import { open } from './draft.ts';
import { expect, test } from './harness.ts';
import { element, openStepOf, test as inPortal } from './portal.ts';

const PARAMETER = 'openid given_name email';

/** What the old way of copying handed to the clipboard. */
async function hear(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() =>
    document.addEventListener('copy', () => Object.assign(globalThis, { copied: String(getSelection()) }), {
      capture: true,
    }),
  );
  return () => page.evaluate(() => (globalThis as { copied?: string }).copied ?? '');
}

const noClipboard = (): void => {
  Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
};

const lacks: readonly [what: string, lack: () => void][] = [
  ['has no clipboard for the page', noClipboard],
  [
    'refuses the clipboard',
    () => (navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))),
  ],
];

for (const [what, lack] of lacks) {
  test(`where the browser ${what}, the text is copied in the old way`, async ({ page }) => {
    await page.addInitScript(lack);
    await open(page, 'data', { data: { scopes: ['given_name', 'email'] } });
    const copied = await hear(page);
    await page.getByRole('button', { name: 'Copier' }).click();
    await expect(page.locator('.copy').getByRole('status')).toHaveText('Copié');
    expect(await copied()).toBe(PARAMETER);
  });

  test(`where the browser ${what}, and the old way fails too, the page says so and selects the text`, async ({
    page,
  }) => {
    await page.addInitScript(lack);
    await page.addInitScript(() => (document.execCommand = () => false));
    await open(page, 'data', { data: { scopes: ['given_name', 'email'] } });
    await page.getByRole('button', { name: 'Copier' }).click();
    await expect(page.locator('.copy').getByRole('status')).toContainText('Le texte est sélectionné');
    expect(await page.evaluate(() => String(getSelection()))).toBe(PARAMETER);
  });
}

inPortal('inside a portal without a clipboard, the text is copied in the old way', async ({ page, portal }) => {
  await page.addInitScript(noClipboard);
  await openStepOf(page, portal, /Les données/, 'data');
  await element(page).getByRole('button', { name: 'Copier' }).click();
  await expect(element(page).locator('.copy').getByRole('status')).toHaveText('Copié');
});
