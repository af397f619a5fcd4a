// The storages of the browser, which may be blocked or full.

/**
 * Returns a storage, if the browser allows it.
 * @param {'localStorage' | 'sessionStorage'} name
 * @returns {Storage | undefined}
 */
export const storage = (name) => {
  try {
    return window[name];
  } catch {
    return undefined;
  }
};

/**
 * Reads a value; nothing where nothing can be read.
 * @param {Storage | undefined} from
 * @param {string} key
 * @returns {string | null}
 */
export const read = (from, key) => {
  try {
    return from ? from.getItem(key) : null;
  } catch {
    return null;
  }
};

/**
 * Writes a value, or removes it. A storage that is full or blocked stays as it is.
 * @param {Storage | undefined} to
 * @param {string} key
 * @param {string | null} value
 * @returns {boolean} whether the storage took it
 */
export const write = (to, key, value) => {
  try {
    if (!to) return false;
    if (value === null) to.removeItem(key);
    else to.setItem(key, value);
    return true;
  } catch {
    return false;
  }
};
