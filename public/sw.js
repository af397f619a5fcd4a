// Lets the stand-alone page work offline after a first visit, on our server and on any static host.
//
// - The page comes from the network whenever that answers in time; the cache is for when it does not, or when a gateway says
//   that the host behind it is away.
// - A cache holds one build, whole or not at all: index.html goes in last, after every file that it names. Those names tell
//   their content, so that a page never gets a file of another build.
// - Only the files listed here are answered. The API, and all other folders, go by untouched.
// - Other copies of the page on the same site have scopes, and so caches, of their own.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const SCOPE = worker.registration.scope;
const CACHE_PREFIX = `habilitation ${SCOPE} `;
/** Files that keep their name from build to build. */
const STABLE = ['config.json', 'documents.js', 'embed.js', 'demonstration/person.json', 'demonstration/example.json'];
/** Name that tells the content of its file; found in index.html by the same pattern. */
const HASHED = /[\w-]+-[0-9a-f]{12,16}(?:_\w+)?\.\w+/g;
/** Milliseconds to wait for the network where there is a cached answer. */
const NETWORK_TIMEOUT = 1_000;
/** End of the name of the program. index.html names its other parts, for this file alone. */
const PROGRAM = /_bg\.wasm$/;
/** End of the name of another part of the program. */
const PART = /_(?!bg)\w+\.wasm$/;

/**
 * Returns the address of a file.
 * @param {string} name
 */
const addressOf = (name) => new URL(name, SCOPE).href;

/**
 * Caches the build that the host has now, and drops the other ones. Fails unless all of it can be fetched.
 *
 * The page of that build is asked for without credentials: what is cached holds nothing of anybody.
 */
async function cacheBuild() {
  const index = await fetch(addressOf('index.html'), { cache: 'no-cache', credentials: 'omit' });
  if (!index.ok) return;
  const html = await index.text();
  const names = new Set(html.match(HASHED));
  // Without a program, the answer is another page: of a captive portal, or a notice of maintenance.
  if (![...names].some((name) => PROGRAM.test(name))) return;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(html));
  const version = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  const name = CACHE_PREFIX + version.join('');
  const cache = await caches.open(name);
  if (!(await cache.match(SCOPE))) {
    await cache.addAll([...names].map(addressOf));
    await Promise.all(STABLE.map((file) => refresh(cache, file)));
    // A copy, since a response that was redirected may not answer a navigation.
    await cache.put(SCOPE, new Response(html, { headers: index.headers }));
  }
  const others = (await caches.keys()).filter((other) => other.startsWith(CACHE_PREFIX) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
}

/**
 * Caches a file that keeps its name. One that the host does not have is left out.
 * @param {Cache} cache
 * @param {string} file
 */
async function refresh(cache, file) {
  const response = await fetch(addressOf(file), { cache: 'no-cache' }).catch(() => undefined);
  if (response && isFile(response)) await cache.put(addressOf(file), response);
}

/**
 * Returns whether a response is a file. Many hosts answer with a page of their own where there is none.
 * @param {Response} response
 */
function isFile(response) {
  return response.ok && !response.headers.get('Content-Type')?.startsWith('text/html');
}

/**
 * Finds an address in the newest build that was cached whole.
 * @param {string} url
 * @returns {Promise<Response | undefined>}
 */
async function cached(url) {
  for (const name of (await caches.keys()).reverse()) {
    if (!name.startsWith(CACHE_PREFIX)) continue;
    const cache = await caches.open(name);
    const found = (await cache.match(SCOPE)) && (await cache.match(url));
    if (found) return found;
  }
  return undefined;
}

/**
 * Finds an address in the cache once the network has had its time.
 * @param {string} url
 */
async function cachedAfterTimeout(url) {
  await new Promise((resolve) => setTimeout(resolve, NETWORK_TIMEOUT));
  return cached(url);
}

/**
 * Answers with a page, from the network or else from the cache: there, index.html stands for every page.
 * @param {FetchEvent} event
 * @returns {Promise<Response>}
 */
async function answerPage(event) {
  const network = fetchPage(event);
  // The cache is renewed meanwhile. A build that cannot be fetched whole changes nothing.
  const cachedAnew = network.then((response) => (response.ok ? cacheBuild() : undefined));
  event.waitUntil(cachedAnew.catch(() => undefined));
  const answered = network.then((response) => (response.status < 500 ? response : undefined)).catch(() => undefined);
  const first = await Promise.race([answered, cachedAfterTimeout(SCOPE)]);
  return first ?? (await answered) ?? (await cached(SCOPE)) ?? network;
}

/**
 * Fetches the page that a navigation asks for, or takes the browser's preload of it.
 * @param {FetchEvent} event
 * @returns {Promise<Response>}
 */
async function fetchPage(event) {
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  // Firefox resolves its preload so where the network fails.
  if (response.type === 'error') throw new TypeError('no answer');
  return response;
}

/**
 * Answers with a file whose name tells its content, from wherever it is found first. One that the build has for few people is
 * cached once it was asked for.
 * @param {Request} request
 */
async function answerHashed(request) {
  const kept = await cached(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (PART.test(request.url) && isFile(response)) await keep(request.url, response.clone());
  return response;
}

/**
 * Caches a file in the newest build that was cached whole. A cache that takes no more changes nothing.
 * @param {string} url
 * @param {Response} response
 */
async function keep(url, response) {
  for (const name of (await caches.keys()).reverse()) {
    if (!name.startsWith(CACHE_PREFIX)) continue;
    const cache = await caches.open(name);
    if (!(await cache.match(SCOPE))) continue;
    await cache.put(url, response).catch(() => undefined);
    return;
  }
}

/**
 * Answers with a file that keeps its name, from the network or else from the cache.
 * @param {Request} request
 */
async function answerStable(request) {
  const answered = fetch(request).catch(() => undefined);
  const network = answered.then((response) => (response && isFile(response) ? response : undefined));
  const first = await Promise.race([network, cachedAfterTimeout(request.url)]);
  return first ?? (await network) ?? (await cached(request.url)) ?? (await answered) ?? Response.error();
}

worker.addEventListener('install', (event) => {
  // Nothing depends on an older worker, so that this one may take over at once.
  worker.skipWaiting();
  event.waitUntil(cacheBuild());
});

worker.addEventListener('activate', (event) => {
  // Navigations need not wait until this script has started.
  event.waitUntil(worker.registration.navigationPreload?.enable());
});

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET' || !url.startsWith(SCOPE)) return;
  const name = new URL(url).pathname.slice(new URL(SCOPE).pathname.length);
  if (mode === 'navigate') {
    if (name === '' || name === 'index.html') event.respondWith(answerPage(event));
  } else if (STABLE.includes(name)) {
    event.respondWith(answerStable(event.request));
  } else if (name !== '' && name.replace(HASHED, '') === '') {
    event.respondWith(answerHashed(event.request));
  }
});
