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
    not compared. by_profile: the article is the profile's.
    """

    missed: bool = False
    length: float = 0.0
    agrees: bool | None = None
    by_profile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPart:
    """A page of a known site as extracted, and what its profile was worth."""

    part: PagePart
    seen: Observation
