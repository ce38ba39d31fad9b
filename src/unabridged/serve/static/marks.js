// Marks without a reload, their undoing, and counts that stay right.
reader.marks = (() => {
  "use strict";
  const { page, base, all, one, text, number, say, post, fieldsOf } = reader;

  const show = (button, on) => {
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "0" : "1";
    const row = button.closest(".row");
    if (row && button.classList.contains("tick")) {
      row.classList.toggle("read", on);
      row.classList.toggle("unread", !on);
    }
  };

  // -- counts: asked of the server, so that they are right whoever changed them --
  const setCount = (link, count) => {
    let badge = one(".count", link.closest("h2") || link);
    if (!badge && count) {
      badge = document.createElement("span");
      badge.className = "count";
      (link.closest("h2") || link).append(badge);
    }
    if (badge) { badge.textContent = number(count); badge.hidden = !count; }
  };
  const showCounts = ({ unread, counts, fresh }) => {
    all(".sidebar .nav a, .sidebar h2 a").forEach((link) => {
      const count = counts[link.getAttribute("href")];
      if (count !== undefined) setCount(link, count);
    });
    if (page === "list" && one(".sidebar")) {
      const title = document.title.replace(/^\([^)\p{L}]+\) /u, "");
      document.title = unread ? `(${number(unread)}) ${title}` : title;
    }
    const line = one(".fresh");
    if (line && fresh !== undefined) {
      line.hidden = !fresh;
      one("a", line).textContent = fresh === 1 ? text("fresh-one") : text("fresh", { n: number(fresh) });
    }
  };
  let countTimer = 0;
  const countSoon = () => {
    if (!one(".sidebar")) return;
    clearTimeout(countTimer);
    countTimer = setTimeout(async () => {
      const { list, newest } = document.body.dataset;
      const open = all('.fold-button[aria-expanded="true"]').map((button) => button.dataset.folder).join(",");
      const asked = { ...(list && newest && { list, beyond: newest }), ...(open && { open }) };
      const answer = await fetch(`${base}/counts?${new URLSearchParams(asked)}`).catch(() => null);
      if (answer && answer.ok) showCounts(await answer.json());
    }, 250);
  };

  // -- marks made in this tab: a page that the browser kept is shown again as it was, and gets them afterwards --
  const marksMade = () => { try { return JSON.parse(sessionStorage.getItem("marks")) || {}; } catch { return {}; } };
  const remember = (action, on) => {
    try {
      const made = Object.entries(marksMade()).filter(([known]) => known !== action);
      sessionStorage.setItem("marks", JSON.stringify(Object.fromEntries([...made, [action, on]].slice(-500))));
    } catch { /* storage may be forbidden or full */ }
  };
  const applyMarks = (from = document) => {
    const made = marksMade();
    all(".star[formaction], .tick[formaction]", from).forEach((button) => {
      const on = made[button.getAttribute("formaction")];
      if (on !== undefined) show(button, on);
    });
  };
  const cameBack = (event) => {
    const [visit] = performance.getEntriesByType("navigation");
    return event.persisted || (visit && visit.type === "back_forward");
  };
  window.addEventListener("pageshow", (event) => { if (cameBack(event)) { applyMarks(); countSoon(); } });

  const press = async (button, quiet = false) => {
    const on = button.value === "1";
    const action = button.getAttribute("formaction");
    show(button, on);
    remember(action, on);
    try {
      await post(action, { value: on ? "1" : "0" });
      if (!quiet) say(text(button.classList.contains("star") ? (on ? "starred" : "unstarred") : (on ? "read" : "unread")));
      countSoon();
    } catch {
      show(button, !on);
      remember(action, !on);
      say(text("failed"));
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".star[formaction], .tick[formaction]");
    if (button) { event.preventDefault(); press(button); }
  });

  // -- many at once, with a way back --
  const unreadTicks = (rows) => rows.map((row) => one(".tick", row)).filter((tick) => tick && tick.value === "1");
  const showRead = (ticks, on) => ticks.forEach((tick) => { show(tick, on); remember(tick.getAttribute("formaction"), on); });
  const markMany = async (action, fields, rows) => {
    const ticks = unreadTicks(rows);
    showRead(ticks, true);
    try {
      const { marked, stamp } = await post(action, fields);
      countSoon();
      if (!marked) { say(text("nothing-unread")); return; }
      say(text("all-read"), async () => {
        try {
          await post(`${base}/read-all/undo`, { at: stamp });
          showRead(ticks, false);
          say(text("undone"));
          countSoon();
        } catch { say(text("failed")); }
      });
    } catch {
      showRead(ticks, false);
      say(text("failed"));
    }
  };
  const markList = () => {
    const form = one("[data-read-all]");
    if (form) markMany(form.action, fieldsOf(form), all(".row"));
  };
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-read-all]")) { event.preventDefault(); markList(); }
  });
  const markBeside = (row, side) => {
    const rows = all(".row");
    const place = rows.indexOf(row);
    const until = one("[data-read-all] [name=until]");
    const { list } = document.body.dataset;
    if (place < 0 || !list) return;
    markMany(
      `${base}/a/${row.dataset.id}/read-beside`,
      { value: side, next: list, until: until ? until.value : "" },
      side === "above" ? rows.slice(0, place) : rows.slice(place + 1),
    );
  };

  // -- an opened article is read, by POST: a GET must not change anything --
  if (page === "article") {
    const tick = one(".bar .tick");
    if (tick && tick.value === "1") setTimeout(() => { if (tick.value === "1") press(tick, true); }, 600);
  }
  return { press, show, remember, applyMarks, countSoon, markList, markBeside };
})();
