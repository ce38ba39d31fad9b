// Reading offline: registers the service worker, has the newest unread articles fetched, shows those that are kept.
(() => {
  "use strict";
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const { basePath: base = "", worker } = document.body.dataset;
  const INTERVAL = 15 * 60 * 1000;
  const stored = (storage, name, value) => {
    try {
      if (value === undefined) return storage.getItem(name);
      storage.setItem(name, value);
    } catch { /* storage may be forbidden */ }
    return null;
  };
  const isInstalled = matchMedia("(display-mode: standalone)").matches;
  const isOn = () => (stored(localStorage, "offline") || (isInstalled ? "on" : "off")) === "on";
  const tell = async (type, more = {}) => {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ type, ...more });
  };
  const { lang } = document.documentElement;
  const changeLanguage = async () => {
    if (stored(localStorage, "language") === lang) return;
    stored(localStorage, "language", lang);
    stored(localStorage, "prefetched", "0");
    await tell("forget", { language: lang });
  };
  const prefetch = () => {
    const saving = navigator.connection && navigator.connection.saveData;
    const last = Number(stored(localStorage, "prefetched")) || 0;
    if (!isOn() || saving || !navigator.onLine || Date.now() - last < INTERVAL) return;
    stored(localStorage, "prefetched", String(Date.now()));
    tell("prefetch");
  };

  navigator.serviceWorker.register(worker, { scope: `${base}/` }).then(async () => {
    await changeLanguage();
    if (navigator.onLine) tell("sendMarks");
    prefetch();
  }).catch(() => { /* private windows have none */ });
  window.addEventListener("online", () => { tell("sendMarks"); prefetch(); });

  // The switch on the account page.
  const choice = document.querySelector("[data-offline-switch]");
  if (choice) {
    const count = document.querySelector("[data-offline-count]");
    choice.closest("section").hidden = false;
    choice.checked = isOn();
    choice.addEventListener("change", () => {
      stored(localStorage, "offline", choice.checked ? "on" : "off");
      stored(localStorage, "prefetched", "0");
      if (choice.checked) prefetch(); else { count.textContent = ""; caches.delete("pages"); caches.delete("media"); }
    });
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data.type === "kept") count.textContent = count.dataset.text.replace("{n}", event.data.kept.toLocaleString(`${lang}-u-nu-latn`));
    });
  }

  // The page that is shown without a connection: a list of the articles that are kept.
  const list = document.querySelector("[data-kept]");
  if (list) {
    (async () => {
      const cache = await caches.open("pages");
      const answer = await cache.match(`${base}/offline.json`);
      const { articles } = answer ? await answer.json() : { articles: [] };
      for (const { href, title } of articles) {
        if (!(await cache.match(location.origin + href))) continue;
        const link = document.createElement("a");
        link.href = href;
        link.dir = "auto";
        link.textContent = title;
        const line = document.createElement("li");
        line.append(link);
        list.append(line);
      }
      document.querySelector("[data-none-kept]").hidden = list.children.length > 0;
    })();
  }
})();
