"""Dates and by-lines that stand beside an article in a page's data."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Literal, NamedTuple

from unabridged.extraction.structure.page_data.data_articles import Candidate
from unabridged.text.patterns import lazy_regex

MOST_KEYS = 80
"""Keys of an object that are looked at."""
LEVELS = 3
"""Objects around a text whose values may be of the article."""
MOST_NAMES = 10
LONGEST = 200
"""Characters of a value."""
_DATE_KEYS = (
    lazy_regex(
        r"(?:first_?)?(?:date_?)?publi(?:sh|cation|shed)_?(?:at|on|date|time|datetime)?|pub_?date", re.I
    ),
    lazy_regex(r"(?:display|release|story|post)_?date|date_?time|date|datum|fecha", re.I),
    lazy_regex(r"created_?(?:at|on)|date_?created|creation_?date", re.I),
)
"""Keys of dates, the surest first."""
_AUTHOR_KEYS = lazy_regex(r"authors?|by_?lines?|creators?|writers?|autor(?:en|es)?|auteurs?", re.I)
_NAME_KEYS = ("name", "fullName", "full_name", "displayName", "display_name", "title", "label")


class DataFact(NamedTuple):
    """A date or a by-line in the data. name: its key, with "../" for each object around that of the text.

    rank: 0 for the surest keys.
    """

    kind: Literal["published", "authors"]
    name: str
    text: str
    rank: int


def facts_beside(found: Candidate) -> tuple[DataFact, ...]:
    """Return the dates and by-lines in the object of a text and in those around it, the nearest first."""
    owner, above, facts = found.owner, "", list[DataFact]()
    for _ in range(LEVELS):
        if owner is None:
            break
        facts += _facts(owner.value, above)
        owner, above = owner.above, f"../{above}"
    return tuple(facts)


def _facts(values: Mapping[str, object], above: str) -> Iterator[DataFact]:
    for key, value in islice(values.items(), MOST_KEYS):
        if len(key) > LONGEST:
            continue
        rank = next((place for place, keys in enumerate(_DATE_KEYS) if keys.fullmatch(key)), None)
        if rank is not None and (text := _date(value)):
            yield DataFact("published", above + key, text, rank)
        elif _AUTHOR_KEYS.fullmatch(key) and (text := "; ".join(islice(_names(value), MOST_NAMES))):
            yield DataFact("authors", above + key, text[: 2 * LONGEST], 0)


def _date(value: object) -> str:
    """Return a date as text; numbers are seconds or milliseconds since 1970."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        if 1e8 < seconds < 5e9:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    return ""


def _names(value: object) -> Iterator[str]:
    for one in value[:MOST_NAMES] if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = next((name for key in _NAME_KEYS if isinstance(name := one.get(key), str)), None)
        if isinstance(one, str) and 0 < len(one) <= LONGEST:
            yield one
