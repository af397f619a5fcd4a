// Keeps events of the element from the portal's page, which would take them for its own.

/** Events of typing and of the clipboard. `change` is missing: it does not leave a shadow tree. */
const TYPING = /** @type {const} */ ([
  'keydown',
  'keypress',
  'keyup',
  'beforeinput',
  'input',
  'compositionstart',
  'compositionupdate',
  'compositionend',
  'copy',
  'cut',
  'paste',
]);

/** Keys that edit a field when they are pressed with Ctrl, or Cmd. */
const EDITING_KEYS = /^([acvxyzbiu]|Arrow.*|Home|End|Backspace|Delete|Enter|Insert)$/i;

/**
 * Keeps typing and dropped files inside a shadow tree.
 * @param {ShadowRoot} root
 */
export function guardEvents(root) {
  for (const name of TYPING) root.addEventListener(name, guardTyping);
  for (const name of ['dragover', 'drop']) root.addEventListener(name, guardDrop);
}

/**
 * Stops what is typed in a field. The portal sees such events as events of the element, and may take a letter for a shortcut of its
 * own. Shortcuts with Ctrl or Cmd that no field uses go on.
 * @param {Event} event
 */
function guardTyping(event) {
  if (!(event.target instanceof Element)) return;
  if (!event.target.matches('input, textarea, select, [contenteditable]')) return;
  if (!isPortalShortcut(event)) event.stopPropagation();
}

/** @param {Event} event */
function isPortalShortcut(event) {
  if (!(event instanceof KeyboardEvent) || event.isComposing) return false;
  // AltGr is reported as Ctrl and Alt on Windows, and types characters.
  return (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph') && !EDITING_KEYS.test(event.key);
}

/**
 * Keeps a file that is dropped beside its field from opening in place of the portal.
 * @param {Event} event
 */
function guardDrop(event) {
  const { dataTransfer } = /** @type {DragEvent} */ (event);
  if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  dataTransfer.dropEffect = 'none';
}
