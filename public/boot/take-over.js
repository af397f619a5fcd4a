// Puts the page that the program has drawn in the place of the static one, in one frame.

import { counterpart, replay } from './controls.js';

/** @typedef {ReturnType<typeof import('./static-page.js').listen>} StaticPage */

/** Content that is on its way. */
const PENDING = '[data-pending]';

/**
 * Resolves once nothing is on its way in a page that the program draws.
 * @param {HTMLElement} parent
 * @param {() => void} changed called at each change until then
 * @returns {Promise<void>}
 */
const whole = (parent, changed) =>
  new Promise((resolve) => {
    const look = () => {
      changed();
      if (parent.querySelector(PENDING)) return;
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(parent, { childList: true, subtree: true });
    look();
  });

/**
 * Resolves once no character is being put together in the static page.
 * @param {HTMLElement} shell
 * @param {StaticPage} page
 * @returns {Promise<void>}
 */
const composed = async (shell, page) => {
  while (page.isComposing() && shell.contains(document.activeElement)) {
    await new Promise((resolve) => shell.addEventListener('compositionend', () => setTimeout(resolve), { once: true }));
  }
};

/**
 * Hands the focus, the selection and what is unfolded on to another drawing of the page.
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 * @returns {() => void} what is left to do once it stands in the document
 */
const handOn = (from, to) => {
  for (const details of from.querySelectorAll('details')) {
    const same = /** @type {HTMLDetailsElement | undefined} */ (counterpart(details, from, to));
    if (same) same.open = details.open;
  }
  const scrolled = [...from.querySelectorAll('textarea')].map((area) => [area, area.scrollTop]);
  const active = document.activeElement;
  const isInside = active && from.contains(active);
  const next = isInside ? counterpart(active, from, to) : undefined;
  const {
    selectionStart: start,
    selectionEnd: end,
    selectionDirection: direction,
    value,
  } = /** @type {HTMLInputElement} */ (isInside ? active : {});
  const tops = scrolled.map(([area, top]) => [counterpart(/** @type {Element} */ (area), from, to), top]);
  return () => {
    for (const [area, top] of tops) {
      if (area) /** @type {HTMLElement} */ (area).scrollTop = /** @type {number} */ (top);
    }
    if (!next) return;
    next.focus({ preventScroll: true });
    if (typeof start !== 'number' || typeof end !== 'number') return;
    // A text that the program cleaned keeps its distance from the end.
    const input = /** @type {HTMLInputElement} */ (next);
    const shift = input.value.length - value.length;
    input.setSelectionRange(Math.max(0, start + shift), Math.max(0, end + shift), direction || undefined);
  };
};

/**
 * Puts the page that the program has drawn in the place of the static one, with everything that was typed and pressed there.
 * @param {HTMLElement} shell root of the static page
 * @param {StaticPage} page
 * @param {HTMLElement} parent element in which the program draws
 */
export const takeOver = async (shell, page, parent) => {
  // A static page that waits itself has nothing to lose.
  if (!shell.querySelector(PENDING)) await whole(parent, page.keep);
  await composed(shell, page);
  const root = /** @type {HTMLElement} */ (parent.firstElementChild);
  const pressed = page.pressed();
  page.end();
  for (const edit of page.edits()) {
    replay(root, edit);
    // Answers that show further fields: they are drawn before the next edit.
    await undefined;
  }
  const isKept = !!root.querySelector('form') || !page.hasEdits();
  const finish = handOn(shell, root);
  const same = pressed && counterpart(pressed, shell, root);
  shell.replaceWith(root);
  finish();
  if (isKept) page.forget();
  if (same) same.click();
};
