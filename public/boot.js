// Starts the stand-alone page: applies the theme, and loads the program once the static shell is painted.
//
// A file of its own, since the content security policy allows no inline script. Its syntax is that of browsers of 2019: where
// the program is too new for one of them, this script still runs and says so.

/** @typedef {import('./program.d.ts').Program} Program */
/** @typedef {import('./program.d.ts').Application} Application */
/** @typedef {import('./program.d.ts').DocumentStore} DocumentStore */
/** @typedef {import('./embed/sign-in-window.js').SignInWindow} SignInWindow */

/**
 * Export of embed.js that embed.d.ts, which is for portals, does not declare.
 * @typedef {{ SignInWindow: typeof import('./embed/sign-in-window.js').SignInWindow }} Embed
 */

(() => {
  'use strict';

  /** Milliseconds after which the person is told that the page is late. */
  const PATIENCE = 7000;

  const TOO_LATE =
    'La page n’a pas pu se charger. Vérifiez votre accès à internet, puis rechargez la page. Si cela continue, essayez depuis un autre réseau ou avec un navigateur plus récent.';

  /** Address of the API that our own server writes into the page. */
  const served = document.documentElement.dataset.api;

  /**
   * Application that runs, once it has started.
   * @type {Application}
   */
  let application;

  /**
   * Returns the theme that the person chose, if the browser stores anything.
   * @returns {string | null}
   */
  const storedTheme = () => {
    try {
      return localStorage.getItem('habilitation:theme');
    } catch {
      return null;
    }
  };

  /**
   * Returns the storage of this tab, if the browser allows it.
   * @returns {Storage | undefined}
   */
  const tabStorage = () => {
    try {
      return sessionStorage;
    } catch {
      return undefined;
    }
  };

  /**
   * Shows the notice of the shell, with other words if they are given. A page that starts after all removes it.
   * @param {string} [words]
   */
  const showNotice = (words) => {
    const notice = document.getElementById('shell-words');
    const wait = document.getElementById('shell-wait');
    if (!notice || !wait) return;
    if (words && notice.firstElementChild) notice.firstElementChild.textContent = words;
    notice.hidden = false;
    wait.textContent = '';
  };

  /** Keeps a file that is dropped beside its field from opening in place of the answers. */
  const guardDrops = () => {
    for (const name of /** @type {const} */ (['dragover', 'drop'])) {
      addEventListener(name, (event) => {
        if (event.defaultPrevented || !event.dataTransfer || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'none';
      });
    }
  };

  /**
   * Takes the answers that a link proposes out of the address. Their names are the paths of fields, and alone have a dot.
   * @returns {string} a query
   */
  const takeProposedAnswers = () => {
    const query = new URLSearchParams(location.search);
    const proposed = new URLSearchParams([...query].filter(([name]) => name.includes('.')));
    if (`${proposed}`) {
      for (const name of proposed.keys()) query.delete(name);
      history.replaceState(history.state, '', `?${query}`);
    }
    return `${proposed}`;
  };

  /**
   * Returns the hashed address of a file of the program, from the link that preloads it.
   * @param {'modulepreload' | 'preload'} rel
   * @returns {string}
   */
  const addressOf = (rel) =>
    /** @type {HTMLLinkElement} */ (document.querySelector(`link[rel="${rel}"][href*="habilitation"]`)).href;

  /**
   * Fetches ahead what the program is about to ask for.
   * @param {string} href
   */
  const preload = (href) => {
    const preloaded = { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href };
    document.head.append(Object.assign(document.createElement('link'), preloaded));
  };

  /**
   * Resolves after the first frame. A hidden page has none.
   * @returns {Promise<void>}
   */
  const painted = () =>
    new Promise((resolve) => {
      if (document.hidden) resolve();
      else requestAnimationFrame(() => setTimeout(resolve));
    });

  /**
   * Resolves once a style sheet has been loaded, or could not be.
   * @param {HTMLLinkElement} link
   * @returns {Promise<unknown>}
   */
  const styled = (link) =>
    new Promise((resolve) => {
      if (link.sheet) resolve(undefined);
      else link.onload = link.onerror = resolve;
    });

  /**
   * Resolves with the address of the API, or with nothing for a demonstration that answers itself. Fails where that cannot be
   * known: a demonstration must never be taken for the service.
   * @returns {Promise<string | undefined>}
   */
  const findApi = async () => {
    if (served) return served;
    const response = await fetch('config.json');
    const config = await response.text();
    // Hosts without such a file say so, or answer with this page.
    if ([404, 410].includes(response.status) || /<div id="?shell\b/.test(config)) return undefined;
    if (!response.ok) throw new Error(`config.json: ${response.status}`);
    return JSON.parse(config).api;
  };

  /**
   * Resolves with what answers the program: an API, with a way to sign in where it is on another site; or files in the browser.
   * @returns {Promise<[string | undefined, DocumentStore | undefined, SignInWindow | undefined]>}
   */
  const findBackend = async () => {
    const address = await findApi();
    if (!address) {
      // The demonstration needs the second part of the program at once.
      preload(addressOf('preload').replace('_bg.wasm', '_rest.wasm'));
      return [undefined, await import('./documents.js'), undefined];
    }
    const api = new URL(address, document.baseURI);
    if (api.origin === location.origin) return [address, undefined, undefined];
    // Browsers send no cookie from one site to another: the token of a window takes its place.
    const { SignInWindow } = /** @type {Embed} */ (/** @type {unknown} */ (await import('./embed.js')));
    return [address, undefined, new SignInWindow(api.href.replace(/\/+$/, ''), () => application, tabStorage())];
  };

  /**
   * Loads and compiles the program.
   * @returns {Promise<Program>}
   */
  const loadProgram = async () => {
    /** @type {Program} */
    const program = await import(addressOf('modulepreload'));
    await program.default({ module_or_path: addressOf('preload') });
    return program;
  };

  /** Registers the service worker, where the browser has them and allows it. */
  const workOffline = () => {
    if (!navigator.serviceWorker) return;
    const script = window.trustedTypes
      ? window.trustedTypes.createPolicy('habilitation', { createScriptURL: () => 'sw.js' }).createScriptURL('')
      : 'sw.js';
    navigator.serviceWorker.register(script).catch(() => undefined);
  };

  const late = setTimeout(showNotice, PATIENCE);
  guardDrops();
  // The program asks first who is signed in; the cookie tells that somebody may be.
  if (served && document.cookie.includes('habilitation_signed_in=')) preload(`${served}/session`);
  const theme = storedTheme();
  const proposed = takeProposedAnswers();

  const start = async () => {
    const shell = document.getElementById('shell');
    if (shell && (theme === 'light' || theme === 'dark')) shell.dataset.theme = theme;
    try {
      await painted();
      /** @type {NodeListOf<HTMLLinkElement>} */
      const sheets = document.querySelectorAll('link[rel=stylesheet]');
      const [program, [api, documents, signInWindow]] = await Promise.all([
        loadProgram(),
        findBackend(),
        ...[...sheets].map(styled),
      ]);
      application = await program.start(api, documents, signInWindow, proposed);
      (window.requestIdleCallback || setTimeout)(workOffline);
    } catch (error) {
      console.error(error);
      showNotice(TOO_LATE);
    }
    clearTimeout(late);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
