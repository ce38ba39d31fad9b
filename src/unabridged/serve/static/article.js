// The page of an article: the result of reading its page again appears by itself. It works without this file.
(() => {
  "use strict";
  const waiting = document.querySelector("[data-waiting]");
  if (!waiting) return;
  const began = Date.now();
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok && !(await answer.text()).includes("data-waiting")) { location.reload(); return; }
    } catch { /* offline for a moment */ }
    if (Date.now() - began < 60000) setTimeout(look, 2000);
  };
  setTimeout(look, 1500);
})();
