"""Alarms of a site profile: signs that the site was redesigned, from what its last pages gave."""

from dataclasses import dataclass

import orjson

from unabridged.extraction.sites.outcome import LONGEST, SHORTEST, Observation

RECENT = 5
"""Pages that are looked back on."""
MOST = 3
"""Of these, pages with a sign that raise an alarm; a single odd page raises none."""

MISSED = "the body matched nothing on {count} of the last {pages} pages"
LENGTHS = "the text was unusually short or long on {count} of the last {pages} pages"
DISAGREED = "the profile disagreed with the general extraction {count} times in a row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Results of the last pages of a site, newest last.

    signs: of each of the last RECENT pages: "m" its body matched nothing, "l" its length was unusual, "." for
    neither. disagreements: comparisons in a row in which the two extractions disagreed. compared, disagreed:
    since the site was learnt.
    """

    signs: str = ""
    disagreements: int = 0
    compared: int = 0
    disagreed: int = 0


def watched(watch: Watch, seen: Observation) -> Watch:
    """Return the watch after one more page."""
    unusual = seen.length > 0 and not SHORTEST <= seen.length <= LONGEST
    sign = "m" if seen.missed else "l" if unusual else "."
    row = watch.disagreements
    if seen.agrees is not None:
        row = 0 if seen.agrees else row + 1
    return Watch(
        signs=(watch.signs + sign)[-RECENT:],
        disagreements=row,
        compared=watch.compared + (seen.agrees is not None),
        disagreed=watch.disagreed + (seen.agrees is False),
    )


def alarm_of(watch: Watch) -> str:
    """Return in words why a site must be learnt again, "" if nothing is wrong."""
    pages = len(watch.signs)
    missed, unusual = watch.signs.count("m"), watch.signs.count("l")
    if missed >= MOST:
        return MISSED.format(count=missed, pages=pages)
    if unusual >= MOST:
        return LENGTHS.format(count=unusual, pages=pages)
    if watch.disagreements >= MOST:
        return DISAGREED.format(count=watch.disagreements)
    return ""


def watch_to_json(watch: Watch) -> str:
    """Return a watch as JSON."""
    return orjson.dumps(watch).decode()


def watch_from_json(text: str) -> Watch:
    """Return the watch of a JSON text, a new one for an empty or foreign text."""
    try:
        return Watch(**orjson.loads(text)) if text else Watch()
    except (orjson.JSONDecodeError, TypeError):
        return Watch()
