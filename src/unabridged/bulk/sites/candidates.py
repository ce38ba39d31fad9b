"""Pages of a WARC file that its sites can be learnt from, as places in the file: contents are read later."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from unabridged.urls import host
from unabridged.warc_reader import PageHead

MOST_HOSTS = 100_000
"""Hosts of one file that are counted; pages of others are read the general way."""
MOST_HELD = 80
"""Places held of one host, evenly spread over the file."""

_LIKE_AN_ARTICLE = re.compile(r"\d{3}|[^/]*[-_][^/]*[-_][^/]*/?$|\.[a-z]?html?\b|[?&]\w+=\d")
"""Addresses of articles: with a long number, a headline, or the suffix of a page. Of 1,250 articles of the
corpora (sites, fundus, trafilatura) 1,192 have such an address."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the file. address: hash of its URL. likely: its address is like that of an article."""

    position: int
    address: int
    likely: bool


@dataclass(slots=True)
class Candidates:
    """Pages of one host. pages: all of them, counted; places: of some, in the order of the file."""

    pages: int = 0
    places: list[Place] = field(default_factory=list)
    _step: int = 1
    _fresh: int = 0
    _addresses: set[int] = field(default_factory=set)

    def add(self, head: PageHead) -> None:
        """Count a page, and hold its place if it is one in so many. Front pages are only counted."""
        self.pages += 1
        address = hash(head.url)
        path = _path(head.url)
        if address in self._addresses or path in ("", "/"):
            return
        self._fresh += 1
        if self._fresh % self._step:
            return
        likely = _LIKE_AN_ARTICLE.search(path) is not None
        self.places.append(Place(head.position, address, likely))
        self._addresses.add(address)
        if len(self.places) > MOST_HELD:
            self.places = self.places[1::2]
            self._addresses = {place.address for place in self.places}
            self._step *= 2

    def in_order(self, least: int) -> list[Place]:
        """Return the places in the order in which they are tried: any first few are spread over the file.

        least: where there are so many likely articles, the others are left out.
        """
        likely = [place for place in self.places if place.likely]
        chosen = likely if len(likely) >= least else self.places
        return [chosen[index] for index in spread(len(chosen))]


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def spread(count: int) -> list[int]:
    """Return the numbers below a count; any first few are spread evenly (van der Corput's sequence)."""
    width = max(1, (count - 1).bit_length())
    turned = (int(f"{number:0{width}b}"[::-1], 2) for number in range(1 << width))
    return [number for number in turned if number < count]


def candidates(
    heads: Iterable[PageHead], note: Callable[[int], None], wanted: Callable[[str], bool]
) -> dict[str, Candidates]:
    """Return the pages of each wanted host. note: told the position of each page."""
    found: dict[str, Candidates] = {}
    for head in heads:
        note(head.position)
        site = host(head.url)
        if not site or not wanted(site):
            continue
        held = found.get(site)
        if held is None:
            if len(found) >= MOST_HOSTS:
                continue
            held = found[site] = Candidates()
        held.add(head)
    return found


def worth_learning(found: dict[str, Candidates], least: int, most: int) -> Iterator[tuple[str, Candidates]]:
    """Yield the hosts with enough pages, those with the most pages first."""
    by_pages = sorted(found.items(), key=lambda item: (-item[1].pages, item[0]))
    for site, held in by_pages[:most]:
        if held.pages < least:
            return
        yield site, held
