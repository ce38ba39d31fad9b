// Keyboard shortcuts, marks without a reload, theme. Every page works without this file.
(() => {
  "use strict";
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const page = document.body.dataset.page || "";
  const base = document.body.dataset.basePath;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  const toast = one(".toast");
  let toastTimer = 0;
  const say = (text) => {
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { toast.hidden = true; }, 1800);
  };

  // -- marks: submit the form's button with fetch --
  const send = async (action, value) => {
    const answer = await fetch(action, {
      method: "POST",
      keepalive: true, // reaches the server although the page is left at once
      headers: { "Accept": "application/json", "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ value }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  };
  const show = (button, on) => {
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "0" : "1";
    const row = button.closest(".row");
    if (row && button.classList.contains("tick")) {
      row.classList.toggle("read", on);
      row.classList.toggle("unread", !on);
    }
  };
  // Marks made in this tab. A page that the browser kept is shown again as it was; it gets them afterwards.
  const marksMade = () => { try { return JSON.parse(sessionStorage.getItem("marks")) || {}; } catch { return {}; } };
  const remember = (action, on) => {
    try {
      const made = Object.entries(marksMade()).filter(([known]) => known !== action);
      sessionStorage.setItem("marks", JSON.stringify(Object.fromEntries([...made, [action, on]].slice(-500))));
    } catch { /* storage may be forbidden or full */ }
  };
  const applyMarks = () => {
    const made = marksMade();
    all(".star[formaction], .tick[formaction]").forEach((button) => {
      const on = made[button.getAttribute("formaction")];
      if (on !== undefined) show(button, on);
    });
  };
  window.addEventListener("pageshow", (event) => {
    const [visit] = performance.getEntriesByType("navigation");
    if (event.persisted || (visit && visit.type === "back_forward")) applyMarks();
  });
  const press = async (button, quiet = false) => {
    const on = button.value === "1";
    const action = button.getAttribute("formaction");
    show(button, on);
    remember(action, on);
    try {
      await send(action, on ? "1" : "0");
      if (!quiet) say(button.classList.contains("star") ? (on ? "Starred" : "Star removed") : (on ? "Read" : "Unread"));
    } catch {
      show(button, !on);
      remember(action, !on);
      say("That did not work. Reload the page.");
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) { event.preventDefault(); return; }
    if (button.matches(".star[formaction], .tick[formaction]")) { event.preventDefault(); press(button); }
    if (button.matches("[data-theme-switch]")) switchTheme();
    if (button.matches("[data-keys]")) one("#keys").showModal();
  });

  // Mark an opened article as read, by POST: a GET must not change anything.
  if (page === "article") {
    const tick = one(".bar .tick");
    if (tick && tick.value === "1") setTimeout(() => press(tick, true), 600);
  }

  // -- theme: system, light, dark --
  const switchTheme = () => {
    const root = document.documentElement;
    const next = { "": "light", light: "dark", dark: "" }[root.dataset.theme || ""];
    try { next ? localStorage.setItem("theme", next) : localStorage.removeItem("theme"); } catch { /* forbidden */ }
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    say(next ? `Theme: ${next}` : "Theme: as the system");
  };

  // -- copy the URL of a feed --
  const copyLink = (event) => {
    const link = event.target.closest("a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => say("Address copied: paste it into your reader app"),
      () => { location.href = link.href; },
    );
  };
  document.addEventListener("click", copyLink);

  // -- remove images that failed to load --
  const removeBroken = (image) => {
    const figure = image.closest("figure");
    if (image.classList.contains("thumb") || (figure && figure.classList.contains("lead"))) (figure || image).remove();
    else if (!image.alt) image.remove();
  };
  document.addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) removeBroken(event.target); }, true);
  all("img").forEach((image) => { if (image.complete && image.src && image.naturalWidth === 0 && image.loading !== "lazy") removeBroken(image); });

  // -- keys --
  const rows = () => all(".row");
  let at = -1;
  const go = (step) => {
    const list = rows();
    if (!list.length) return;
    if (list[at]) list[at].classList.remove("at");
    stand(Math.max(0, Math.min(list.length - 1, at + step)));
  };
  const stand = (place) => {
    const row = rows()[place];
    at = place;
    row.classList.add("at");
    row.scrollIntoView({ block: "nearest" });
    one("h3 a", row).focus({ preventScroll: true });
  };
  const follow = (selector) => { const link = one(selector); if (link) location.href = link.href; };
  const mark = (selector) => {
    const scope = page === "article" ? one(".bar") : rows()[at];
    const button = scope && one(selector, scope);
    if (button) press(button);
  };
  const open = () => {
    if (page === "article") location.href = document.body.dataset.original;
    else if (rows()[at]) one("h3 a", rows()[at]).click();
  };
  const focusAdd = () => {
    const field = one("#add-url");
    if (field) { field.scrollIntoView({ block: "center" }); field.focus(); }
    return field !== null;
  };
  // The letter of a key: with CapsLock too, and by its place on layouts without Latin letters.
  const keyOf = (event) => {
    if (event.isComposing || event.getModifierState("AltGraph")) return "";
    const { key, code } = event;
    const letter = /^[a-z]$/i.test(key) ? key : /^[!-~]$/.test(key) ? "" : (/^Key([A-Z])$/.exec(code) || [])[1];
    if (letter && key !== "Dead") return event.shiftKey ? "" : letter.toLowerCase();
    return key;
  };
  const KEYS = {
    j: () => (page === "article" ? follow("[data-older]") : go(1)),
    k: () => (page === "article" ? follow("[data-newer]") : go(-1)),
    o: open,
    s: () => mark(".star"),
    m: () => mark(".tick"),
    u: () => follow("[data-back]"),
    v: () => follow("[data-versions]"),
    a: () => { if (!focusAdd()) location.href = `${base}/add`; },
    "/": () => {
      const field = all("#q, [data-search]").find((one) => one.offsetParent);
      if (field) { field.focus(); field.select(); } else location.href = `${base}/search`;
    },
    t: switchTheme,
    "?": () => one("#keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const action = KEYS[keyOf(event)];
    if (action) { event.preventDefault(); action(); }
  });

  // -- places named in the address: the field to add a feed, the article that one comes back from --
  const goToHash = () => {
    if (location.hash === "#add" || location.hash === "#add-url") focusAdd();
    const place = rows().findIndex((row) => row.id && `#${row.id}` === location.hash);
    if (place >= 0) stand(place);
  };
  window.addEventListener("hashchange", goToHash);
  // After the browser went to the place itself, which takes the focus away.
  window.addEventListener("load", () => { requestAnimationFrame(() => setTimeout(goToHash)); });
})();
