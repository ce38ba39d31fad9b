// Lists: the row that one stands on, further pages while scrolling, rows that are scrolled past.
reader.lists = (() => {
  "use strict";
  const { base, page, all, one, text, say, post } = reader;
  const { marks } = reader;
  const rows = () => all(".row");
  let at = -1;

  const stand = (place) => {
    const list = rows();
    if (list[at]) list[at].classList.remove("at");
    const row = list[place];
    at = place;
    row.classList.add("at");
    row.scrollIntoView({ block: "nearest" });
    one("h3 a", row).focus({ preventScroll: true });
  };
  const go = (step) => {
    const last = rows().length - 1;
    if (last >= 0) stand(Math.max(0, Math.min(last, at + step)));
  };
  const goTo = (place) => { const count = rows().length; if (count) stand(place < 0 ? count - 1 : place); };
  const nextUnread = () => {
    const list = rows();
    const place = list.findIndex((row, i) => i > at && row.classList.contains("unread"));
    const found = place >= 0 ? place : list.findIndex((row) => row.classList.contains("unread"));
    if (found >= 0) stand(found); else say(text("no-unread"));
  };
  const current = () => rows()[at];
  const leave = () => {
    if (current()) current().classList.remove("at");
    at = -1;
    if (document.activeElement) document.activeElement.blur();
  };

  // -- above and below: buttons of the row that one looks at --
  const offered = one("#row-actions");
  const offer = (event) => {
    const actions = offered && event.target.closest && one(".actions", event.target.closest(".row") || offered);
    if (actions && !one(".beside", actions)) actions.prepend(offered.content.cloneNode(true));
  };
  document.addEventListener("pointerover", offer);
  document.addEventListener("focusin", offer);
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".beside");
    if (button) marks.markBeside(button.closest(".row"), button.value);
  });

  // -- further pages are added while one scrolls --
  const MOST_PAGES = 25; // kept in one page; then the link leads on
  let pages = 1;
  let loading = null;
  const add = (next) => {
    const more = one(".older");
    all("ol.rows", next).forEach((list) => {
      const before = list.previousElementSibling;
      const heading = before && before.matches("h2.day") ? before : null; // a search has none
      const last = all("h2.day").pop();
      if (!heading || (last && last.textContent === heading.textContent)) all("ol.rows").pop().append(...list.children);
      else more.before(heading, list);
    });
    const older = one(".older", next);
    if (older) more.replaceWith(older); else more.remove();
  };
  const loadMore = () => {
    const link = one(".older a[rel=next]");
    if (!link || pages >= MOST_PAGES) return Promise.resolve(false);
    loading = loading || (async () => {
      const label = link.textContent;
      link.textContent = text("loading");
      try {
        const answer = await fetch(link.href, { headers: { "Accept": "text/html" } });
        if (!answer.ok) throw new Error(String(answer.status));
        add(new DOMParser().parseFromString(await answer.text(), "text/html"));
        pages += 1;
        marks.applyMarks();
        watch();
        return true;
      } catch { link.textContent = label; return false; } finally { loading = null; }
    })();
    return loading;
  };
  const nearEnd = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) loadMore(); }, { rootMargin: "600px" });

  // -- rows that are scrolled past become read, if the viewer chose so --
  const readsPast = "scrollReads" in document.body.dataset;
  let past = [];
  let pastTimer = 0;
  const sendPast = () => {
    const numbers = past;
    past = [];
    if (!numbers.length) return;
    post(`${base}/read-some`, { ids: numbers.join(",") }).then(marks.countSoon, () => say(text("failed")));
  };
  const scrolledPast = new IntersectionObserver((seen) => seen.forEach(({ target, isIntersecting, boundingClientRect }) => {
    const tick = one(".tick", target);
    if (isIntersecting || boundingClientRect.bottom > 60 || !tick || tick.value !== "1" || scrollY < 40) return;
    marks.show(tick, true);
    marks.remember(tick.getAttribute("formaction"), true);
    past.push(target.dataset.id);
    clearTimeout(pastTimer);
    if (past.length >= 100) sendPast(); else pastTimer = setTimeout(sendPast, 700);
  }), { rootMargin: "-56px 0px 0px 0px" });
  window.addEventListener("pagehide", sendPast);

  const watch = () => {
    nearEnd.disconnect();
    const older = one(".older a[rel=next]");
    if (older) nearEnd.observe(older);
    if (readsPast) rows().forEach((row) => scrolledPast.observe(row));
  };

  // -- coming back: as many pages as there were, at the same place --
  const keepPlace = () => { if (pages > 1) history.replaceState({ ...history.state, pages, y: scrollY }, ""); };
  const restorePlace = async () => {
    const [visit] = performance.getEntriesByType("navigation");
    const { pages: wanted, y } = history.state || {};
    if (!wanted || !visit || visit.type === "navigate") return;
    while (pages < Math.min(wanted, MOST_PAGES) && await loadMore()) { /* the next page */ }
    scrollTo(0, y);
  };
  if (page === "list") {
    window.addEventListener("pagehide", keepPlace);
    restorePlace().then(watch);
  }

  // -- places named in the address: the field to add a feed, the article that one comes back from --
  const focusAdd = () => {
    const field = one("#add-url");
    if (field) { field.scrollIntoView({ block: "center" }); field.focus(); }
    return field !== null;
  };
  const goToHash = () => {
    if (location.hash === "#add" || location.hash === "#add-url") focusAdd();
    const place = rows().findIndex((row) => row.id && `#${row.id}` === location.hash);
    if (place >= 0) stand(place);
  };
  window.addEventListener("hashchange", goToHash);
  // After the browser went to the place itself, which takes the focus away.
  window.addEventListener("load", () => { requestAnimationFrame(() => setTimeout(goToHash)); });
  return { go, goTo, nextUnread, current, leave, focusAdd, loadMore };
})();
