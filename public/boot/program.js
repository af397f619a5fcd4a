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

/** Files of the deferred parts that a form comes to need, with what they share. Names of all parts stand in the document. */
const REST = /\S+_(?:rest|sent|chunk_\d+)\.wasm/g;

/** Fetches these parts, unless they came already: whoever needs them then finds them in the cache of the browser. */
export const fetchRest = () => {
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name=deferred]'));
  for (const name of (meta && meta.content.match(REST)) || []) {
    const address = new URL(name, addressOf('preload')).href;
    if (!performance.getEntriesByName(address).length) fetch(address).catch(() => undefined);
  }
};
