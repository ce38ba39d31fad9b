"""Preferences of a person for lists and articles: their choices, and the attributes of a page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from unabridged.archive.records.library import (
    AFTER_EDIT,
    AFTER_EDITS,
    SHARE_MARKS,
    SHARE_MARKS_CHOICES,
    Front,
)
from unabridged.serve.languages.choice import BROWSER, LANGUAGES

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark"),
    "language": (BROWSER, *LANGUAGES),
    "order": ("newest", "oldest"),
    "density": ("comfortable", "compact"),
    "scroll": ("keep", "read"),
    AFTER_EDIT: AFTER_EDITS,
    "copies": ("each", "first", "longest"),
    SHARE_MARKS: SHARE_MARKS_CHOICES,
    "feed_copies": ("all", "fold"),
    "font": ("serif", "sans"),
    "size": ("medium", "small", "large", "larger", "largest"),
    "width": ("medium", "narrow", "wide"),
    "leading": ("medium", "tight", "loose"),
    "speed": ("1", "0.75", "0.9", "1.1", "1.25", "1.5", "1.75", "2", "2.5", "3"),
}
"""Name of a preference -> its values, the default first. scroll: for articles that are scrolled past;
edited: for read articles that their publisher edits. copies: near-duplicates in lists, each for itself or
under one of them; feed_copies: in the feeds that one publishes. speed: of audio and video."""

SHOWN = ("theme", "density", "font", "size", "width", "leading")
"""Preferences that are attributes of a page (`data-theme`), unless they have the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Preferences of a person; the defaults for somebody who is not logged in."""

    theme: str = "system"
    language: str = BROWSER
    order: str = "newest"
    density: str = "comfortable"
    scroll: str = "keep"
    edited: str = "keep"
    copies: str = "each"
    share_marks: str = "own"
    feed_copies: str = "all"
    font: str = "serif"
    size: str = "medium"
    width: str = "medium"
    leading: str = "medium"
    speed: str = "1"

    @property
    def front(self) -> Front | None:
        """Return which near-duplicate lists show, None if they show each."""
        fronts: Mapping[str, Front] = {"first": "first", "longest": "longest"}
        return fronts.get(self.copies)

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Return (name, value) of the attributes of a page."""
        values = ((name, getattr(self, name)) for name in SHOWN)
        return tuple((name, value) for name, value in values if value != CHOICES[name][0])


DEFAULTS = Preferences()


def preferences_of(stored: Mapping[str, str]) -> Preferences:
    """Return preferences as stored; what is missing or unknown has its default."""
    return Preferences(**accepted(stored))


def accepted(given: Mapping[str, str]) -> dict[str, str]:
    """Return those preferences of a form whose values are known."""
    return {name: given[name] for name, values in CHOICES.items() if given.get(name) in values}


def to_store(chosen: Mapping[str, str]) -> dict[str, str | None]:
    """Return what is stored: None for a default, so that a later release can change it."""
    return {name: None if value == CHOICES[name][0] else value for name, value in chosen.items()}


def order_name(path: str) -> str:
    """Return the name of the preference for the order of one list."""
    return f"order {path}"
