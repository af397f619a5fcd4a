// <demande-habilitation>: its life in the portal's page, its methods and its events.

import { ReflectingElement } from './attributes.js';
import { guardEvents } from './event-guards.js';
import { makeNotice, makeReloadButton } from './notice.js';
import { SignInWindow } from './sign-in-window.js';
import { makeStyleSheet } from './style-sheet.js';

/** @typedef {import('../embed.d.ts').DemandeHabilitation} DemandeHabilitation */
/** @typedef {import('../embed.d.ts').Prefill} Prefill */
/** @typedef {import('../program.d.ts').Application} Application */
/** @typedef {import('../program.d.ts').DocumentStore} DocumentStore */
/** @typedef {import('../program.d.ts').Portal} Portal */
/** @typedef {import('./program-loader.js').ProgramLoader} ProgramLoader */

/** Events that the portal may cancel. */
const CANCELABLE = ['step', 'submit'];
/** Milliseconds after which the person is told that the program is late. */
const PATIENCE = 7_000;

/**
 * Style sheet of all shadow trees, made for the first one.
 * @type {CSSStyleSheet | undefined}
 */
let sheet;

/** @implements {DemandeHabilitation} */
export class RequestElement extends ReflectingElement {
  static observedAttributes = ['api', 'request', 'step', 'theme', 'storage', 'heading-level'];

  /**
   * Loader of the program, which all elements share.
   * @type {ProgramLoader}
   */
  static loader;

  #root = this.attachShadow({ mode: 'open' });
  /** Whether the element is in the page, or is being moved within it. */
  #isShown = false;
  /**
   * Application in the shadow tree, once it is drawn.
   * @type {Application | undefined}
   */
  #application;
  /** Number of the latest start: an earlier one that is still waiting gives up when it sees another. */
  #turn = 0;
  /**
   * Place of the person when the element was taken away.
   * @type {string | undefined}
   */
  #place;
  /**
   * Sign-in to the API, which outlives the application.
   * @type {SignInWindow | undefined}
   */
  #signInWindow;
  /**
   * Waits until the element is visible, where it loads lazily.
   * @type {IntersectionObserver | undefined}
   */
  #visibility;
  /**
   * Answers of the portal that wait for the application.
   * @type {[string, unknown][]}
   */
  #prefill = [];
  /**
   * Element of the portal's page that had the focus before it came here.
   * @type {HTMLElement | null | undefined}
   */
  #focusedBefore;

  constructor() {
    super();
    guardEvents(this.#root);
    this.addEventListener('focusin', ({ relatedTarget }) => {
      this.#focusedBefore = /** @type {HTMLElement | null} */ (relatedTarget);
    });
    this.addEventListener('focusout', () =>
      queueMicrotask(() => {
        // Taken away with the focus in it, the element still has to give it back.
        if (this.isConnected && !this.#root.activeElement) this.#focusedBefore = undefined;
      }),
    );
  }

  connectedCallback() {
    // Browsers connect a node that is moved before it counts as taken away.
    if (this.#isShown) return;
    this.#isShown = true;
    RequestElement.loader.watch(this.#crashed);
    this.upgradeProperties();
    if (this.loading === 'lazy') {
      this.#visibility = new IntersectionObserver((entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.#start();
      });
      this.#visibility.observe(this);
    } else {
      this.#start();
    }
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  /** Does nothing: a move (`moveBefore`) changes nothing, where without this method it would disconnect and connect. */
  connectedMoveCallback() {}

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    const isPlace = name === 'request' || name === 'step';
    if (isPlace || name === 'api') this.#place = undefined;
    // A token is for the API that gave it.
    if (name === 'api') this.#signOut();
    if (!this.#application) return;
    if (name === 'theme') this.#application.theme(this.#theme);
    // Several attributes may change together.
    else if (isPlace) queueMicrotask(() => !this.#place && this.#application?.go(this.#startPlace));
    else queueMicrotask(() => this.#restart());
  }

  /** Presses the button that sends the request. Returns whether it is there. */
  submit() {
    /** @type {HTMLFormElement | null} */
    const form = this.#root.querySelector('[data-step="review"]');
    form?.requestSubmit();
    return !!form;
  }

  /**
   * Resolves once the API has acknowledged everything that was typed.
   * @returns {Promise<void>}
   */
  async save() {
    await new Promise((resolve) => {
      if (this.#application) this.#application.save(() => resolve(undefined));
      else resolve(undefined);
    });
  }

  /**
   * Puts the focus on the first heading.
   * @override
   * @param {FocusOptions} [options]
   */
  focus(options) {
    /** @type {HTMLElement | null} */
    const heading = this.#root.querySelector('.h1');
    heading?.focus(options);
  }

  /** Takes the element away for good, with all that it remembers but what is stored on the device. */
  destroy() {
    this.remove();
    this.#place = undefined;
    this.#signOut();
    this.#prefill = [];
  }

  /** What was typed so far. */
  get draft() {
    return JSON.parse(this.#application?.draft() ?? 'null');
  }

  /**
   * Answers fields, by their paths, where the person did not.
   * @param {Prefill} answers
   */
  prefill(answers) {
    this.#prefill.push(...Object.entries(answers));
    this.#applyPrefill();
  }

  #applyPrefill() {
    const application = this.#application;
    if (!application) return;
    const fields = this.#prefill
      .splice(0)
      .filter(([path, value]) => !application.prefill(path, Array.isArray(value) ? value.join(' ') : String(value)))
      .map(([path]) => path);
    if (fields.length) this.#dispatch('error', { code: 'not-prefilled', fields });
  }

  /** Absolute address of the API, without a slash at its end. */
  get #apiAddress() {
    return this.api === null ? undefined : new URL(this.api, document.baseURI).href.replace(/\/+$/, '');
  }

  get #theme() {
    return this.theme === 'light' || this.theme === 'dark' ? this.theme : undefined;
  }

  /** Place that the attributes name, an address of the stand-alone page. */
  get #startPlace() {
    const { request, step } = this;
    if (!request) return 'page=demandes';
    if (request === 'new') return 'demande=nouvelle';
    return step ? `demande=${request}&etape=${step}` : `demande=${request}`;
  }

  async #start() {
    this.#visibility?.disconnect();
    const turn = ++this.#turn;
    this.#root.replaceChildren(makeNotice('Un instant…'));
    const late = setTimeout(() => {
      if (turn !== this.#turn) return;
      this.#fail('La demande tarde à s’afficher. Patientez encore un peu, ou vérifiez votre accès à internet.');
    }, PATIENCE);
    const { loader } = RequestElement;
    try {
      const api = this.#apiAddress;
      if (api) this.#signInWindow ??= new SignInWindow(api, () => this.#application);
      const [{ program, style }, documents] = await Promise.all([
        loader.load(),
        api ? undefined : loader.loadDocuments(),
      ]);
      if (turn !== this.#turn) return;
      sheet ??= makeStyleSheet(style, this.#root);
      this.#root.adoptedStyleSheets = [sheet];
      const notices = [...this.#root.childNodes];
      const application = await program.mount(this.#root, this.#portal(documents));
      if (turn !== this.#turn) {
        application.unmount();
        return;
      }
      this.#application = application;
      for (const notice of notices) notice.remove();
      this.#dispatch('ready', {});
      this.#applyPrefill();
    } catch (error) {
      // A trap while the application is first drawn rejects, and is no event of the window.
      loader.check({ error });
      if (turn === this.#turn) this.#fail('La demande n’a pas pu se charger. Vérifiez votre accès à internet.');
    } finally {
      clearTimeout(late);
    }
  }

  /**
   * @param {DocumentStore | undefined} documents
   * @returns {Portal}
   */
  #portal(documents) {
    return {
      api: this.#apiAddress,
      base: RequestElement.loader.folder,
      documents,
      place: this.#place ?? this.#startPlace,
      storage: this.storage ?? undefined,
      theme: this.#theme,
      heading: this.headingLevel,
      signInWindow: this.#signInWindow,
      dispatch: (event, first, second) => this.#report(event, first, second),
    };
  }

  /**
   * Dispatches what the application reports. Returns whether the portal lets it go on.
   * @param {string} event
   * @param {string} first
   * @param {string} second
   */
  #report(event, first, second) {
    switch (event) {
      case 'place':
        this.#place = first;
        return true;
      case 'step':
        return this.#dispatch(event, { request: first, step: second });
      case 'saved':
        return this.#dispatch(event, { where: first, revision: second ? Number(second) : null });
      case 'conflict':
        return this.#dispatch(event, { fields: first.split(' ') });
      case 'submit':
        return this.#dispatch(event, { request: first });
      case 'submitted':
        return this.#dispatch(event, { request: first, number: second });
      case 'state':
        return this.#dispatch(event, { request: first, state: second });
      default:
        return this.#dispatch(event, { code: first });
    }
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #dispatch(name, detail) {
    const cancelable = CANCELABLE.includes(name);
    const event = new CustomEvent(`habilitation:${name}`, { detail, bubbles: true, composed: true, cancelable });
    return this.dispatchEvent(event);
  }

  #restart() {
    if (!this.#application) return;
    this.#unmount();
    this.#start();
  }

  #end() {
    if (!this.#isShown) return;
    this.#isShown = false;
    RequestElement.loader.unwatch(this.#crashed);
    this.#turn += 1;
    this.#visibility?.disconnect();
    this.#unmount();
    this.#root.replaceChildren();
    this.#root.adoptedStyleSheets = [];
    // The focus goes back to where it came from, if it was in the element.
    const before = this.#focusedBefore;
    if (before?.isConnected && document.activeElement === document.body) {
      before.focus({ preventScroll: true });
    }
    this.#focusedBefore = undefined;
  }

  #signOut() {
    this.#signInWindow?.end();
    this.#signInWindow = undefined;
  }

  #unmount() {
    this.#signInWindow?.end();
    const application = this.#application;
    this.#application = undefined;
    application?.unmount();
  }

  /** Shows that the program died; its functions may not be called any more. */
  #crashed = () => {
    this.#turn += 1;
    this.#signInWindow?.end();
    this.#application = undefined;
    this.#fail('L’affichage de la demande s’est interrompu. Ce que vous avez écrit reste sur cet appareil.');
    this.#dispatch('error', { code: 'crashed' });
  };

  /** @param {string} words */
  #fail(words) {
    const { loader } = RequestElement;
    const button = makeReloadButton(() => {
      // A file that is still on its way may never arrive.
      if (loader.isPending) loader.reset();
      this.#start();
    });
    this.#root.replaceChildren(makeNotice(words, button));
  }
}
