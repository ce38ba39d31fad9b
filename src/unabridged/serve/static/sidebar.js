// Folders of the sidebar: opened in place, their feeds fetched when they are. Without this file, a folder's
// link opens its page, whose sidebar has its feeds.
(() => {
  "use strict";
  const base = document.body.dataset.basePath;

  const place = document.querySelector(".sidebar .scroll");
  if (!place) return;

  // The button and the list of a folder: they are of use with this file alone.
  const build = (heading) => {
    const id = `folder-${heading.dataset.folder}`;
    let list = heading.nextElementSibling;
    if (!list || list.tagName !== "UL") {
      list = document.createElement("ul");
      list.className = "nav";
      list.hidden = true;
      heading.after(list);
    }
    list.id = id;
    const button = document.createElement("button");
    button.className = "fold-button";
    button.dataset.folder = heading.dataset.folder;
    button.setAttribute("aria-expanded", String(!list.hidden));
    button.setAttribute("aria-controls", id);
    button.setAttribute("aria-label", `${place.dataset.foldLabel}: ${heading.querySelector("a").textContent}`);
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    icon.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    icon.firstChild.setAttribute("href", place.dataset.foldIcon);
    button.append(icon);
    button.addEventListener("click", () => toggle(button, list));
    heading.prepend(button);
  };

  const fill = async (button, list) => {
    const answer = await fetch(`${base}/sidebar/${button.dataset.folder}`, { headers: { "Accept": "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html"); // runs no script
    list.replaceChildren(...part.querySelectorAll("li"));
  };

  const toggle = async (button, list) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    try {
      if (open && !list.children.length) await fill(button, list);
      list.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    } catch {
      location.href = button.parentElement.querySelector("a").href;
    }
  };

  place.querySelectorAll("h2.fold").forEach(build);
  const here = document.querySelector(".sidebar [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest" });
})();
