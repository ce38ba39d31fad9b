// The list of sources: what is ticked, feeds renamed in place and dragged to a folder. Without this file, the
// form below the list and the settings of a feed do the same.
(() => {
  "use strict";
  const { base, all, one, say, text, post } = reader;
  const bulk = one("#bulk");
  if (!bulk) return;
  const boxes = () => all('.feeds input[type="checkbox"]');

  // -- the form shows when something is ticked, and how much --
  const action = bulk.elements.action;
  const folder = bulk.elements.folder;
  const every = bulk.elements.every;
  const update = () => {
    const count = boxes().filter((box) => box.checked).length;
    const any = count > 0 || Boolean(every && every.checked);
    bulk.classList.toggle("idle", !any);
    one(".chosen", bulk).textContent = count === 1 ? bulk.dataset.one : bulk.dataset.chosen.replace("{n}", count);
    one(".chosen", bulk).hidden = Boolean(every && every.checked);
    folder.hidden = action.value !== "move";
  };
  let last = -1;
  document.addEventListener("click", (event) => { // with Shift: all from the last one ticked
    const list = boxes();
    const at = list.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last >= 0) {
      for (let i = Math.min(at, last); i <= Math.max(at, last); i += 1) list[i].checked = event.target.checked;
    }
    last = at;
    update();
  });
  bulk.addEventListener("change", update);
  bulk.addEventListener("submit", (event) => {
    if (action.value === "remove" && !confirm(bulk.dataset.remove)) event.preventDefault();
  });
  window.addEventListener("pageshow", update);
  bulk.classList.add("scripted");
  update();

  // -- a title is changed in its place --
  const rename = (line) => {
    const link = one(".what a", line);
    const field = document.createElement("input");
    field.type = "text";
    field.className = "rename";
    field.value = link.textContent;
    field.maxLength = 500;
    field.dir = "auto";
    field.setAttribute("aria-label", bulk.dataset.title);
    let done = false;
    const end = async (save) => {
      if (done) return;
      done = true;
      field.replaceWith(link);
      one(".set", line).focus();
      if (!save || field.value.trim() === link.textContent) return;
      try {
        const answer = await post(`${base}/feeds/${line.dataset.feed}/rename`, { title: field.value.trim() });
        link.textContent = answer.title;
        say(bulk.dataset.renamed);
      } catch { say(text("failed")); }
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // letters are no keys of the list
      if (event.key === "Enter") { event.preventDefault(); end(true); }
      if (event.key === "Escape") end(false);
    });
    field.addEventListener("blur", () => end(true));
    link.replaceWith(field);
    field.select();
    field.focus();
  };
  document.addEventListener("click", (event) => {
    const pencil = event.target.closest(".feeds .set");
    if (!pencil || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    rename(pencil.closest("li"));
  });

  // -- dragged to a folder: of this page, or of the links above it --
  const places = () => all("[data-folder-name]");
  let dragged = [];
  all(".feeds > li[data-feed]").forEach((line) => { line.draggable = true; });
  document.addEventListener("dragstart", (event) => {
    const line = event.target.closest && event.target.closest(".feeds > li[data-feed]");
    if (!line) return;
    const ticked = all(".feeds > li[data-feed]").filter((other) => one("input", other).checked);
    dragged = ticked.includes(line) ? ticked : [line];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", one(".what a", line).textContent);
    document.body.classList.add("dragging");
  });
  const placeAt = (event) => (dragged.length && event.target.closest ? event.target.closest("[data-folder-name]") : null);
  document.addEventListener("dragover", (event) => {
    const place = placeAt(event);
    places().forEach((other) => other.classList.toggle("drop", other === place));
    if (place) event.preventDefault();
  });
  const drop = async (lines, place) => {
    const name = place.dataset.folderName;
    const list = place.querySelector(".feeds");
    try {
      for (const line of lines) { // one after the other: each change of the archive is a transaction
        await post(`${base}/feeds/${line.dataset.feed}/move`, { folder: name });
        if (list) list.prepend(line); else line.remove();
      }
      say(bulk.dataset.moved);
    } catch { say(text("failed")); }
  };
  document.addEventListener("drop", (event) => {
    const place = placeAt(event);
    if (!place) return;
    event.preventDefault();
    drop(dragged.filter((line) => !place.contains(line)), place);
  });
  document.addEventListener("dragend", () => {
    dragged = [];
    document.body.classList.remove("dragging");
    places().forEach((place) => place.classList.remove("drop"));
  });
})();
