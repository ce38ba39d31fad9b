// Set the chosen theme and tell the server the time zone before the first paint.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch { /* storage may be forbidden; then the system's theme applies */ }
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
