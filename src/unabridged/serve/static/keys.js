// Keys of Miniflux and Vim, on every keyboard layout. The list of them: templates/keys.html.
(() => {
  "use strict";
  const { page, base, all, one, text, say, post, switchTheme } = reader;
  const { marks, lists, live } = reader;
  const inArticle = page === "article";
  const isTurned = document.dir === "rtl";

  const visit = (path) => { location.href = base + path; };
  const follow = (selector, otherwise) => {
    const link = one(selector);
    if (link) location.href = link.href; else if (otherwise) otherwise();
  };
  const scope = () => (inArticle ? one(".bar") : lists.current());
  const mark = (selector) => {
    const button = scope() && one(selector, scope());
    if (button) marks.press(button);
  };
  const next = () => (inArticle ? follow("[data-next]") : lists.go(1));
  const previous = () => (inArticle ? follow("[data-previous]") : lists.go(-1));
  const nextUnread = () => (inArticle ? follow("[data-unread]", () => say(text("no-unread"))) : lists.nextUnread());
  const number = () => (inArticle ? document.body.dataset.id : lists.current()?.dataset.id);
  const original = () => (inArticle ? document.body.dataset.original : lists.current()?.dataset.original);
  const open = () => {
    if (inArticle) openOriginal(false);
    else if (lists.current()) one("h3 a", lists.current()).click();
  };
  const openOriginal = (inTab) => {
    const address = original();
    if (!address) return;
    if (inTab) window.open(address, "_blank", "noopener,noreferrer"); else location.href = address;
  };
  const fetchPage = () => {
    if (number()) post(`${base}/a/${number()}/fetch`, {}).then(() => say(text("fetching")), () => say(text("failed")));
  };
  const toTop = () => {
    if (inArticle) scrollTo(0, 0); else if (lists.current()) lists.current().scrollIntoView({ block: "start" });
  };
  const search = () => {
    const field = all("#q, [data-search]").find((one) => one.offsetParent);
    if (field) { field.focus(); field.select(); } else visit("/search");
  };
  const addFeed = () => { if (!lists.focusAdd()) visit("/add"); };
  const beside = (side) => { if (!inArticle && number()) marks.markBeside(lists.current(), side); };
  const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
  const escape = () => {
    if (one("#keys").open) one("#keys").close();
    else if (document.activeElement && document.activeElement !== document.body) lists.leave();
  };

  const KEYS = {
    j: next, n: next, [isTurned ? "ArrowLeft" : "ArrowRight"]: next,
    k: previous, p: previous, [isTurned ? "ArrowRight" : "ArrowLeft"]: previous,
    N: nextUnread,
    o: open,
    v: () => openOriginal(true),
    V: () => openOriginal(false),
    e: () => (inArticle ? follow("[data-versions]") : number() && visit(`/a/${number()}/versions`)),
    d: fetchPage,
    u: () => follow("[data-back]"),
    s: () => mark(".star"), f: () => mark(".star"),
    m: () => mark(".tick"),
    M: () => { mark(".tick"); next(); },
    A: marks.markList,
    "[": () => beside("above"), "]": () => beside("below"),
    h: () => (inArticle ? previous() : follow(".tabs [aria-current=page]")),
    l: () => (inArticle ? next() : follow(".older a[rel=next]")),
    G: () => (inArticle ? scrollTo(0, document.documentElement.scrollHeight) : lists.goTo(-1)),
    F: () => (inArticle ? follow("[data-source]") : lists.current() && one(".source a.name", lists.current())?.click()),
    r: live.refreshList,
    R: live.refreshAll,
    a: addFeed, "+": addFeed,
    "#": () => { const button = one("[data-unsubscribe]"); if (button) button.click(); },
    "/": search,
    t: switchTheme,
    "?": () => one("#keys").showModal(),
    Escape: escape,
    "g a": () => visit("/"),
    "g u": () => visit("/?show=unread"),
    "g b": () => visit("/?show=starred"),
    "g f": () => visit("/sources"),
    "g t": () => follow("[data-story]", () => visit("/stories")),
    "g s": () => visit("/settings"),
    "g g": () => (inArticle ? scrollTo(0, 0) : lists.goTo(0)),
    "z t": toTop,
  };
  const FIRST = new Set(["g", "z"]);

  // The letter of a key: with CapsLock too, and by its place on layouts without Latin letters.
  const keyOf = (event) => {
    if (event.isComposing || event.getModifierState("AltGraph") || event.key === "Dead") return "";
    const { key, code } = event;
    const letter = /^[a-z]$/i.test(key) ? key : /^[!-~]$/.test(key) ? "" : (/^Key([A-Z])$/.exec(code) || [])[1];
    if (letter) return event.shiftKey ? letter.toUpperCase() : letter.toLowerCase();
    return key;
  };
  let first = "";
  let firstTimer = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest("input, textarea, select, dialog, audio, video");
    if (field) { if (event.key === "Escape" && !field.matches("dialog")) event.target.blur(); return; }
    const key = keyOf(event);
    if (key === " ") {
      const isFree = !event.shiftKey && !event.target.closest("button, summary, a");
      if (inArticle && isFree && atEnd() && one("[data-unread]")) { event.preventDefault(); nextUnread(); }
      return;
    }
    clearTimeout(firstTimer);
    const action = KEYS[first ? `${first} ${key}` : key];
    const wasSecond = first !== "";
    first = "";
    if (action) { event.preventDefault(); action(); return; }
    if (!wasSecond && FIRST.has(key)) {
      first = key;
      firstTimer = setTimeout(() => { first = ""; }, 1500);
    }
  });
})();
