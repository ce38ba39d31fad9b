// The page for administrators: the progress of a backup or a check. Without this file the page reloads by itself.
(() => {
  "use strict";
  const address = document.currentScript.dataset.progress;
  const text = document.querySelector("[data-run-text] b"), bar = document.querySelector("[data-run-share]");
  const look = async () => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const run = answer.ok ? await answer.json() : null;
      if (run && !run.running) { location.reload(); return; }
      if (run) { text.textContent = run.text; bar.value = run.share; }
    } catch { /* offline for a moment */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
})();
