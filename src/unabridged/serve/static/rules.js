// Rules for the pages of a site: tried while one types. Without this file, a button tries them.
(() => {
  "use strict";
  const { one, fieldsOf } = reader;
  const DELAY = 900;
  const form = one("#rules");
  const field = one("#rules-text");
  let timer = 0;
  let asked = null;

  const show = (html) => {
    const part = new DOMParser().parseFromString(html, "text/html"); // runs no script
    const open = [...document.querySelectorAll("#preview details")].map((line) => line.open);
    const fresh = one("#preview", part);
    if (open.length) fresh.querySelectorAll("details").forEach((line, i) => { line.open = open[i] || false; });
    one("#preview").replaceWith(fresh);
  };

  const preview = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const place = one("#preview");
    place.setAttribute("aria-busy", "true");
    try {
      const action = form.querySelector("[formaction]").formAction;
      const answer = await fetch(action, { method: "POST", body: fieldsOf(form), headers: { "Accept": "text/html" }, signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") { place.removeAttribute("aria-busy"); reader.say(reader.text("failed")); }
    }
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(preview, DELAY); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!event.submitter || !event.submitter.hasAttribute("formaction")) return;
    event.preventDefault();
    preview();
  });
})();
