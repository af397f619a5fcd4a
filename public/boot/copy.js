// Answers of a request that was begun, from the copy that this device keeps.

import { askFurther, controls, setInitial } from './controls.js';
import { read, storage } from './storage.js';

/** @typedef {import('../program.d.ts').State} State */

/**
 * Returns whether each answer in a part of a draft has a control that shows it.
 * @param {unknown} value
 * @param {string} path
 * @param {string[]} names names of the controls
 * @returns {boolean}
 */
const isShown = (value, path, names) => {
  if (typeof value === 'object' && value && !Array.isArray(value)) {
    return Object.entries(value).every(([name, inside]) => isShown(inside, `${path}.${name}`, names));
  }
  // Files are listed by the program alone.
  if (Array.isArray(value)) return !value.some((item) => typeof item === 'object');
  return !value || names.includes(path);
};

/**
 * Fills the fields of the static page from the device's copy of the request.
 * @param {HTMLElement} shell root of the static page
 * @param {State} state
 * @param {string} user who is signed in
 * @returns {boolean} whether the fields show the answers
 */
export const fill = (shell, state, user) => {
  const request = new URLSearchParams(location.search).get('demande');
  const instance = new URL(state.api || './', document.baseURI).href;
  const readStored = (/** @type {string} */ kind) => {
    const key = `habilitation:${instance}:${kind}:${user}:${request}`;
    return read(storage('sessionStorage'), key) || read(storage('localStorage'), key);
  };
  try {
    const copy = JSON.parse(readStored('draft') || 'null');
    if (!copy) {
      // One that was begun in this tab has no answers but those that the page came with, which are told as they are.
      const isNew = !!readStored('begun');
      if (isNew) delete shell.dataset.begun;
      return isNew;
    }
    // A copy of another version, or with two answers to choose from, is left to the program.
    if (copy.schema !== state.schema || copy.conflicts.length) return false;
    const form = shell.querySelector('form');
    const step = (form && form.dataset.step) || '';
    const show = () => {
      for (const control of controls(shell)) {
        const value = control.name.split('.').reduce((group, name) => group && group[name], copy.mine);
        if (control.type === 'checkbox') {
          setInitial(control, value === true || (Array.isArray(value) && value.includes(control.value)));
        } else if (control.type === 'radio') setInitial(control, `${value}` === control.value);
        else if (typeof value === 'string') setInitial(control, value);
      }
    };
    show();
    // The choices among them make the page ask for further fields.
    askFurther(shell);
    show();
    const unasked = /** @type {NodeListOf<HTMLTemplateElement>} */ (
      shell.querySelectorAll('template[data-asked-if*="="]')
    );
    const roots = [shell, ...[...unasked].map(({ content }) => content)];
    const names = roots.flatMap((root) => controls(root).map(({ name }) => name));
    // The last step reads answers back: it has no controls.
    return names.length > 0 && isShown(copy.mine[step], step, names);
  } catch {
    return false;
  }
};
