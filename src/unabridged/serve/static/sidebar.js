// Folders of the sidebar: opened in place, their feeds fetched when they are. Without this file, a folder's
// link opens its page, whose sidebar has its feeds.
(() => {
  "use strict";
  const base = document.body.dataset.basePath;

  const fill = async (button, list) => {
    const answer = await fetch(`${base}/sidebar/${button.dataset.folder}`, { headers: { "Accept": "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html"); // runs no script
    list.replaceChildren(...part.querySelectorAll("li"));
  };

  const toggle = async (button) => {
    const list = document.getElementById(button.getAttribute("aria-controls"));
    const open = button.getAttribute("aria-expanded") !== "true";
    try {
      if (open && !list.children.length) await fill(button, list);
      list.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    } catch {
      location.href = button.parentElement.querySelector("a").href;
    }
  };

  document.querySelectorAll(".fold-button").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => toggle(button));
  });
  const here = document.querySelector(".sidebar [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest" });
})();
