"""Extraction of a page of a known site: by its profile, the general way, or both ways to compare them."""

from collections import Counter
from dataclasses import replace

from unabridged.extraction.article import extract_part
from unabridged.extraction.completeness.facts import SiteLength
from unabridged.extraction.multipage.parts import PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.outcome import KnownPart, Observation, Trial
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.read import (
    NO_BODY,
    NO_TEMPLATE,
    OUTSIDE,
    Reading,
    read_known,
    usual_length,
)

AGREE = 0.8
"""F1 of the words of two texts from which they agree."""
MUCH_LONGER = 2.0
"""A text that is so many times as long wins over one that passed its checks, but agrees with it little."""
LONGER, PART = 1.05, 0.9
"""So does one that is a twentieth longer, in words, and has nine tenths of its words."""


def extract_known(request: ExtractRequest, profile: SiteProfile, *, compare: bool = False) -> KnownPart:
    """Extract a page of a known site.

    compare: extract it the general way too, even if the profile's reading passes its checks; the better
    result is returned. Raises NotAPage, InvalidURL as `extract_part` does. Site rules come first: with
    rules the profile is not used.
    """
    general = with_lines(request, profile)
    if (request.rules is not None and request.rules.sources) or not profile.templates:
        return KnownPart(part=extract_part(general), seen=Observation())
    reading = read_known(request, profile)
    if reading.part is not None and reading.passed and not compare:
        return KnownPart(part=reading.part, seen=Observation(length=reading.length, by_profile=True))
    return better(reading, extract_part(general))


def _shortest_template(profile: SiteProfile) -> SiteLength | None:
    """Return the lengths of the template with the shortest text: no text may be called a part because of
    another template's lengths."""
    lengths = [usual_length(template) for template in profile.templates]
    return min(lengths, key=lambda length: length.shortest, default=None)


def with_lines(request: ExtractRequest, profile: SiteProfile) -> ExtractRequest:
    """Return a request for the general extraction that leaves out what stands on other pages of the
    site, and measures its text by theirs."""
    return replace(
        request,
        boilerplate=profile.boilerplate,
        other_page=profile.other_page,
        usual=_shortest_template(profile),
    )


def better(reading: Reading, general: PagePart) -> KnownPart:
    """Return the better of two extractions of one page, and how they compare."""
    if reading.part is None:
        missed = bool({NO_BODY, NO_TEMPLATE} & set(reading.failed))
        has_text = general.article.completeness.kind in ("full", "live_blog", "truncated") and bool(
            general.article.text
        )
        return KnownPart(part=general, seen=Observation(missed=missed and has_text))
    own, other = reading.part.article.text, general.article.text
    if reading.commented:
        other = _beginning(other, own)
    agrees = likeness(own, other) >= AGREE
    by_profile = reading.passed and (agrees or not _lost(own, other))
    return KnownPart(
        part=reading.part if by_profile else general,
        seen=Observation(
            length=reading.length,
            agrees=agrees,
            by_profile=by_profile,
            stray=OUTSIDE in reading.failed,
        ),
    )


def try_profile(request: ExtractRequest, profile: SiteProfile) -> Trial:
    """Read a page by its site's profile and the general way, for people. Raises NotAPage, InvalidURL."""
    reading, general = read_known(request, profile), extract_part(request)
    own = reading.part.article.text if reading.part is not None else ""
    return Trial(
        part=reading.part,
        failed=reading.failed,
        by_profile=better(reading, general).seen.by_profile,
        words=len(own.split()),
        general_words=len(general.article.text.split()),
        alike=round(likeness(own, general.article.text), 3),
    )


def _beginning(text: str, other: str) -> str:
    """Return the first words of a text, a tenth more than another one has: what follows are comments."""
    return " ".join(text.split()[: 11 * len(other.split()) // 10])


def _lost(own: str, other: str) -> bool:
    """Say whether a text lacks much of a longer one: it is much shorter, or is a part of it."""
    if len(other) > MUCH_LONGER * len(own):
        return True
    words, more = Counter(own.split()), Counter(other.split())
    return more.total() > LONGER * words.total() and (words & more).total() >= PART * words.total()


def likeness(first: str, second: str) -> float:
    """Return the F1 of the words of two texts; 1 for two empty ones."""
    own, other = Counter(first.split()), Counter(second.split())
    whole = own.total() + other.total()
    return 2 * (own & other).total() / whole if whole else 1.0
