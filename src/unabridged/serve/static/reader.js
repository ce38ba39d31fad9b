// What the other scripts share: elements, texts, requests, the toast; small things of every page.
// Every page works without any of them.
const reader = (() => {
  "use strict";
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const base = document.body.dataset.basePath;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  const texts = Object.fromEntries(all("#texts li").map((line) => [line.dataset.name, line.textContent]));
  const text = (name, facts = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => facts[key]);

  // Numbers of the page's language, in the digits that the server writes.
  const number = (value) => value.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);

  const toast = one(".toast");
  let toastTimer = 0;
  // Show a sentence for a moment; with `undo`, a button that calls it.
  const say = (sentence, undo) => {
    one("span", toast).textContent = sentence;
    const button = one(".undo", toast);
    button.hidden = !undo;
    button.textContent = undo ? text("undo") : "";
    button.onclick = undo ? () => { toast.hidden = true; undo(); } : null;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { toast.hidden = true; }, undo ? 12000 : 1800);
  };

  // Send a form as a script does: the answer is JSON.
  const post = async (action, fields) => {
    const answer = await fetch(action, {
      method: "POST",
      keepalive: true, // reaches the server although the page is left at once
      headers: { "Accept": "application/json", "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const fieldsOf = (form) => new URLSearchParams(new FormData(form));

  // -- theme: system, light, dark; kept on the server --
  let themeToSend = "";
  let themeTimer = 0;
  const sendTheme = () => {
    clearTimeout(themeTimer);
    const theme = themeToSend;
    themeToSend = "";
    if (theme && "viewer" in document.body.dataset) post(`${base}/settings`, { theme }).catch(() => say(text("failed")));
  };
  window.addEventListener("pagehide", sendTheme);
  const switchTheme = () => {
    const root = document.documentElement;
    const next = { "": "light", light: "dark", dark: "" }[root.dataset.theme || ""];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    themeToSend = next || "system";
    say(text(`theme-${themeToSend}`));
    clearTimeout(themeTimer);
    themeTimer = setTimeout(sendTheme, 300); // only the last of several: requests may overtake each other
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) { event.preventDefault(); return; }
    if (button.matches("[data-theme-switch]")) switchTheme();
    if (button.matches("[data-keys]")) one("#keys").showModal();
  });

  // -- the settings show what they do before they are saved --
  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-preferences]")) return;
    document.documentElement.dataset[event.target.name] = event.target.value;
  });

  // -- copy the URL of a feed --
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(() => say(text("copied")), () => { location.href = link.href; });
  });

  // -- remove images that failed to load --
  const removeBroken = (image) => {
    const figure = image.closest("figure");
    if (image.classList.contains("thumb") || (figure && figure.classList.contains("lead"))) (figure || image).remove();
    else if (!image.alt) image.remove();
  };
  document.addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) removeBroken(event.target); }, true);
  all("img").forEach((image) => { if (image.complete && image.src && image.naturalWidth === 0 && image.loading !== "lazy") removeBroken(image); });

  return { page: document.body.dataset.page || "", base, all, one, text, number, say, post, fieldsOf, switchTheme };
})();
