// Controls of a page: inputs by their names, which are the paths of fields, and other elements by what they are.

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Control */

/**
 * Value that a person gave a control.
 * @typedef {object} Edit
 * @property {string} name name of the control
 * @property {string} value its text, or what the box or button stands for
 * @property {boolean} [checked] whether the box or button is ticked
 * @property {FileList} [files] files that were chosen
 */

/**
 * Returns whether a control is a checkbox or a radio button.
 * @param {Control} control
 * @returns {control is HTMLInputElement}
 */
const isToggle = (control) => control.type === 'checkbox' || control.type === 'radio';

/**
 * Lists the named controls in an element.
 * @param {ParentNode} root
 * @returns {Control[]}
 */
export const controls = (root) => [
  .../** @type {NodeListOf<Control>} */ (root.querySelectorAll('input[name],textarea')),
];

/**
 * Returns the value of a control as an edit.
 * @param {Control} control
 * @returns {Edit}
 */
export const editOf = (control) => {
  const { name, value } = control;
  if (isToggle(control)) return { name, value, checked: control.checked };
  const { files } = /** @type {Partial<HTMLInputElement>} */ (control);
  return files ? { name, value: '', files } : { name, value };
};

/**
 * Returns whether a control has the value that it came with. Files are chosen by people alone.
 * @param {Control} control
 */
export const isUntouched = (control) =>
  control.type === 'file' ||
  (isToggle(control) ? control.checked === control.defaultChecked : control.value === control.defaultValue);

/**
 * Gives a control the value that it came with.
 * @param {Control} control
 */
export const reset = (control) => {
  if (isToggle(control)) control.checked = control.defaultChecked;
  else control.value = control.defaultValue;
};

/**
 * Gives a control a value as its first one.
 * @param {Control} control
 * @param {string | boolean} value
 */
export const setInitial = (control, value) => {
  if (isToggle(control)) control.checked = control.defaultChecked = value === true;
  else if (control.type !== 'file') control.value = control.defaultValue = `${value}`;
};

/**
 * Gives the control of a page the value of an edit, as its person would: the page hears of it.
 * @param {ParentNode} root
 * @param {Edit} edit
 */
export const replay = (root, edit) => {
  const named = controls(root).filter(({ name }) => name === edit.name);
  const control = named.find((control) => !isToggle(control) || control.value === edit.value);
  if (!control) return;
  let type = 'change';
  if (edit.files) /** @type {HTMLInputElement} */ (control).files = edit.files;
  else if (edit.checked !== undefined) /** @type {HTMLInputElement} */ (control).checked = edit.checked;
  else {
    control.value = edit.value;
    type = 'input';
  }
  control.dispatchEvent(new Event(type, { bubbles: true }));
};

/**
 * Lists the elements of the same kind as one: of the same tag, name, identifier and class, and the same value of a toggle.
 * @param {ParentNode} root
 * @param {Element} like
 */
const alike = (root, like) => {
  const kind = (/** @type {Element} */ element) => {
    const control = /** @type {HTMLInputElement} */ (element);
    return [control.name, control.id, control.className, isToggle(control) && control.value].join();
  };
  return [...root.querySelectorAll(like.tagName)].filter((element) => kind(element) === kind(like));
};

/**
 * Finds the element of another drawing of the same page that stands for an element.
 * @param {Element} element
 * @param {ParentNode} from the drawing of the element
 * @param {ParentNode} to the other drawing
 * @returns {HTMLElement | undefined}
 */
export const counterpart = (element, from, to) =>
  /** @type {HTMLElement | undefined} */ (alike(to, element)[alike(from, element).indexOf(element)]);

/**
 * Fields that were drawn from their templates.
 * @type {WeakMap<HTMLTemplateElement, Element>}
 */
const drawn = new WeakMap();

/**
 * Draws the fields that the answers of a page make it ask for, and takes the others away.
 * @param {ParentNode} root
 */
export const askFurther = (root) => {
  for (const template of /** @type {NodeListOf<HTMLTemplateElement>} */ (
    root.querySelectorAll('template[data-asked-if]')
  )) {
    const chosen = controls(root).filter((control) => isToggle(control) && control.checked);
    const answers = chosen.map(({ name, value }) => `${name}=${value}`);
    const isAsked = `${template.dataset.askedIf}`.split(' ').some((answer) => answers.includes(answer));
    const field = drawn.get(template);
    if (field && !isAsked) field.remove();
    if (isAsked && !(field && field.parentNode)) {
      const fresh = field || /** @type {Element} */ (template.content.firstElementChild);
      drawn.set(template, fresh);
      template.after(fresh);
    }
  }
};
