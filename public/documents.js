// The files of the demonstration, in a database of this browser: they never leave the device. What the page cannot keep
// is told by the HTTP status that a server would answer, so that the rest of the page need not know where it stands.

/** The most that all files may weigh together, in bytes. */
const ROOM = 100 * 1024 * 1024;
const FILES = 'documents';

/** Opened once; where that failed, tried again the next time. */
let opening;

function database() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open('habilitation', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(FILES);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** Does something in one transaction, and answers what it found once all of it is kept. */
async function transact(mode, work) {
  const transaction = (await database()).transaction(FILES, mode);
  const asked = work(transaction.objectStore(FILES));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = () => fail(transaction.error);
  });
}

/** Keeps a file, in place of the one that was there. */
export async function keep(request, document, file) {
  const key = [request, document];
  let full = false;
  const put = (content) =>
    transact('readwrite', (files) => {
      files.delete(key);
      const asked = files.getAll();
      asked.onsuccess = () => {
        full = asked.result.reduce((sum, { size, byteLength }) => sum + (size ?? byteLength), file.size) > ROOM;
        if (full) files.transaction.abort();
        else files.put(content, key);
      };
      return asked;
    });
  const isFull = (error) => full || error?.name === 'QuotaExceededError';
  try {
    // A private window of WebKit keeps no files, but their bytes.
    await put(file).catch(async (error) => (isFull(error) ? Promise.reject(error) : put(await file.arrayBuffer())));
    return 201;
  } catch (error) {
    // Insufficient storage; or the browser keeps nothing for this site at all.
    return isFull(error) ? 507 : 403;
  }
}

/** Forgets a file, or all of a request. */
export async function forget(request, document) {
  const key = document === undefined ? IDBKeyRange.bound([request], [request, []]) : [request, document];
  try {
    await transact('readwrite', (files) => files.delete(key));
  } catch {
    // Where nothing can be kept, nothing is left.
  }
}

const addresses = new Map();

/** An address of a file, as long as the page is shown. Whatever its own type, no browser shows it as a page of ours. */
export async function address(request, document) {
  const key = `${request}/${document}`;
  if (!addresses.has(key)) {
    const file = await transact('readonly', (files) => files.get([request, document]));
    addresses.set(key, URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' })));
  }
  return addresses.get(key);
}
