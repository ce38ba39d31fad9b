// Service worker: pages that were seen and the newest unread articles stay readable offline; marks made offline
// are sent later. Served as /sw.js, so that it answers for the whole reader.
"use strict";

const VERSION = new URL(location.href).searchParams.get("v") || "";
const BASE = new URL(self.registration.scope).pathname.replace(/\/$/, "");
const SHELL = `shell-${VERSION}`, PAGES = "pages", MEDIA = "media";
const MOST_PAGES = 400, MOST_MEDIA = 600;
const PATIENCE = 6000; // milliseconds for a page before its copy is shown

// A newer worker takes over when no page is open any more: one that takes over at once makes the browser lose
// a page that is being asked for.
const keepShell = async (language) => {
  const headers = language ? { "Accept-Language": language } : {};
  await (await caches.open(SHELL)).add(new Request(`${BASE}/offline`, { headers }));
};
self.addEventListener("install", (event) => { event.waitUntil(keepShell()); });

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    // The browser asks for a page itself: what a worker asks does not say where a click came from.
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  })());
});

// -- pages, files, pictures --

const pathOf = (url) => url.pathname.slice(BASE.length);
// An article has one copy, whatever list it was opened from.
const keyOf = (url) => (/^\/a\/\d+$/.test(pathOf(url)) ? url.origin + url.pathname : url.href);

const offlinePage = () => caches.match(`${BASE}/offline`, { ignoreVary: true }); // asked for in the page's language

const mayKeep = (answer) => answer.ok && answer.type === "basic" && !answer.redirected;

const keep = async (name, key, answer, most) => {
  const cache = await caches.open(name);
  await cache.put(key, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((one) => cache.delete(one)));
};

const patient = (asked) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("slow")), PATIENCE);
  asked.then(resolve, reject);
});

const pageFor = async (event, url) => {
  const asked = (async () => (await event.preloadResponse) || fetch(event.request))();
  const copy = await (await caches.open(PAGES)).match(keyOf(url));
  try {
    const answer = await (copy ? patient(asked) : asked);
    if (mayKeep(answer)) await keep(PAGES, keyOf(url), answer.clone(), MOST_PAGES);
    return answer;
  } catch (error) {
    return copy || (await offlinePage()) || Promise.reject(error);
  }
};

const firstKept = async (request, name, most) => {
  const copy = await (await caches.open(name)).match(request);
  if (copy) return copy;
  const answer = await fetch(request);
  if (mayKeep(answer)) await keep(name, request, answer.clone(), most);
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || !url.pathname.startsWith(`${BASE}/`)) return;
  const path = pathOf(url);
  if (request.method === "POST" && /^\/a\/\d+\/(?:read|star)$/.test(path)) event.respondWith(mark(request));
  // A page that is left drops what it sends, unless the worker sends it.
  else if (request.method === "POST" && /^\/a\/\d+\/position$/.test(path)) event.respondWith(fetch(request));
  else if (request.method !== "GET") return;
  else if (path.startsWith("/static/")) event.respondWith(firstKept(request, SHELL, 50));
  else if (/^\/(?:media|icons)\b/.test(path)) event.respondWith(firstKept(request, MEDIA, MOST_MEDIA));
  else if (request.mode === "navigate" && /^\/(?:$|a\/|feeds\/\d+$|folders\/|tags\/|searches\/\d+$|sources)/.test(path)) {
    event.respondWith(pageFor(event, url));
  } else if (request.mode === "navigate") {
    // Answered in any case: else the browser asks twice, and an address that works once is used up.
    const asked = (async () => (await event.preloadResponse) || fetch(request))();
    event.respondWith(asked.catch(() => offlinePage()));
  }
});

// -- the newest unread articles --

// The language is another one: what was kept is read again in it.
const forget = async ({ language }) => {
  await caches.delete(PAGES);
  await keepShell(language);
};

const prefetch = async () => {
  const answer = await fetch(`${BASE}/offline.json`, { headers: { Accept: "application/json" } });
  if (!mayKeep(answer)) return;
  const cache = await caches.open(PAGES);
  await cache.put(`${BASE}/offline.json`, answer.clone());
  const { articles } = await answer.json();
  let kept = 0;
  for (const { href } of articles) {
    const key = location.origin + href;
    if (!(await cache.match(key))) {
      const page = await fetch(href, { headers: { Accept: "text/html" } });
      if (!mayKeep(page)) continue;
      await keep(PAGES, key, page, MOST_PAGES);
    }
    kept += 1;
  }
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "kept", kept });
};

// -- marks made offline: the last one of each article and kind --

const database = () => new Promise((resolve, reject) => {
  const opening = indexedDB.open("marks", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("marks", { keyPath: "action" });
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

const inStore = async (mode, work) => {
  const base = await database();
  try {
    return await new Promise((resolve, reject) => {
      const asked = work(base.transaction("marks", mode).objectStore("marks"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    base.close();
  }
};

const mark = async (request) => {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (error) {
    if (!(copy.headers.get("Accept") || "").includes("json")) throw error;
    const value = new URLSearchParams(await copy.text()).get("value");
    await inStore("readwrite", (store) => store.put({ action: new URL(copy.url).pathname, value }));
    if (self.registration.sync) await self.registration.sync.register("marks").catch(() => {});
    return Response.json({ done: true, offline: true });
  }
};

const token = async () => {
  const page = await fetch(`${BASE}/account`, { headers: { Accept: "text/html" } });
  const found = /name="csrf-token" content="([^"]+)"/.exec(await page.text());
  return page.ok && !page.redirected && found ? found[1] : null;
};

const sendMarks = async () => {
  const waiting = await inStore("readonly", (store) => store.getAll());
  const csrf = waiting.length ? await token() : null;
  if (!csrf) return;
  for (const { action, value } of waiting) {
    const answer = await fetch(action, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": csrf, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ value }),
    });
    if (answer.status >= 500 || answer.status === 401 || answer.status === 403) return; // it is tried again
    await inStore("readwrite", (store) => store.delete(action));
  }
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "sent", sent: waiting.length });
};

self.addEventListener("sync", (event) => { if (event.tag === "marks") event.waitUntil(sendMarks()); });
self.addEventListener("message", (event) => {
  const work = { forget, prefetch, sendMarks }[event.data && event.data.type];
  if (work) event.waitUntil(work(event.data).catch(() => {}));
});
