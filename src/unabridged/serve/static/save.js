// Receive a page from the bookmark: its HTML becomes the file of the form. Nothing is saved without a click.
(() => {
  "use strict";
  const { opener } = window;
  const [address, file, received] = ["#save-url", "#save-file", "[data-received]"].map((one) => document.querySelector(one));
  if (!opener || !file) return;
  window.addEventListener("message", (event) => {
    const { url, html } = event.data || {};
    if (event.source !== opener || typeof url !== "string" || typeof html !== "string") return;
    let page;
    try { page = new URL(url); } catch { return; }
    if (page.origin !== event.origin) return; // a page speaks for itself only
    const transfer = new DataTransfer();
    // The mark says UTF-8, whatever charset the page names.
    transfer.items.add(new File(["\ufeff", html], "page.html", { type: "text/html" }));
    file.files = transfer.files;
    address.value = page.href;
    received.hidden = false;
  });
  opener.postMessage("ready", "*");
})();
