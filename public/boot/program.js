// The files of the program, named by the links that preload them.

/** @typedef {import('../program.d.ts').Program} Program */

/**
 * Returns the hashed address of a file of the program.
 * @param {'modulepreload' | 'preload'} rel
 * @returns {string}
 */
const addressOf = (rel) =>
  /** @type {HTMLLinkElement} */ (document.querySelector(`link[rel="${rel}"][href*="habilitation"]`)).href;

/**
 * Loads and compiles the program.
 * @returns {Promise<Program>}
 */
export const load = async () => {
  /** @type {Program} */
  const program = await import(addressOf('modulepreload'));
  await program.default({ module_or_path: addressOf('preload') });
  return program;
};

/** Fetches the deferred part of the program, unless it came already: whoever needs it then finds it in the cache of the browser. */
export const fetchRest = () => {
  const address = addressOf('preload').replace('_bg.wasm', '_rest.wasm');
  if (!performance.getEntriesByName(address).length) fetch(address).catch(() => undefined);
};
