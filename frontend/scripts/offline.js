// Keeps the inspector for when there is no connection: a service worker. It keeps files of this site alone, never an
// answer of the API, and asks the server first for pages, so that nobody gets an old one while there is a connection.
// The names are written in when the page is built (kept.mjs).
const BUILD = "BUILD";
const FILES = [/* FILES */];
// Other pages of ours may stand at other paths of the same site, each with files of its own.
const OWN = `seinpost ${new URL("./", self.location).pathname} `;
const CACHE = `${OWN}${BUILD}`;
const PAGE = new URL("index.html", self.location).href;
const KEPT = new Set(FILES.map((name) => new URL(name, self.location).href));

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll([PAGE, ...KEPT]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

/** The server's answer, or what was kept where the server is out of reach. */
async function served(request, key) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(key);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(served(request, PAGE));
  else if (KEPT.has(address)) event.respondWith(served(request, address));
});
