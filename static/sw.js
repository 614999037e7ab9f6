// The service worker: pages come from the network when there is one, files with a hash in their name from the cache. After the message
// "download" the whole site is kept. It knows nothing of the site but offline.json, which the build writes.
const KEPT = "workbook-kept";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isHashed = /\/assets\/.*\.[0-9a-f]{8}\./.test(url.pathname);
  event.respondWith(isHashed ? cacheFirst(request) : networkFirst(request));
});

self.addEventListener("message", (event) => {
  if (event.data === "download") event.waitUntil(download(event.source));
});

async function cacheFirst(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) ?? keep(cache, request, await fetch(request));
}

async function networkFirst(request) {
  const cache = await caches.open(KEPT);
  try {
    return await keep(cache, request, await fetch(request));
  } catch (error) {
    const found = await cache.match(request, { ignoreSearch: true });
    if (found !== undefined) return found;
    throw error;
  }
}

async function keep(cache, request, response) {
  if (response.ok && response.type === "basic") {
    // A full disk is no reason to refuse the page.
    await cache.put(request, response.clone()).catch(() => undefined);
  }
  return response;
}

async function download(client) {
  const base = new URL("./", self.location.href);
  try {
    const { urls } = await (await fetch(new URL("offline.json", base), { cache: "no-cache" })).json();
    const cache = await caches.open(KEPT);
    const wanted = new Set(urls.map((url) => new URL(url, base).href));
    for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
    await cache.addAll([...wanted]);
    client?.postMessage({ kind: "downloaded", count: wanted.size });
  } catch (error) {
    client?.postMessage({ kind: "failed", message: String(error) });
  }
}
