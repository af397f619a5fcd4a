// Sign-in to an API of another site, in a window of the service that hands over a token: docs/embedding-sign-in.md.

import { download } from './download.js';
import { makeProofKey } from './proof-key.js';

/** @typedef {import('../program.d.ts').Application} Application */

const TEN_MINUTES = 600_000;
/** Milliseconds between two attempts to claim the token. */
const CLAIM_INTERVAL = 2_000;
/** Name of the token's entry, as released pages stored it. */
const STORAGE_KEY = 'habilitation:entrance';

export class SignInWindow {
  #api;
  #application;
  #storage;
  /**
   * Verifier and challenge of the next sign-in, made ahead: browsers open a window at once or not at all. Empty outside secure
   * contexts.
   * @type {Promise<{ verifier?: string, challenge?: string }>}
   */
  #proofKey;
  /**
   * Ends the sign-in that is under way.
   * @type {AbortController | undefined}
   */
  #attempt;

  /**
   * Token to call the API with, once somebody signed in.
   * @type {string | undefined}
   */
  token;
  /**
   * Session of that person, in JSON.
   * @type {string | undefined}
   */
  session;

  /**
   * @param {string} api address of the API, without a slash at its end
   * @param {() => Application | undefined} application returns the application once it runs
   * @param {Storage} [storage] keeps the token over a reload, if it is given
   */
  constructor(api, application, storage) {
    this.#api = api;
    this.#application = application;
    this.#storage = storage;
    this.#proofKey = nextProofKey();
    try {
      [this.token, this.session] = JSON.parse(storage?.getItem(this.#storageKey) ?? '[]');
    } catch {
      // Unreadable, or no access: nobody is signed in.
    }
  }

  /** Forgets the token and the session. */
  forget() {
    this.#store(undefined, undefined);
  }

  /** Ends the sign-in that is under way, if there is one. */
  end() {
    this.#attempt?.abort();
  }

  /**
   * Downloads a document under a name; a failure is shown as a warning.
   * @param {string} address
   * @param {string} name
   */
  async save(address, name) {
    const failure = await download(address, name, this.token);
    if (failure) this.#warn(`Le fichier n’a pas pu être lu. ${failure}`);
  }

  /** Opens the window, and waits until a token can be claimed, the person refuses, or ten minutes are over. */
  async signIn() {
    this.end();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const { verifier, challenge } = await this.#proofKey;
    if (!verifier || !challenge) {
      this.#warn('La connexion n’est possible que sur un site dont l’adresse commence par https.');
      return;
    }
    // A challenge is good for one token.
    this.#proofKey = nextProofKey();
    const page = new URL('.', this.#api);
    page.search = `${new URLSearchParams({ page: 'portail', challenge, origin: location.origin })}`;
    const child = open(page, '_blank', 'popup,width=560,height=760');
    if (!child) {
      this.#warn('La fenêtre de connexion a été bloquée par votre navigateur. Autorisez-la, puis réessayez.');
      return;
    }
    const { signal } = attempt;
    addEventListener(
      'message',
      ({ origin, source, data }) => {
        if (origin !== page.origin || source !== child || data?.habilitation !== 'sign-in') return;
        if (data.code) this.#claim(attempt, verifier, data.code);
        else attempt.abort();
      },
      { signal },
    );
    // A page that is cut off from its opener sends no message; the service then grants the token without a code.
    const polling = setInterval(() => this.#claim(attempt, verifier), CLAIM_INTERVAL);
    const timeout = setTimeout(() => attempt.abort(), TEN_MINUTES);
    signal.addEventListener('abort', () => {
      clearInterval(polling);
      clearTimeout(timeout);
    });
  }

  /**
   * Claims the token, which fails as long as the person has not agreed.
   * @param {AbortController} attempt
   * @param {string} verifier
   * @param {string} [code]
   */
  async #claim(attempt, verifier, code) {
    try {
      const response = await fetch(`${this.#api}/embed/tokens`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ verifier, code }),
      });
      // Read in any case: browsers report a body that nobody reads as broken off.
      const body = await response.text();
      if (response.status !== 201 || attempt.signal.aborted) return;
      attempt.abort();
      const { token, session } = JSON.parse(body);
      const sessionText = JSON.stringify(session);
      this.#store(token, sessionText);
      this.#application()?.enter(token, sessionText);
    } catch {
      // Unreachable for now: the next claim may succeed.
    }
  }

  get #storageKey() {
    return `${STORAGE_KEY} ${this.#api}`;
  }

  /**
   * @param {string | undefined} token
   * @param {string | undefined} session
   */
  #store(token, session) {
    this.token = token;
    this.session = session;
    try {
      this.#storage?.setItem(this.#storageKey, JSON.stringify([token, session]));
    } catch {
      // The sign-in then lasts as long as the page.
    }
  }

  /** @param {string} words */
  #warn(words) {
    this.#application()?.warn(words);
  }
}

/** @returns {Promise<{ verifier?: string, challenge?: string }>} */
function nextProofKey() {
  return makeProofKey().catch(() => ({}));
}
