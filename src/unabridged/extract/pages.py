"""Articles on several pages: which page to fetch next, and the pages joined into one. Pure: others fetch.

parts = [first]
while isinstance(step := next_step(parts, failed), Fetch):
    ... fetch step.url, append its Part, or add the address to `failed` ...
article = step.article
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.extract.article import Part
from unabridged.extract.dom import Element, parse_body
from unabridged.extract.policy import sanitise
from unabridged.extract.render import render
from unabridged.model import Article

MOST_PAGES = 20
"""Pages of one article that are joined; longer chains are calendars, forums or traps."""
SAME_AGAIN = 0.8
"""A page of which more than this share of blocks was there before is no next page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The next thing to do: get this address and extract its part."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Nothing more to fetch: the whole article."""

    article: Article


def next_step(parts: Sequence[Part], failed: Set[str] = frozenset()) -> Fetch | Done:
    """Decide what to do after reading `parts` (the first page first, then in the order they were asked for).

    failed: addresses that were asked for and could not be read. A single-page view comes before next pages;
    it is believed when it holds at least what the first page does.
    """
    first = parts[0]
    single = first.single_page
    if single and _is_elsewhere(single, first) and _same_site(single, first):
        if len(parts) == 1 and single not in failed:
            return Fetch(url=single)
        if len(parts) > 1 and _is_at(parts[1], single):
            if len(parts[1].article.text) >= len(first.article.text):
                return Done(article=_in_place_of(first, parts[1]))
            parts = [first, *parts[2:]]
    chain = _chain(parts)
    onwards = chain[-1].next_page
    if onwards and len(chain) < MOST_PAGES and onwards not in failed and _is_new(onwards, chain):
        return Fetch(url=onwards)
    return Done(article=_joined(chain, onwards if onwards in failed else None))


def _identity(url: str) -> str:
    try:
        return urls.identity(url)
    except InvalidURL:
        return url


def _is_at(part: Part, url: str) -> bool:
    return _identity(part.article.url) == _identity(url)


def _is_elsewhere(url: str, part: Part) -> bool:
    return not _is_at(part, url)


def _same_site(url: str, part: Part) -> bool:
    return urls.registrable_domain(url) == urls.registrable_domain(part.article.url)


def _is_new(url: str, chain: Sequence[Part]) -> bool:
    return _same_site(url, chain[0]) and all(_is_elsewhere(url, part) for part in chain)


def _chain(parts: Sequence[Part]) -> list[Part]:
    """The parts up to the first that says nothing new (a page that answers every number with itself)."""
    chain = [parts[0]]
    known = set(_blocks(parts[0].article.body))
    for part in parts[1:]:
        blocks = _blocks(part.article.body)
        fresh = [block for block in blocks if block not in known]
        if len(fresh) < (1 - SAME_AGAIN) * max(1, len(blocks)):
            return [*chain[:-1], replace(chain[-1], next_page=None)]
        chain.append(part)
        known.update(blocks)
    return chain


def _blocks(body: str) -> list[str]:
    """The top-level blocks of a body, as HTML."""
    if not body:
        return []
    return [child.html for child in parse_body(body) if isinstance(child, Element)]


def _joined(chain: Sequence[Part], missing: str | None) -> Article:
    first = chain[0].article
    warnings = list(first.warnings)
    if missing:
        warnings.append(f"Page {len(chain) + 1} could not be read: {missing}")
    if len(chain) == 1:
        return replace(first, warnings=tuple(warnings))
    warnings.append(f"Joined from {len(chain)} pages.")
    known: set[str] = set()
    blocks: list[str] = []
    for part in chain:
        fresh = [block for block in _blocks(part.article.body) if block not in known]
        known.update(fresh)
        blocks += fresh
    return _with_body(first, "".join(blocks), warnings)


def _with_body(article: Article, body: str, warnings: Sequence[str]) -> Article:
    body = sanitise(body)
    views = render(body)
    return replace(
        article,
        body=body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        warnings=tuple(warnings),
    )


def _in_place_of(first: Part, single: Part) -> Article:
    """The single-page view's text under the first page's name and metadata."""
    note = "Read from the single-page view."
    return replace(
        first.article,
        body=single.article.body,
        text=single.article.text,
        markdown=single.article.markdown,
        links=single.article.links,
        media=single.article.media,
        completeness=single.article.completeness,
        warnings=(*first.article.warnings, note),
    )
