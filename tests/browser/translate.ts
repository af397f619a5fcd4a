/**
 * Translators, as browsers have them: they change the words of a page under its feet, again and again.
 */
import type { Locator } from '@playwright/test';

/** How a translator goes about it. */
export type Manner =
  /** Each text gives way to its translation in two `<font>`, and is gone for good: Chromium's. */
  | 'texts are replaced'
  /** Texts stay and say something else; lines of text are put together anew, and comments do not survive: Firefox's. */
  | 'lines are put together anew';

/** What a translated word ends with. */
export const MARK = '\u00b0';

/** Translates what stands in an element, or in its shadow tree, from now on. */
export async function translate(root: Locator, manner: Manner): Promise<void> {
  await root.evaluate(run, { manner, mark: MARK });
}

/** Runs in the page. */
function run(host: Element, { manner, mark }: { manner: Manner; mark: string }): void {
  const root = host.shadowRoot ?? host;
  const isMeant = (text: Text): boolean => {
    const around = text.parentElement;
    return (
      around !== null &&
      text.data.trim() !== '' &&
      !text.data.endsWith(mark) &&
      around.closest('[translate=no], textarea, option, font, script, style, noscript') === null
    );
  };
  const replace = (text: Text): void => {
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.append(text.data + mark);
    outer.append(inner);
    text.replaceWith(outer);
  };
  const rebuild = (text: Text): void => {
    text.data += mark;
    const line = text.parentElement;
    const isLine = line && [...line.children].every((child) => getComputedStyle(child).display.startsWith('inline'));
    if (isLine) for (const node of [...line.childNodes]) if (node instanceof Comment) node.remove();
  };
  const all = (): void => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    texts.filter(isMeant).forEach(manner === 'texts are replaced' ? replace : rebuild);
    watcher.takeRecords();
  };
  const watcher = new MutationObserver(all);
  watcher.observe(root, { subtree: true, childList: true, characterData: true });
  all();
}
