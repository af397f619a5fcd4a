// What answers the program: our server, an API elsewhere, or files in the browser.

import { storage } from './storage.js';

/** @typedef {import('../program.d.ts').Application} Application */
/** @typedef {import('../program.d.ts').DocumentStore} DocumentStore */
/** @typedef {import('../program.d.ts').State} State */
/** @typedef {import('../embed/sign-in-window.js').SignInWindow} SignInWindow */

/**
 * Export of embed.js that embed.d.ts, which is for portals, does not declare.
 * @typedef {{ SignInWindow: typeof import('../embed/sign-in-window.js').SignInWindow }} Embed
 */

/** Name of the file of settings beside the page. */
const CONFIG = 'config.json';

/**
 * Returns what our own server wrote into the page; nothing on a static host, unless somebody wrote the address of an API there.
 * @returns {State | undefined}
 */
export const written = () => {
  const element = document.getElementById('state');
  if (element) return JSON.parse(/** @type {string} */ (element.textContent));
  const { api } = document.documentElement.dataset;
  return api ? { api } : undefined;
};

/**
 * Resolves with the settings of a static host. Fails where they cannot be known: a demonstration must never be taken for the
 * service.
 * @returns {Promise<State>}
 */
export const hosted = async () => {
  const response = await fetch(CONFIG);
  const text = await response.text();
  // Hosts without such a file say so, or answer with this page.
  if ([404, 410].includes(response.status) || /<div id="?shell\b/.test(text)) return {};
  if (!response.ok) throw new Error(`${CONFIG}: ${response.status}`);
  const config = JSON.parse(text);
  return { api: config.api, config };
};

/**
 * Resolves with what stands between the program and what answers it: files in the browser where there is no API, or a window to
 * sign in where it is on another site.
 * @param {string | undefined} address
 * @param {() => Application} application
 * @returns {Promise<[DocumentStore | undefined, SignInWindow | undefined]>}
 */
export const between = async (address, application) => {
  if (!address) return [await import('../documents.js'), undefined];
  const api = new URL(address, document.baseURI);
  if (api.origin === location.origin) return [undefined, undefined];
  // Browsers send no cookie from one site to another: the token of a window takes its place.
  const { SignInWindow } = /** @type {Embed} */ (/** @type {unknown} */ (await import('../embed.js')));
  return [undefined, new SignInWindow(api.href.replace(/\/+$/, ''), application, storage('sessionStorage'))];
};
