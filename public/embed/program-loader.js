// Loads the program for all elements of a page, and notices its end.

/** @typedef {import('../program.d.ts').Program} Program */
/** @typedef {import('../program.d.ts').DocumentStore} DocumentStore */

/**
 * Addresses of the application.
 * @typedef {object} Files
 * @property {string} script module that loads the program
 * @property {string} binary the program
 * @property {string} style style sheet of the shadow trees
 * @property {string} documents module for files, where there is no API
 * @property {string} folder folder of all of these, with a slash at its end
 */

/**
 * Text of the style sheet and the program.
 * @typedef {{ program: Program, style: string }} Loaded
 */

export class ProgramLoader {
  #files;
  /** @type {Promise<Loaded> | undefined} */
  #loading;
  #isPending = false;
  /** Number of copies of the program that were given up. */
  #discarded = 0;
  /**
   * Callbacks for a crash, one for each element that is shown.
   * @type {Set<() => void>}
   */
  #watchers = new Set();

  /** @param {Files} files */
  constructor(files) {
    this.#files = files;
  }

  /** Address of the folder of the application, with a slash at its end. */
  get folder() {
    return this.#files.folder;
  }

  /** Whether the program is still on its way. */
  get isPending() {
    return this.#isPending;
  }

  /**
   * Loads the program and its style, once for all elements.
   * @returns {Promise<Loaded>}
   */
  load() {
    if (this.#loading) return this.#loading;
    this.#isPending = true;
    const loading = Promise.all([this.#loadProgram(), this.#loadStyle()]).then(
      ([program, style]) => {
        if (loading === this.#loading) this.#isPending = false;
        return { program, style };
      },
      (error) => {
        if (loading === this.#loading) this.reset();
        throw error;
      },
    );
    this.#loading = loading;
    return loading;
  }

  /**
   * Loads the module for files.
   * @returns {Promise<DocumentStore>}
   */
  loadDocuments() {
    return import(this.#files.documents);
  }

  /** Gives the current copy of the program up: the next call of `load` fetches another one. */
  reset() {
    this.#loading = undefined;
    this.#isPending = false;
    this.#discarded += 1;
  }

  /**
   * Calls back when the program traps, wherever it was called from. It is dead then, for all elements, and none of its functions
   * may be called any more.
   * @param {() => void} crashed
   */
  watch(crashed) {
    if (!this.#watchers.size) addEventListener('error', this.check);
    this.#watchers.add(crashed);
  }

  /** @param {() => void} crashed */
  unwatch(crashed) {
    this.#watchers.delete(crashed);
    if (!this.#watchers.size) removeEventListener('error', this.check);
  }

  /**
   * Looks whether an error is a trap of the program.
   * @param {{ error?: unknown }} event
   */
  check = ({ error }) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    const { script, binary } = this.#files;
    const stack = error.stack ?? '';
    // Each part of the program has a file of its own, named like the first.
    const parts = stack.split(binary.replace(/bg\.wasm$/, '')).slice(1);
    // Copies that were given up may fail again, and are ignored.
    const isOfPart = parts.some((after) => after.split(':')[0]?.endsWith(`.wasm${this.#suffix}`));
    if (!isOfPart && !stack.includes(`${script}${this.#suffix}:`)) return;
    this.reset();
    for (const crashed of this.#watchers) crashed();
  };

  /** End of addresses that makes browsers load another copy: a module that failed once fails for ever. */
  get #suffix() {
    return this.#discarded ? `?${this.#discarded}` : '';
  }

  /** @returns {Promise<Program>} */
  async #loadProgram() {
    const { script, binary } = this.#files;
    // At once: neither needs the other to arrive.
    const response = fetch(binary + this.#suffix);
    const [program] = await Promise.all([import(script + this.#suffix), response]);
    await program.default({ module_or_path: response });
    return program;
  }

  async #loadStyle() {
    const { style } = this.#files;
    const response = await fetch(style);
    if (!response.ok) throw new Error(`${style}: ${response.status}`);
    return response.text();
  }
}
