"""List profiles: what was learnt about the list of a page that serves as a feed, as a small record."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from unabridged.errors import ConfigError
from unabridged.model import Feed

NO_ITEMS = "a page without a list of articles"
"""Name of such a page in messages."""

MOST_EXAMPLES = 10
LONGEST_EXAMPLE = 500
"""Most headlines that a person points at, and characters of one."""

VERSION = 1
MAX_BYTES = 20_000
"""Bytes of a profile as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPattern:
    """Items of one form on a page.

    link: CSS selector of their links, in which every ">" is one level. levels: elements from the link outward
    to the item (0: the link is the item). run: the item's parts are its next siblings too, as in a definition
    list ("after"), or its previous ones ("before"). title: CSS selector of the title within the item, "" for
    the link's words. date: selector within the item, with "@name" for an attribute, "address" for the link's
    address, "heading" for a day before a part of the list, "" for none. order: order of day and month in
    dates such as 03/04/2025 ("dmy", "mdy"), "" where it is not told. form: a date as it is written, every
    digit as 0. summary: selector within the item, "" for none. picture: items have one. furniture: the list
    stands in what is left out elsewhere, such as a sidebar. items, dated: found on the page that it was
    learnt from.
    """

    link: str
    levels: int
    run: str = ""
    title: str = ""
    date: str = ""
    order: str = ""
    form: str = ""
    summary: str = ""
    picture: bool = False
    furniture: bool = False
    items: int = 0
    dated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProfile:
    """Items of a page that serves as a feed.

    chosen_by: "structure", "example" (a person pointed at an item), "selector" (a person named the links),
    "known" or "addresses" (learnt again by items known from before, or by the form of their addresses).
    pages: versions that it was learnt from. Evidence stands in each pattern: the number of items that it
    found, and of those with a date.
    """

    patterns: tuple[ItemPattern, ...]
    chosen_by: str = "structure"
    pages: int = 1
    version: int = VERSION

    @property
    def items(self) -> int:
        """Items found on the page that it was learnt from."""
        return sum(pattern.items for pattern in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An item read before: a label when a list is learnt again."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """Knowledge about the list of a page between two polls.

    profile: None where nothing is learnt yet. examples: headlines or addresses that a person pointed at.
    known: the items of the last reading. pages: earlier versions of the page, newest last.
    """

    profile: ListProfile | None = None
    examples: tuple[str, ...] = ()
    known: tuple[KnownItem, ...] = ()
    pages: tuple[bytes, ...] = field(default=(), repr=False)


NOTHING_KNOWN = ListState()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReading:
    """A page read as a feed.

    state: what is known after it. learnt: the list was learnt in this reading. others: the first headlines of
    each of the other lists of the page, if it was read the first time.
    """

    feed: Feed
    state: ListState
    learnt: bool
    others: tuple[tuple[str, ...], ...] = ()


def to_json(profile: ListProfile) -> str:
    """Return a profile as JSON of at most MAX_BYTES: the patterns with the fewest items are left out."""
    patterns = profile.patterns
    while True:
        text = orjson.dumps(asdict(replace(profile, patterns=patterns)))
        if len(text) <= MAX_BYTES or len(patterns) <= 1:
            return text.decode()
        least = min(patterns, key=lambda one: one.items)
        patterns = tuple(one for one in patterns if one is not least)


def from_json(text: str) -> ListProfile | None:
    """Return the profile of a JSON text, None for one of another version or form."""
    try:
        given: dict[str, Any] = orjson.loads(text)
        if given["version"] != VERSION:
            return None
        patterns = tuple(ItemPattern(**one) for one in given["patterns"])
        return ListProfile(patterns=patterns, chosen_by=given["chosen_by"], pages=given["pages"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def checked_examples(examples: Sequence[str]) -> tuple[str, ...]:
    """Return headlines that are not empty, each once. Raises ConfigError for too many or too long ones."""
    kept = tuple(dict.fromkeys(one for text in examples if (one := " ".join(text.split()))))
    if len(kept) > MOST_EXAMPLES or any(len(one) > LONGEST_EXAMPLE for one in kept):
        raise ConfigError(
            f"Point at no more than {MOST_EXAMPLES} headlines of at most {LONGEST_EXAMPLE} characters."
        )
    return kept
