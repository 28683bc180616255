// The service worker. It keeps every file of this version of the page, so that the page opens without a network.
// `kept`, its version and its files, is written above this line when the page is built.

const scope = registration.scope;
const prefix = `sotto-demo ${scope} `;
const cacheName = prefix + kept.version;
/** A network that does not answer a visitor who opens the page is none. */
const patienceMilliseconds = 4000;

addEventListener('install', (event) => event.waitUntil(keepAll()));
addEventListener('activate', (event) => event.waitUntil(dropOld()));
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = new URL(request.url).pathname.slice(new URL(scope).pathname.length) || 'index.html';
  if (request.mode === 'navigate') {
    if (kept.files.includes(path)) event.respondWith(newest(request, path));
  } else if (kept.files.includes(path) || path.startsWith('assets/')) {
    event.respondWith(fromAnyVersion(request, path));
  }
});

/** All files or none: a version that is half on the device would not open. */
async function keepAll() {
  const cache = await caches.open(cacheName);
  // The names in assets/ are made from contents: what the browser has of them is right.
  const cacheMode = (path) => (path.startsWith('assets/') ? 'default' : 'reload');
  await cache.addAll(kept.files.map((path) => new Request(path, { cache: cacheMode(path) })));
  // Pages that are open are served by this version from now on. What they have yet to load is in the cache of theirs.
  await skipWaiting();
}

/** Keeps the version before this one, which open pages may be of. */
async function dropOld() {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page of the network, which may be newer; without a network that answers, the one that is kept. */
async function newest(request, path) {
  const own = await caches.open(cacheName);
  const found = await own.match(path, { ignoreVary: true });
  if (found === undefined) return fetch(request);
  let timer;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds);
  });
  const answer = await Promise.race([fetch(request).catch(() => undefined), patience]);
  clearTimeout(timer);
  // A host may redirect to another spelling of the address, which must not answer for a page.
  return answer !== undefined && answer.status < 500 ? answer : found.redirected ? new Response(found.body, found) : found;
}

async function fromAnyVersion(request, path) {
  const own = await caches.open(cacheName);
  const options = { ignoreSearch: true, ignoreVary: true };
  return (await own.match(path, options)) ?? (await caches.match(request, options)) ?? fetch(request);
}
