"""Outcome of the extraction of a page of a known site: records without the code that makes them."""

from dataclasses import dataclass

from unabridged.extraction.multipage.parts import PagePart

SHORTEST, LONGEST = 0.3, 3.0
"""Lengths of a text, in medians of its template, outside which it is looked at twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Result of one extraction, for the alarms.

    missed: the profile had no template for the page, or its body matched nothing. length: of the text, in
    medians of its template; 0 if nothing was read. agrees: with the general extraction, None if they were
    not compared. by_profile: the article is the profile's. stray: much text stands outside the body.
    """

    missed: bool = False
    stray: bool = False
    length: float = 0.0
    agrees: bool | None = None
    by_profile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A page read by a profile, whether or not it passed its checks. part: None if nothing could be read.

    failed: checks that failed, in words. by_profile: the article would be the profile's. words,
    general_words: of its text and of the general extraction's. alike: F1 of the words of both, 0 to 1.
    """

    part: PagePart | None
    failed: tuple[str, ...]
    by_profile: bool
    words: int
    general_words: int
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPart:
    """A page of a known site as extracted, and what its profile was worth."""

    part: PagePart
    seen: Observation
