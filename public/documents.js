// Files of the demonstration, in a database of this browser: they never leave the device. A failure is told by the HTTP status
// that a server would answer, so that the program treats both alike.

/** Most bytes that all files may have together. */
const QUOTA = 100 * 1024 * 1024;
const STORE = 'documents';

/**
 * Database that is open or being opened; none after a failure, so that the next call tries again.
 * @type {Promise<IDBDatabase> | undefined}
 */
let opening;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= /** @type {Promise<IDBDatabase>} */ (
    new Promise((resolve, reject) => {
      const request = indexedDB.open('habilitation', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    })
  ).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/**
 * Does something in one transaction. Resolves with its result once everything is written.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(files: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function transact(mode, work) {
  const transaction = (await database()).transaction(STORE, mode);
  const request = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * Stores a file in place of the one that was there. Resolves with 201, 403 where the browser stores nothing, or 507 where there is
 * no space.
 * @param {string} request
 * @param {string} document
 * @param {Blob} file
 * @returns {Promise<number>}
 */
export async function keep(request, document, file) {
  const key = [request, document];
  let isOverQuota = false;
  /** @param {Blob | ArrayBuffer} content */
  const put = (content) =>
    transact('readwrite', (files) => {
      files.delete(key);
      /** @type {IDBRequest<(Partial<Blob> & Partial<ArrayBuffer>)[]>} */
      const stored = files.getAll();
      stored.onsuccess = () => {
        const total = stored.result.reduce((sum, { size, byteLength }) => sum + (size ?? byteLength ?? 0), file.size);
        isOverQuota = total > QUOTA;
        if (isOverQuota) files.transaction.abort();
        else files.put(content, key);
      };
      return stored;
    });
  /** @param {any} error */
  const isFull = (error) => isOverQuota || error?.name === 'QuotaExceededError';
  try {
    // A private window of WebKit stores no files, but their bytes.
    await put(file).catch(async (error) => (isFull(error) ? Promise.reject(error) : put(await file.arrayBuffer())));
    return 201;
  } catch (error) {
    return isFull(error) ? 507 : 403;
  }
}

/**
 * Removes a file, or all files of a request.
 * @param {string} request
 * @param {string} [document]
 */
export async function forget(request, document) {
  const key = document === undefined ? IDBKeyRange.bound([request], [request, []]) : [request, document];
  try {
    await transact('readwrite', (files) => files.delete(key));
  } catch {
    // A browser that stores nothing has nothing to remove.
  }
}

/**
 * Addresses that were given out, by request and document.
 * @type {Map<string, string>}
 */
const addresses = new Map();

/**
 * Resolves with an address of a file, valid as long as the page is shown. Its media type keeps browsers from showing it as a page
 * of this origin.
 * @param {string} request
 * @param {string} document
 * @returns {Promise<string>}
 */
export async function address(request, document) {
  const key = `${request}/${document}`;
  let found = addresses.get(key);
  if (!found) {
    /** @type {Blob | ArrayBuffer} */
    const file = await transact('readonly', (files) => files.get([request, document]));
    found = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }));
    addresses.set(key, found);
  }
  return found;
}
