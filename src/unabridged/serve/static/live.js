// Events of the server: counts and new articles as they come, and the progress of a refresh.
reader.live = (() => {
  "use strict";
  const { base, one, all, text, number, say, post, fieldsOf } = reader;
  const { marks } = reader;
  const AGAIN = 60000; // after a refusal: the session has ended, or there are too many pages
  const progress = one(".progress");

  // Only a page that is seen is connected: a browser has six connections to one server.
  let source = null;
  let retry = 0;
  const connect = () => {
    clearTimeout(retry);
    if (source || document.hidden || !one(".sidebar") || !("viewer" in document.body.dataset)) return;
    source = new EventSource(`${base}/events`);
    source.addEventListener("open", marks.countSoon);
    source.addEventListener("change", marks.countSoon);
    source.addEventListener("refresh", (event) => showProgress(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) { disconnect(); retry = setTimeout(connect, AGAIN); }
    });
  };
  const disconnect = () => {
    clearTimeout(retry);
    if (source) source.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", connect);

  // -- refresh --
  let hideTimer = 0;
  const showProgress = ({ done, all: every }) => {
    const finished = done >= every;
    all("[data-refresh] button").forEach((button) => button.classList.toggle("busy", !finished));
    if (!progress) return;
    clearTimeout(hideTimer);
    progress.hidden = false;
    progress.textContent = finished ? text("refreshed") : text("refreshing", { n: number(done), all: number(every) });
    if (finished) hideTimer = setTimeout(() => { progress.hidden = true; }, 4000);
  };
  const refresh = async (fields) => {
    try {
      const { feeds, busy } = await post(`${base}/refresh`, fields);
      if (!feeds && !busy) say(text("just-polled"));
    } catch { say(text("failed")); }
  };
  const refreshList = () => { const form = one("[data-refresh]"); refresh(form ? fieldsOf(form) : {}); };
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-refresh]")) { event.preventDefault(); refreshList(); }
  });
  return { refreshList, refreshAll: () => refresh({}) };
})();
