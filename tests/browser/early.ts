/**
 * Pages before their program, as they came from the server or the build.
 */
import type { Page } from '@playwright/test';

/** The program, and the script that makes the static page alive. */
export const PROGRAM = /_bg\.wasm$/;
export const BOOT = /boot-\w+\.js$/;

/** Holds back the program of a page, or another file, until the function that it answers is called. */
export async function hold(page: Page, file = PROGRAM): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(file, async (route) => {
    await released;
    // The page may have been left meanwhile.
    await route.continue().catch(() => undefined);
  });
  return release;
}

/** Opens an address, or the same again, while the program is held back, and waits until the page is alive. */
export async function openEarly(page: Page, address?: string): Promise<void> {
  if (address === undefined) await page.reload({ waitUntil: 'commit' });
  else await page.goto(address, { waitUntil: 'commit' });
  await alive(page);
}

/** Waits until the script of the static page runs: it refuses files that are dropped beside their fields. */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], 'plan.pdf'));
    const drag = new DragEvent('dragover', { cancelable: true, dataTransfer });
    return document.readyState !== 'loading' && document.getElementById('shell') && !dispatchEvent(drag);
  });
}
