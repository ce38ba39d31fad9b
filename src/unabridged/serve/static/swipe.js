// Touch: a swipe to the left leads to the next article, one to the right to the previous; where lines begin at
// the right, the other way round.
(() => {
  "use strict";
  const { page, one } = reader;
  if (page !== "article") return;
  const EDGE = 28; // the browser's own gesture begins there
  const FAR = 80;
  const LONGEST = 800; // milliseconds; a slower finger selects or reads
  const text = one(".reading");
  let start = null;

  // A table or code that scrolls sideways keeps its gesture.
  const scrollsSideways = (element) => {
    for (let one = element; one && one !== text; one = one.parentElement) if (one.scrollWidth > one.clientWidth + 4 && getComputedStyle(one).overflowX !== "visible") return true;
    return false;
  };
  const isSelecting = () => !(getSelection() || { isCollapsed: true }).isCollapsed;
  const release = () => { start = null; text.style.transform = ""; };

  text.addEventListener("touchstart", (event) => {
    const [touch] = event.touches;
    const isFree = event.touches.length === 1 && touch.clientX > EDGE && touch.clientX < innerWidth - EDGE;
    const isZoomed = visualViewport && visualViewport.scale > 1.05;
    const taken = !isFree || isZoomed || isSelecting() || event.target.closest("input, textarea, audio, video") || scrollsSideways(event.target);
    start = taken ? null : { x: touch.clientX, y: touch.clientY, at: event.timeStamp, sideways: false };
  }, { passive: true });
  text.addEventListener("touchmove", (event) => {
    if (!start) return;
    const [touch] = event.touches;
    const x = touch.clientX - start.x;
    const y = touch.clientY - start.y;
    if (event.touches.length > 1 || isSelecting() || (!start.sideways && Math.abs(y) > 12 && Math.abs(y) > Math.abs(x))) { release(); return; }
    start.sideways = start.sideways || Math.abs(x) > 16;
    if (start.sideways) text.style.transform = `translateX(${Math.round(x / 3)}px)`;
  }, { passive: true });
  text.addEventListener("touchend", (event) => {
    if (!start) return;
    const [touch] = event.changedTouches;
    const x = touch.clientX - start.x;
    const y = touch.clientY - start.y;
    const isSwipe = Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y) && event.timeStamp - start.at < LONGEST;
    release();
    const link = isSwipe && one((x < 0) !== (document.dir === "rtl") ? "[data-next]" : "[data-previous]");
    if (link) location.href = link.href;
  }, { passive: true });
  text.addEventListener("touchcancel", release, { passive: true });
})();
