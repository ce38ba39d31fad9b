"""Articles on several pages: decide which page to fetch next, and join the pages. Pure: the caller fetches.

parts = [first]
while isinstance(step := next_step(parts, failed), Fetch):
    ... fetch step.url, append its PagePart, or add the URL to `failed` ...
article = step.article
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.extraction.html.dom import Element, parse_body
from unabridged.extraction.html.render import render
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.extraction.multipage.parts import MOST_PAGES, Done, Fetch, PagePart
from unabridged.model import Article
from unabridged.text.words import letters_only

SAME_AGAIN = 0.8
"""A page that repeats more than this share of known blocks is not a next page."""
WHOLE_GROWS = 1.3
"""The full view of an article on several pages has at least this many times the first page's text."""
HELD = 0.6
"""Share of the first page's text that a full view must contain."""
LEAST_LINE = 24
"""Minimum letters of a line that is looked for in the full view."""


def next_step(parts: Sequence[PagePart], failed: Set[str] = frozenset()) -> Fetch | Done:
    """Decide the next step after reading `parts` (the first page first, then in the order of requests).

    failed: URLs that could not be read. A full view is requested before next pages, so it is always the
    second part. The single page of site rules is accepted if it has at least as much text as the first page;
    a view that the page names, if it contains the first page's text and more.
    """
    first = parts[0]
    view = _view_of(first)
    if view and view not in failed:
        if len(parts) == 1:
            return Fetch(url=view)
        if _is_better(parts[1], first):
            return Done(article=_with_text_of(first, parts[1]))
        parts = [first, *parts[2:]]
    chain = _chain(parts)
    onwards = chain[-1].next_page
    if onwards and len(chain) < MOST_PAGES and onwards not in failed and _is_new(onwards, chain):
        return Fetch(url=onwards)
    return Done(article=_joined(chain, onwards if onwards in failed else None))


def _view_of(first: PagePart) -> str | None:
    """Return the view to request: the rules' single page on the same site, else the one that the page
    names."""
    single = first.single_page
    if single:
        return single if _is_elsewhere(single, first) and _same_site(single, first) else None
    return first.view


def _is_better(other: PagePart, first: PagePart) -> bool:
    """Say whether a view can replace the first page: the same article, with more of it."""
    mine, theirs = first.article.text, other.article.text
    if first.single_page:
        return len(theirs) >= len(mine)
    if other.article.completeness.kind not in ("full", "live_blog", "truncated"):
        return False
    if other.next_page and first.next_page:  # a view of this one page
        return False
    grown = WHOLE_GROWS if first.next_page else 1.0
    return len(theirs) > grown * len(mine) and _contains(other.article, first.article)


def _contains(whole: Article, part: Article) -> bool:
    """Say whether an article contains most of another's text; compared by title if that one has almost
    none."""
    lines = [letters_only(line) for line in part.text.split("\n")]
    told = [line for line in lines if len(line) >= LEAST_LINE]
    if not told:
        title = letters_only(part.title)
        return len(title) >= LEAST_LINE / 2 and title in letters_only(f"{whole.title} {whole.text[:1000]}")
    text = letters_only(whole.text)
    return sum(len(line) for line in told if line[:LEAST_LINE] in text) >= HELD * sum(map(len, told))


def _identity(url: str) -> str:
    try:
        return urls.identity(url)
    except InvalidURL:
        return url


def _is_at(part: PagePart, url: str) -> bool:
    return _identity(part.article.url) == _identity(url)


def _is_elsewhere(url: str, part: PagePart) -> bool:
    return not _is_at(part, url)


def _same_site(url: str, part: PagePart) -> bool:
    return urls.registrable_domain(url) == urls.registrable_domain(part.article.url)


def _is_new(url: str, chain: Sequence[PagePart]) -> bool:
    return _same_site(url, chain[0]) and all(_is_elsewhere(url, part) for part in chain)


def _chain(parts: Sequence[PagePart]) -> list[PagePart]:
    """Return the parts up to the first that adds nothing new (sites that answer every page number with page
    1)."""
    chain = [parts[0]]
    known = set(_blocks(parts[0].article.html))
    for part in parts[1:]:
        blocks = _blocks(part.article.html)
        fresh = [block for block in blocks if block not in known]
        if len(fresh) < (1 - SAME_AGAIN) * max(1, len(blocks)):
            return [*chain[:-1], replace(chain[-1], next_page=None)]
        chain.append(part)
        known.update(blocks)
    return chain


def _blocks(body: str) -> list[str]:
    """Return the top-level blocks of a body, as HTML."""
    if not body:
        return []
    return [child.html for child in parse_body(body) if isinstance(child, Element)]


def _joined(chain: Sequence[PagePart], missing: str | None) -> Article:
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
        fresh = _without_frame(_blocks(part.article.html), known)
        known.update(fresh)
        blocks += fresh
    return _with_body(first, "".join(blocks), warnings)


def _without_frame(blocks: Sequence[str], known: Set[str]) -> list[str]:
    """Return a page's blocks without those that frame each page, and known links and pictures.

    Between new blocks, a refrain, a clause or a rule may repeat one of an earlier page.
    """
    new = [place for place, block in enumerate(blocks) if block not in known]
    if not new:
        return []
    within = blocks[new[0] : new[-1] + 1]
    return [block for block in within if block not in known or not ("<a " in block or "<figure" in block)]


def _with_body(article: Article, body: str, warnings: Sequence[str]) -> Article:
    body = sanitise(body)
    views = render(body)
    return replace(
        article,
        html=body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        warnings=tuple(warnings),
    )


def _with_text_of(first: PagePart, single: PagePart) -> Article:
    """Return the first page's article with the text of the full view."""
    note = f"Read from the article's full view: {single.article.url}"
    return replace(
        first.article,
        html=single.article.html,
        text=single.article.text,
        markdown=single.article.markdown,
        links=single.article.links,
        media=single.article.media,
        completeness=single.article.completeness,
        warnings=(*first.article.warnings, note),
    )
