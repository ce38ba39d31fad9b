// Work under way: the list is asked for again while something is done. Without this file, reload the page.
(() => {
  "use strict";
  const { base, one } = reader;
  const PAUSE = 2500;
  const place = one("[data-jobs]");
  if (!place) return;

  const busy = () => one("progress", place) !== null;
  const refresh = async () => {
    if (document.hidden) return;
    const answer = await fetch(`${base}/jobs${place.dataset.jobs}`, { headers: { "Accept": "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html"); // runs no script
    const was = busy();
    place.replaceChildren(...part.body.children);
    if (was && !busy() && "reload" in place.dataset) location.replace(place.dataset.reload);
  };
  const again = () => setTimeout(() => { refresh().then(again, () => { /* the next visit shows it */ }); }, PAUSE);
  again();
})();
