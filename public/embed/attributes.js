// Properties of the element that reflect its attributes.

/** @typedef {import('../embed.d.ts').DemandeHabilitation} DemandeHabilitation */

/** Names of the properties. */
const PROPERTIES = /** @type {const} */ (['api', 'request', 'step', 'theme', 'storage', 'loading', 'headingLevel']);

/** Element with these properties. */
export class ReflectingElement extends HTMLElement {
  get api() {
    return this.getAttribute('api');
  }
  set api(value) {
    this.#reflect('api', value);
  }

  get request() {
    return this.getAttribute('request');
  }
  set request(value) {
    this.#reflect('request', value);
  }

  get step() {
    return /** @type {DemandeHabilitation['step']} */ (this.getAttribute('step'));
  }
  set step(value) {
    this.#reflect('step', value);
  }

  get theme() {
    return /** @type {DemandeHabilitation['theme']} */ (this.getAttribute('theme'));
  }
  set theme(value) {
    this.#reflect('theme', value);
  }

  get storage() {
    return /** @type {DemandeHabilitation['storage']} */ (this.getAttribute('storage'));
  }
  set storage(value) {
    this.#reflect('storage', value);
  }

  get loading() {
    return /** @type {DemandeHabilitation['loading']} */ (this.getAttribute('loading'));
  }
  set loading(value) {
    this.#reflect('loading', value);
  }

  get headingLevel() {
    return Math.min(Math.max(Number(this.getAttribute('heading-level') ?? 2) || 2, 1), 4);
  }
  set headingLevel(value) {
    this.#reflect('heading-level', value);
  }

  /** Takes over properties that were set before this class was known: they hide those of the class. */
  upgradeProperties() {
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      Reflect.deleteProperty(this, name);
      Object.assign(this, { [name]: value });
    }
  }

  /**
   * @param {string} attribute
   * @param {string | number | null | undefined} value
   */
  #reflect(attribute, value) {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, `${value}`);
  }
}

// Enumerable, as the properties of HTML's own elements are.
for (const name of PROPERTIES) Object.defineProperty(ReflectingElement.prototype, name, { enumerable: true });
