"""Learning of the sites of one WARC file from some of their pages, before its pages are read."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from unabridged.bulk.cpu_limit import PageTooSlow, page_time
from unabridged.bulk.sites.candidates import Candidates, Place, candidates, worth_learning
from unabridged.errors import ExtractError, InvalidURL, NotAWarc
from unabridged.extraction.sites.learn import LEAST_CHARACTERS, learn
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import SamplePage, sample_page
from unabridged.warc_reader import capture_at, page_heads

LEAST_PAGES = 5
"""Pages of a host in one file from which it is learnt."""
STEPS = (5, 10)
"""Sample pages after which a site is learnt; the next step is taken only if the profile is not good."""
SHARE = 4
"""One page in so many of a host may become a sample: each costs as much as reading it the general way."""
GOOD_FIT = 0.9
GOOD_SHARE = 0.8
"""A profile is good if a template fits so well, and its templates cover this share of the samples."""
FAILURES = (PageTooSlow, MemoryError, RecursionError)
MOST_TRIED = 20
"""Pages of one host that are tried as samples; some are no articles."""
MOST_SITES = 5_000
"""Sites of one file that are learnt, those with the most pages first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Settings of the learning. page_seconds: CPU seconds of a page, and of the learning of one site.

    known: hosts that need not be learnt. is_wanted: tells if pages of a host are read at all. skip: positions
    of pages that ended an earlier try. note: told the position of each page that is looked at, and the share
    of the work that is done (0 to 1).
    """

    page_seconds: float
    known: Collection[str]
    is_wanted: Callable[[str], bool]
    skip: Collection[int]
    note: Callable[[int, float], None]


def learn_sites(path: Path, learning: Learning) -> Iterator[SiteProfile]:
    """Yield the profiles of the sites of a WARC file that have enough pages.

    Sites whose records cannot be found by their position (one compressed member holds several), or whose
    pages fail, are left out. Raises NotAWarc as `captures` does.
    """

    def is_new(site: str) -> bool:
        return site not in learning.known and learning.is_wanted(site)

    found = candidates(page_heads(path), lambda position: learning.note(position, 0.0), is_new)
    chosen = list(worth_learning(found, LEAST_PAGES, MOST_SITES))
    del found
    try:
        file = path.open("rb")
    except OSError as exc:
        raise NotAWarc(f"{path} cannot be read: {exc.strerror or exc}.") from exc
    with file:
        for number, (site, held) in enumerate(chosen):
            profile = _learnt(file, site, held, learning, number / len(chosen))
            if profile is not None and profile.templates:
                yield profile


def _learnt(
    file: BinaryIO, site: str, held: Candidates, learning: Learning, done: float
) -> SiteProfile | None:
    """Learn a site from as few of its pages as give a good profile."""
    samples: list[SamplePage] = []
    profile: SiteProfile | None = None
    steps = [step for step in STEPS if step <= max(STEPS[0], held.pages // SHARE)]
    places = held.in_order(LEAST_PAGES)[:MOST_TRIED]
    for tried, place in enumerate(places, start=1):
        learning.note(place.position, done)
        sample = None if place.position in learning.skip else _sample(file, place, learning.page_seconds)
        if sample is None or sample.characters < LEAST_CHARACTERS:
            if not samples and tried >= STEPS[0]:
                return None
            continue
        samples.append(sample)
        if len(samples) in steps:
            profile = _profile(site, samples, learning.page_seconds)
            if len(samples) == steps[-1] or (profile is not None and is_good(profile, len(samples))):
                return profile
    return profile or _profile(site, samples, learning.page_seconds)


def is_good(profile: SiteProfile, samples: int) -> bool:
    """Tell if more samples would hardly better a profile."""
    covered = sum(template.pages for template in profile.templates)
    return (
        bool(profile.templates)
        and covered >= GOOD_SHARE * samples
        and max(template.fit for template in profile.templates) >= GOOD_FIT
    )


def _sample(file: BinaryIO, place: Place, seconds: float) -> SamplePage | None:
    """Return a page as a sample, None if it is none: damaged, no article, or too slow."""
    page = capture_at(file, place.position)
    if page is None or hash(page.url) != place.address:
        return None
    try:
        with page_time(seconds):
            return sample_page(page.body, page.url, content_type=page.content_type, now=page.at)
    except (*FAILURES, ExtractError, InvalidURL):
        return None


def _profile(site: str, samples: list[SamplePage], seconds: float) -> SiteProfile | None:
    try:
        with page_time(seconds):
            return learn(site, samples)
    except FAILURES:
        return None
