// Tell the server the time zone before the first paint.
(() => {
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = () => document.cookie.split("; ").includes(`zone=${zone}`);
    if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,59}$/.test(zone) || known()) return;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    // Once, and only if the cookie was accepted: the page is shown again with the right times.
    const shown = document.querySelector('meta[name="time-zone"]');
    if (known() && zone !== shown.content && "mayChange" in shown.dataset) location.reload();
  } catch { /* without a zone the server's applies */ }
})();
