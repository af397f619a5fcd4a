/**
 * The device's clock, which a test sets: only what it says changes, as when a person or a time server corrects it. Timers
 * go on as they were.
 */
import type { Page } from '@playwright/test';

/** Sets the clock of a page, from now on and after reloads, so many milliseconds ahead of the true time, or behind it. */
export async function setClock(page: Page, ahead: number): Promise<void> {
  await page.addInitScript(shift, ahead);
  await page.evaluate(shift, ahead);
}

/** Milliseconds from now to a moment, as {@link setClock} takes them. */
export function until(moment: string): number {
  return Date.parse(moment) - Date.now();
}

/** Runs in the page. */
function shift(ahead: number): void {
  const page = globalThis as { trueDate?: DateConstructor };
  const True = page.trueDate ?? Date;
  page.trueDate = True;
  const now = (): number => True.now() + ahead;
  globalThis.Date = new Proxy(True, {
    construct: (target, given: []) => (given.length === 0 ? new target(now()) : new target(...given)),
    apply: () => new True(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
