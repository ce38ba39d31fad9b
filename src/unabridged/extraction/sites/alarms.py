"""Times at which a site is learnt: after its first pages, then weekly, or on an alarm.

An alarm is raised by signs that the site was redesigned, from what its last pages gave.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from unabridged.extraction.sites.outcome import LONGEST, SHORTEST, Observation

STEPS = (1, 2, 3, 5, 10, 20)
"""Pages held at which a site is learnt; the first two give only lines that its pages share."""
NEWEST = 20
"""Pages that a site is learnt from."""
AFTER_ALARM = 5
"""Pages after which a site that was learnt on an alarm is learnt again, from more pages of the new design."""
AGAIN = timedelta(days=7)

LIMITS = ((0.03, 3, 5), (0.1, 4, 5), (0.25, 7, 8), (1.0, 10, 10))
"""Usual share of pages with a sign, up to which so many signs on so many last pages raise an alarm.

A single odd page raises none, and a site that has many odd pages needs more of them: each row makes a false
alarm rarer than one in 2,000 pages. `make bench-drift` measures them."""
ROWS = ((0.1, 3), (0.3, 5), (0.6, 10))
"""Usual share of comparisons that disagree, up to which so many in a row raise an alarm. Where more of them
disagree, for example because the general extraction takes the readers' comments, disagreement says
nothing."""
RECENT = max(pages for _, _, pages in LIMITS)
"""Pages that are looked back on."""
KNOWN_PAGES, KNOWN_COMPARISONS = 10, 5
"""Pages and comparisons before which the usual shares are not known."""

MISSED = "the body matched nothing on {count} of the last {pages} pages"
LENGTHS = "the text was unusually short or long on {count} of the last {pages} pages"
STRAY = "much text stood outside the body on {count} of the last {pages} pages"
WORDS = {"m": MISSED, "s": STRAY, "l": LENGTHS}
"""Sign -> alarm. Of equally frequent signs the first counts."""
DISAGREED = "the profile disagreed with the general extraction {count} times in a row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Results of the pages of a site since it was learnt.

    signs: of each of the last RECENT pages, newest last: "m" its body matched nothing, "s" text stood
    outside it, "l" its length was unusual, "." for none of these. disagreements: comparisons in a row in
    which the two extractions disagreed. compared, disagreed, pages, odd: numbers of comparisons,
    disagreements, pages, and pages with a sign. since: time of the first page with a sign or a disagreement
    that still counts, in ISO 8601; "" for none. suspect_since: `since` of the last alarm, which outlasts
    learning.
    """

    signs: str = ""
    disagreements: int = 0
    compared: int = 0
    disagreed: int = 0
    pages: int = 0
    odd: int = 0
    since: str = ""
    suspect_since: str = ""


def watched(watch: Watch, seen: Observation, at: datetime | None = None) -> Watch:
    """Return the watch after one more page. at: when the page was fetched.

    An unusual length is no sign if the general extraction found the same text.
    """
    unusual = seen.length > 0 and not SHORTEST <= seen.length <= LONGEST and seen.agrees is not True
    sign = "m" if seen.missed else "s" if seen.stray else "l" if unusual else "."
    row = watch.disagreements
    if seen.agrees is not None:
        row = 0 if seen.agrees else row + 1
    signs = (watch.signs + sign)[-RECENT:]
    after = replace(
        watch,
        signs=signs,
        disagreements=row,
        compared=watch.compared + (seen.agrees is not None),
        disagreed=watch.disagreed + (seen.agrees is False),
        pages=watch.pages + 1,
        odd=watch.odd + (sign != "."),
    )
    if not row and not signs.strip("."):
        return replace(after, since="")
    began = watch.since or (at.isoformat() if at is not None else "")
    return replace(after, since=began, suspect_since=began if alarm_of(after) else watch.suspect_since)


def alarm_of(watch: Watch) -> str:
    """Return in words why a site must be learnt again, "" if nothing is wrong."""
    before = watch.pages - len(watch.signs)
    usual = (watch.odd - _odd(watch.signs)) / before if before >= KNOWN_PAGES else 0.0
    least, pages = next((least, pages) for share, least, pages in LIMITS if usual <= share)
    last = watch.signs[-pages:]
    if _odd(last) >= least:
        words = max(WORDS, key=last.count)
        return WORDS[words].format(count=_odd(last), pages=len(last))
    share = _usual_disagreement(watch)
    needed = next((row for most, row in ROWS if share <= most), None)
    if needed is not None and watch.disagreements >= needed:
        return DISAGREED.format(count=watch.disagreements)
    return ""


def is_doubted(watch: Watch) -> bool:
    """Say whether every page should be compared, until both extractions agree again."""
    return watch.disagreements > 0 and _usual_disagreement(watch) <= ROWS[1][0]


def _usual_disagreement(watch: Watch) -> float:
    """Return the share of comparisons that disagreed before the present row, 0 if it is not known."""
    earlier = watch.compared - watch.disagreements
    return (watch.disagreed - watch.disagreements) / earlier if earlier >= KNOWN_COMPARISONS else 0.0


def _odd(signs: str) -> int:
    return len(signs) - signs.count(".")


def after_learning(watch: Watch, *, changed: bool) -> Watch:
    """Return the watch of a site that was learnt again after an alarm.

    changed: something else was learnt than before. If not, its pages are as odd as they were, and what is
    usual for them stays known.
    """
    if changed:
        return Watch(suspect_since=watch.suspect_since)
    return replace(watch, signs="", disagreements=0, since="")


def watch_to_json(watch: Watch) -> str:
    """Return a watch as JSON."""
    return orjson.dumps(watch).decode()


def watch_from_json(text: str) -> Watch:
    """Return the watch of a JSON text, a new one for an empty or foreign text."""
    try:
        return Watch(**orjson.loads(text)) if text else Watch()
    except (orjson.JSONDecodeError, TypeError):
        return Watch()


def next_step(pages: int) -> int | None:
    """Return the number of pages at which a site is learnt next, None if it was learnt at the last step."""
    return next((step for step in STEPS if step > pages), None)


def learnt_again_at(now: datetime) -> datetime:
    """Return when a site is learnt again at the latest, if it has new pages then."""
    return now + AGAIN
