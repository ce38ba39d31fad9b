"""Search for people and, as a feed of whole articles, for programs."""

import hashlib
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.archive.records import core
from unabridged.archive.records.search import HighlightSpan, Hit, Hits, Sort
from unabridged.archive.search.query_language import MOST_CHARACTERS
from unabridged.errors import BadQuery, NotFound
from unabridged.feeds.write import WRITERS
from unabridged.serve.context import Here, Reader
from unabridged.serve.routes import feed_documents
from unabridged.serve.views import lists

router = APIRouter()

PAGE_SIZE = 30
EXAMPLES = (
    ("white whale", "both words, wherever they stand"),
    ('"white whale"', "these words in a row"),
    ("whal*", "words that begin so"),
    ("圖書館", "any part of a word, in either script"),
    ("whale OR ship -film", "either, and without"),
    ("title:whale", "also author: tag: feed: site: lang:"),
    ("is:unread", "also is:starred is:changed is:read is:muted"),
    ("after:2024-02 before:7d", "a day, a month, a year, or how long ago"),
)
"""What may be typed, and what it finds; each is a link."""

Words = Annotated[str, Query(max_length=4 * MOST_CHARACTERS)]
Before = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hit as it is shown. title, snippet: in spans, some of them marked; version: the older one."""

    row: lists.Row
    title: tuple[HighlightSpan, ...]
    snippet: tuple[HighlightSpan, ...]
    href: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page of hits. problem: what is wrong with what was typed; waiting: articles not indexed yet."""

    asked: str
    found: tuple[Found, ...] = ()
    tabs: tuple[lists.Tab, ...] = ()
    formats: tuple[tuple[str, str], ...] = ()
    older: str = ""
    problem: str = ""
    waiting: int = 0


@router.get("/search")
def search(
    request: Request,
    reader: Here,
    q: Words = "",
    sort: Sort = "newest",
    history: bool = False,
    before: Before = None,
) -> Response:
    """The articles that answer a search, with snippets; without one, what may be typed."""
    view, status = View(asked=q), 200
    if q.strip():
        try:
            moment = reader.moment()
            hits = reader.library.search.hits(
                q, sort=sort, history=history, before=before, limit=PAGE_SIZE, now=moment.now
            )
            view = _view(reader, hits, q, sort, history)
        except BadQuery as problem:
            view, status = View(asked=q, problem=str(problem)), 422
    title = f"Search: {q}" if q.strip() else "Search"
    return reader.page(
        request, "search.html", status=status, nav=reader.nav(), view=view, title=title, examples=EXAMPLES
    )


def _view(reader: Reader, hits: Hits, q: str, sort: Sort, history: bool) -> View:
    moment, icons = reader.moment(), reader.archive.images.icons()
    kept = {"sort": sort} if sort != "newest" else {"history": "1"} if history else {}
    older = _address(q, **kept, before=hits.next) if hits.next else ""
    names = (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json"))
    formats = tuple((name, f"/search.{extension}?{urlencode({'q': q})}") for name, extension in names)
    return View(
        asked=q,
        found=tuple(_found(hit, lists.row(hit.headline, moment, None, icons)) for hit in hits.hits),
        tabs=(
            lists.Tab(name="Newest", href=_address(q), current=sort == "newest" and not history),
            lists.Tab(name="Best", href=_address(q, sort="best"), current=sort == "best" and not history),
            lists.Tab(name="Taken out", href=_address(q, history="1"), current=history),
        ),
        formats=() if history else formats,
        older=older,
        waiting=hits.waiting,
    )


def _address(q: str, **more: str) -> str:
    return f"/search?{urlencode({'q': q, **more})}"


def _found(hit: Hit, row: lists.Row) -> Found:
    href = row.href if hit.version is None else f"{row.href}/v/{hit.version}"
    return Found(
        row=row,
        title=hit.title or (HighlightSpan(row.title),),
        snippet=hit.snippet,
        href=href,
        version=hit.version,
    )


@router.get("/search.{format_name}")
def search_feed(
    request: Request, reader: Here, format_name: str, q: Words = "", before: Before = None
) -> Response:
    """A search as a feed of whole articles (`.rss`, `.atom`, `.json`), newest first."""
    if format_name not in WRITERS:
        raise NotFound(f"A search has no form {format_name[:20]!r}. There are: {', '.join(WRITERS)}.")
    if feed_documents.wants_html(request, format_name):
        return search(request, reader, q=q, before=before)
    limit = reader.settings.serve.feed_limit
    found = reader.library.search.articles(q, before=before, limit=limit, now=reader.clock())
    scope = feed_documents.Scope(
        query=core.Query(),
        path="/search",
        urn=f"urn:unabridged:search:{hashlib.sha256(q.encode('utf-8', 'replace')).hexdigest()[:32]}",
        title=f"Unabridged: {q}",
        description=f"Every article that answers the search {q}, whole.",
    )
    return feed_documents.written(request, reader, scope, format_name, found, {"q": q})
