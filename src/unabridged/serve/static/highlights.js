// Highlights from a selection: a button appears beside selected words. The form below the text works without it.
(() => {
  "use strict";
  const text = document.querySelector("article .text");
  const form = document.querySelector("form.highlight");
  if (!text || !form) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button marker";
  button.textContent = form.dataset.label;
  button.hidden = true;
  document.body.append(button);

  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const words = selection.toString().trim();
    return words && words.length <= 4000 ? { range, words } : null;
  };
  const around = (range, before) => {
    const part = document.createRange();
    part.selectNodeContents(text);
    if (before) part.setEnd(range.startContainer, range.startOffset);
    else part.setStart(range.endContainer, range.endOffset);
    const words = part.toString();
    return before ? words.slice(-120) : words.slice(0, 120);
  };
  let timer = 0;
  const place = () => {
    const found = selected();
    button.hidden = !found;
    if (!found) return;
    const box = found.range.getBoundingClientRect();
    const half = button.offsetWidth / 2;
    const middle = Math.max(half + 8, Math.min(innerWidth - half - 8, box.left + box.width / 2));
    button.style.setProperty("left", `${middle + scrollX}px`);
    button.style.setProperty("top", `${box.bottom + scrollY + 8}px`);
  };
  document.addEventListener("selectionchange", () => { clearTimeout(timer); timer = setTimeout(place, 150); });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => {
    const found = selected();
    if (!found) return;
    form.elements.exact.value = found.words;
    form.elements.prefix.value = around(found.range, true);
    form.elements.suffix.value = around(found.range, false);
    form.elements.note.value = "";
    form.submit();
  });
})();
