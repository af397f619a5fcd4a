// Lets the stand-alone page work offline after a first visit, on our server and on any static host.
//
// - The page comes from the network whenever it answers in time; what was kept is for when it does not, or when a gateway
//   says that nothing is behind it.
// - What is kept is one build, whole or not at all: index.html goes in last, once every file that it names is there. The
//   names of those files tell their content, so a page never gets a file of another build.
// - Only what is listed here is answered. The API, and all that is not of this folder, goes by untouched.
// - Other copies of the page on this site have other folders, and caches of their own.

const SCOPE = self.registration.scope;
const OURS = `habilitation ${SCOPE} `;
/** Files that keep their name from build to build. */
const STABLE = ['config.json', 'documents.js', 'embed.js', 'demonstration/person.json', 'demonstration/example.json'];
/** A name that tells its content; the same pattern finds them in index.html. */
const HASHED = /[\w-]+-[0-9a-f]{12,16}(?:_bg|_rest)?\.\w+/g;
/** Milliseconds that the network is waited for, where something was kept. */
const PATIENCE = 1_000;
/** The program, which fetches the rest of it itself when something of that is to be drawn. */
const PROGRAM = /_bg\.wasm$/;

const address = (name) => new URL(name, SCOPE).href;

/** The cache of the build that this index.html belongs to. Fails unless all of it can be had. */
async function keep(index) {
  const html = await index.text();
  const names = new Set(html.match(HASHED));
  // A captive portal, or a notice of maintenance: whatever it is, it is not the page.
  const program = [...names].find((name) => PROGRAM.test(name));
  if (!program) return;
  names.add(program.replace(PROGRAM, '_rest.wasm'));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(html));
  const version = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  const name = OURS + version.join('');
  const cache = await caches.open(name);
  if (!(await cache.match(SCOPE))) {
    await cache.addAll([...names].map(address));
    await Promise.all(STABLE.map((file) => refresh(cache, file)));
    // Anew, since one that came by a redirection may not answer a navigation.
    await cache.put(SCOPE, new Response(html, { headers: index.headers }));
  }
  const others = (await caches.keys()).filter((other) => other.startsWith(OURS) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
}

/** A file that may change keeps its last good form. One that a host does without is done without. */
async function refresh(cache, file) {
  const response = await fetch(address(file), { cache: 'no-cache' }).catch(() => undefined);
  if (isFile(response)) await cache.put(address(file), response);
}

/** Many hosts answer with a page of theirs where there is no file. */
function isFile(response) {
  return response?.ok && !response.headers.get('Content-Type')?.startsWith('text/html');
}

/** The last build that was kept whole. */
async function kept(url) {
  for (const name of (await caches.keys()).reverse()) {
    if (!name.startsWith(OURS)) continue;
    const cache = await caches.open(name);
    const found = (await cache.match(SCOPE)) && (await cache.match(url));
    if (found) return found;
  }
}

/** What was kept of an address, once the network was waited for. */
async function keptAfterAWhile(url) {
  await new Promise((done) => setTimeout(done, PATIENCE));
  return kept(url);
}

/** The first of two answers that is one; of a network that fails, what was kept. */
async function firstOf(network, url) {
  const answered = network.then((response) => (response.status < 500 ? response : undefined)).catch(() => undefined);
  const first = await Promise.race([answered, keptAfterAWhile(url)]);
  return first ?? (await answered) ?? (await kept(url)) ?? network;
}

/** index.html: from the network, or else as it was kept. */
function page(event) {
  const network = (async () => (await event.preloadResponse) ?? fetch(event.request))().then((response) => {
    // Firefox has its preload answered so where nobody answers.
    if (response.type === 'error') throw new TypeError('no answer');
    return response;
  });
  // While it is kept, the page goes on. A build that cannot be had whole changes nothing.
  event.waitUntil(network.then((response) => response.ok && keep(response.clone())).catch(() => undefined));
  return firstOf(network, SCOPE);
}

/** A file whose name tells its content: kept or not, it is the same. */
async function hashed(request) {
  return (await kept(request.url)) ?? fetch(request);
}

/** A file that keeps its name: from the network, or else as it was kept. */
async function stable(request) {
  const answered = fetch(request).catch(() => undefined);
  const network = answered.then((response) => (isFile(response) ? response : undefined));
  const first = await Promise.race([network, keptAfterAWhile(request.url)]);
  return first ?? (await network) ?? (await kept(request.url)) ?? (await answered) ?? Response.error();
}

self.addEventListener('install', (event) => {
  // Nothing of what follows depends on what ran before: it may take over at once.
  self.skipWaiting();
  event.waitUntil(fetch(SCOPE, { cache: 'no-cache' }).then(keep));
});

self.addEventListener('activate', (event) => {
  // The page need not wait until this script is awake.
  event.waitUntil(self.registration.navigationPreload?.enable());
});

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET' || !url.startsWith(SCOPE)) return;
  const name = new URL(url).pathname.slice(new URL(SCOPE).pathname.length);
  if (mode === 'navigate') {
    if (name === '' || name === 'index.html') event.respondWith(page(event));
  } else if (STABLE.includes(name)) {
    event.respondWith(stable(event.request));
  } else if (name !== '' && name.replace(HASHED, '') === '') {
    event.respondWith(hashed(event.request));
  }
});
