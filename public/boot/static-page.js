// The static page, alive before the program is there: it remembers what is typed and pressed.

import { askFurther, controls, editOf, isUntouched, replay, reset } from './controls.js';
import { read, storage, write } from './storage.js';

/** @typedef {import('./controls.js').Edit} Edit */

/** Name of the edits in the storage of the tab. */
const KEY = 'habilitation:edits';

/**
 * Listens to the static page until the program takes over.
 * @param {HTMLElement} shell root of the static page
 * @param {string} user who is signed in, if anybody is: nobody else gets the edits back
 */
export const listen = (shell, user) => {
  /** @type {Edit[]} */
  const edits = [];
  /** @type {HTMLElement | undefined} */
  let pressed;
  let isComposing = false;
  let isKept = false;
  const isForm = !!shell.querySelector('form');
  const request = () => new URLSearchParams(location.search).get('demande');

  const keep = () => {
    const kept = edits.filter(({ files }) => !files);
    if (!isForm || !kept.length) return;
    isKept = write(storage('sessionStorage'), KEY, JSON.stringify({ user, request: request(), edits: kept }));
  };

  /** @param {Edit} edit */
  const remember = (edit) => {
    const last = edits[edits.length - 1];
    // What follows in the same control takes the place of what was there.
    const isSame = last && last.name === edit.name && (edit.checked === undefined || last.value === edit.value);
    if (isSame) edits.pop();
    edits.push(edit);
    keep();
  };

  /** Returns the edits of an earlier visit to this page, if the tab has any. */
  const earlier = () => {
    const record = JSON.parse(read(storage('sessionStorage'), KEY) || 'null');
    return record && record.user === user && record.request === request() ? record.edits : undefined;
  };
  const restore = () => {
    for (const edit of /** @type {Edit[]} */ (earlier() || [])) replay(shell, edit);
  };

  /** @param {Event} event */
  const onEdit = ({ target }) => {
    const control = controls(shell).find((control) => control === target);
    if (!control) return;
    remember(editOf(control));
    askFurther(shell);
  };

  /** @param {Event} event */
  const onClick = (event) => {
    const { target, ctrlKey, metaKey, shiftKey, altKey } = /** @type {MouseEvent} */ (event);
    const element = /** @type {HTMLElement | null} */ (
      target instanceof Element ? target.closest('button[type=button],a[href^="?"],[data-waits]') : null
    );
    if (!element || ctrlKey || metaKey || shiftKey || altKey) return;
    // Other pages are there as fast as this one was; a link that waits does something before it leads on.
    if (element.tagName === 'A' && !isForm && !('waits' in element.dataset)) return;
    event.preventDefault();
    press(element);
  };

  /** @param {HTMLElement} element */
  const press = (element) => {
    if (pressed) pressed.removeAttribute('aria-busy');
    pressed = element;
    element.setAttribute('aria-busy', 'true');
  };

  /** @param {Event} event */
  const onSubmit = (event) => {
    event.preventDefault();
    const button = /** @type {HTMLElement | null} */ (shell.querySelector('form .primary'));
    if (button) press(button);
  };

  /**
   * The first two outlast a program that does not come.
   * @type {[string, (event: Event) => void][]}
   */
  const listeners = [
    ['input', onEdit],
    ['change', onEdit],
    ['click', onClick],
    ['submit', onSubmit],
    ['compositionstart', () => (isComposing = true)],
    ['compositionend', () => (isComposing = false)],
  ];
  for (const [type, listener] of listeners) shell.addEventListener(type, listener);
  const end = (first = 0) => {
    for (const [type, listener] of listeners.slice(first)) shell.removeEventListener(type, listener);
  };

  const { early } = shell.dataset;
  delete shell.dataset.early;
  if (early === 'submit') onSubmit(new Event(early));
  else if (early) {
    const link = [...shell.querySelectorAll('a')].find((link) => link.getAttribute('href') === early);
    if (link) press(link);
  }

  // What was typed before this script came was typed by the person; the rest was restored by the browser, from another visit.
  for (const control of controls(shell)) {
    if (control.dataset.typed !== undefined) remember(editOf(control));
    else if (!isUntouched(control)) reset(control);
  }
  askFurther(shell);

  return {
    /** Whether a character is being put together. */
    isComposing: () => isComposing,
    /** Whether anything was typed that only this page has. */
    hasEdits: () => edits.length > 0,
    /** Whether the tab keeps what was typed when the page is loaded again. */
    isKept: () => isKept,
    restore,
    keep,
    /** Returns the edits, in order, with those that no event told of. */
    edits: () => {
      for (const control of controls(shell)) {
        const value = editOf(control);
        const known = [...edits]
          .reverse()
          .find(
            ({ name, value: text, checked }) => name === value.name && (checked === undefined || text === value.value),
          );
        const before = known || {
          value: control.defaultValue,
          checked: /** @type {HTMLInputElement} */ (control).defaultChecked,
        };
        if (value.files) continue;
        if (value.checked === undefined ? before.value !== value.value : before.checked !== value.checked)
          edits.push(value);
      }
      return edits;
    },
    /** Returns the button or link that was pressed last, if any was. */
    pressed: () => pressed,
    /** Ends the static page: its program takes over. */
    end: () => end(),
    /** Lets the page be used as it is: its program does not come. What was pressed is not done, links lead on by themselves. */
    fail: () => {
      end(2);
      if (pressed) pressed.removeAttribute('aria-busy');
    },
    /** Forgets what was typed: somebody else keeps it. */
    forget: () => {
      if (earlier()) write(storage('sessionStorage'), KEY, null);
    },
  };
};
