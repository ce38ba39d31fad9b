"""The pages a person reads: lists, sources, one article, its versions. Nothing here changes anything."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records import core
from unabridged.errors import NotFound, UnabridgedError, without_login
from unabridged.formats.opml import SubscriptionImport, subscriptions_opml
from unabridged.formats.selection import Selection
from unabridged.serve.context import Here, Reader
from unabridged.serve.diff_child import Compared
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.routes import media
from unabridged.serve.views import article as articles
from unabridged.serve.views import lists

router = APIRouter()

PAGE_SIZE = 40
FEEDS_A_PAGE = 300
SHOWN_FOLDERS = 500
"""Names of folders that are proposed when a feed is added."""
SHOWN_LINES = 100
"""Addresses of a list that are named one by one, of those left out and of those that need a login."""

Id = Annotated[int, Path(ge=1, lt=10**15)]
VersionNumber = Annotated[int, Path(ge=0, lt=10**9)]
PageNumber = Annotated[int, Query(ge=1, lt=10**9)]
Show = Literal["all", "unread", "starred"]
Before = Annotated[str | None, Query(max_length=200)]


@router.get("/")
def home(request: Request, reader: Here, show: Show = "all", before: Before = None) -> Response:
    """Everything, newest first; or, before there is anything, how to begin."""
    counts = reader.library.counts()
    if not counts.articles and not counts.feeds:
        return reader.page(request, "welcome.html")
    titles = {"all": "All articles", "unread": "Unread", "starred": "Starred"}
    listing = lists.Listing(
        title=titles[show], path="/", stem="/feeds/all", days=(), tabs=lists.tabs("/", show)
    )
    return _list(request, reader, listing, _query(show, before), feeds=counts.feeds)


@router.get("/feeds/{name}")
def feed(request: Request, reader: Here, name: str, show: Show = "all", before: Before = None) -> Response:
    """A feed: whole, for programs (`.rss`, `.atom`, `.json`), or as a list for people."""
    key, format_name = feeds.split_format(name)
    if format_name is not None and not feeds.wants_html(request, format_name):
        return feeds.answer(request, reader, feeds.feed_scope(reader, key), format_name)
    if key == "all":
        return RedirectResponse("/", 303)
    subscription = reader.library.subscriptions.get(feeds.number(key))
    stored, moment = subscription.feed, reader.moment()
    line = lists.feed_line(subscription, moment)
    listing = lists.Listing(
        title=subscription.title,
        path=line.href,
        stem=line.href,
        days=(),
        tabs=lists.tabs(line.href, show),
        description=stored.description,
        site=stored.site_url or "",
        problem=line.problem,
        feed=line,
        scope=(("feed", str(stored.id)),),
    )
    return _list(
        request, reader, listing, _query(show, before, feed=stored.id), fresh=stored.last_polled is None
    )


@router.get("/folders/{name:path}")
def folder(request: Request, reader: Here, name: str, show: Show = "all", before: Before = None) -> Response:
    """A folder: its articles as one feed, or as a list for people."""
    key, format_name = feeds.split_format(name)
    if format_name is not None and not feeds.wants_html(request, format_name):
        return feeds.answer(request, reader, feeds.folder_scope(reader, key), format_name)
    found = feeds.folder_named(reader, key)
    listing = _listing(found.name, lists.folder_path(found.name), show, scope=("folder", str(found.id)))
    return _list(request, reader, listing, _query(show, before, folder=found.id), feeds=found.feeds)


@router.get("/sources")
def sources(request: Request, reader: Here, page: PageNumber = 1) -> Response:
    """All feeds in their folders, with what is wrong with some, and the form to add one."""
    return sources_page(request, reader, page=page)


@router.get("/sources.opml")
def subscriptions(reader: Here) -> Response:
    """The subscriptions as a file, for any reader."""
    content, _ = subscriptions_opml(reader.archive, Selection())
    headers = {
        "content-disposition": 'attachment; filename="unabridged.opml"',
        "cache-control": "private, no-cache",
    }
    return Response(content, media_type="text/x-opml; charset=utf-8", headers=headers)


def taken_page(
    request: Request, reader: Reader, name: str, taken: SubscriptionImport, refused: Sequence[tuple[str, str]]
) -> Response:
    """Say what became of a list of subscriptions. refused: addresses left out, each with the reason."""
    return reader.page(
        request,
        "taken.html",
        nav=reader.nav(),
        title="Subscriptions",
        name=name,
        taken=taken,
        private=taken.private[:SHOWN_LINES],
        refused=refused[:SHOWN_LINES],
        refused_count=len(refused),
    )


def sources_page(
    request: Request,
    reader: Reader,
    *,
    page: int = 1,
    given: str = "",
    error: UnabridgedError | None = None,
    what: str = "This address could not be added.",
) -> Response:
    """Show the sources; with what was wrong (422) after something that could not be added."""
    subscriptions, every = reader.library.subscriptions.page((page - 1) * FEEDS_A_PAGE, FEEDS_A_PAGE)
    pages = max(1, -(-every // FEEDS_A_PAGE))
    if page > pages:
        raise NotFound(f"The list of sources has {pages} pages.")
    return reader.page(
        request,
        "sources.html",
        pages=f"Page {page:,} of {pages:,}" if pages > 1 else "",
        page_links=lists.page_links("/sources", page, pages),
        status=422 if error else 200,
        nav=reader.nav(),
        groups=lists.folder_groups(subscriptions, reader.moment(), reader.archive.images.icons()),
        folders=[folder.name for folder in reader.library.subscriptions.folders()][:SHOWN_FOLDERS],
        title="Sources",
        error=str(error) if error else "",
        what=what,
        given=without_login(given),
    )


@router.get("/sources/{name}")
def source(request: Request, reader: Here, name: str, show: Show = "all", before: Before = None) -> Response:
    """What came from one source that need not be a feed: imported documents, pages saved by hand."""
    key, format_name = feeds.split_format(name)
    if format_name is not None and not feeds.wants_html(request, format_name):
        return feeds.answer(request, reader, feeds.source_scope(reader, key), format_name)
    found = feeds.source_named(reader, key)
    listing = _listing(found.title, lists.source_path(found.slug), show, scope=("source", found.slug))
    return _list(request, reader, listing, _query(show, before, source=found.slug))


@router.get("/tags/{tag_id}")
def tag(request: Request, reader: Here, tag_id: Id, show: Show = "all", before: Before = None) -> Response:
    """What a person put one of their tags on."""
    found = next((one for one in reader.library.tags.all() if one.id == tag_id), None)
    if found is None:
        raise NotFound("There is no such tag any more: it was on nothing.")
    path = lists.tag_path(tag_id)
    listing = lists.Listing(
        title=found.name, path=path, days=(), tabs=lists.tabs(path, show), scope=(("tag", str(tag_id)),)
    )
    return _list(request, reader, listing, _query(show, before, tag=tag_id))


@router.get("/muted")
def muted(request: Request, reader: Here, show: Show = "all", before: Before = None) -> Response:
    """What mute rules set aside, and the rules."""
    found = reader.library.mutes.all()
    rules = lists.rule_lines(found, _titles(reader, {rule.feed_id for rule in found if rule.feed_id}))
    listing = lists.Listing(
        title="Muted",
        path="/muted",
        days=(),
        tabs=lists.tabs("/muted", show),
        scope=(("muted", "1"),),
        rules=rules,
    )
    return _list(request, reader, listing, _query(show, before, muted=True))


def _titles(reader: Reader, feeds: Iterable[int]) -> dict[int, str]:
    """Feed number -> its name, for those of some feeds that are subscribed."""
    titles: dict[int, str] = {}
    for number in feeds:
        with suppress(NotFound):
            titles[number] = reader.library.subscriptions.get(number).title
    return titles


def _query(show: Show, before: str | None, **where: int | str) -> core.Query:
    return core.Query(
        **where,  # type: ignore[arg-type]
        unread=show == "unread",
        starred=show == "starred",
        before=before,
        limit=PAGE_SIZE,
    )


def _listing(title: str, path: str, show: Show, *, scope: tuple[str, str]) -> lists.Listing:
    """A list whose feeds stand beside it at the same path."""
    return lists.Listing(
        title=title, path=path, stem=path, days=(), tabs=lists.tabs(path, show), scope=(scope,)
    )


def _list(
    request: Request,
    reader: Reader,
    listing: lists.Listing,
    query: core.Query,
    *,
    feeds: int = 1,
    fresh: bool = False,
) -> Response:
    found, moment = reader.library.articles.headlines(query), reader.moment()
    icons = reader.archive.images.icons()
    show = "starred" if query.starred else "unread" if query.unread else "all"
    view = lists.filled(
        listing,
        headlines=found,
        rows=[lists.row(line, moment, _thumb(reader, line.lead_image), icons) for line in found.headlines],
        show=show,
        moment=moment,
        nothing=lists.empty(show, feeds=feeds, problem=listing.problem, fresh=fresh),
    )
    return reader.page(request, "list.html", nav=reader.nav(), view=view, title=view.title)


def _thumb(reader: Reader, url: str | None) -> str | None:
    if not url or not url.startswith(("http://", "https://")) or url.split("?")[0].lower().endswith(".svg"):
        return None
    return media.proxied(url, reader.signer)


@router.get("/a/{article_id}")
def article(request: Request, reader: Here, article_id: Id) -> Response:
    """One article, in its newest version."""
    stored = reader.library.articles.get(article_id)
    versions = len(reader.library.articles.revisions(article_id))
    query = core.Query(feed=stored.feed_id) if stored.feed_id else core.Query(source=stored.source)
    newer, older = reader.library.articles.neighbours(article_id, query)
    return reader.page(
        request,
        "article.html",
        view=_reading(reader, stored, versions),
        newer=_neighbour(reader, newer),
        older=_neighbour(reader, older),
    )


def _reading(reader: Reader, stored: core.StoredArticle, versions: int) -> articles.Reading:
    marked = stored if stored.same_as is None else reader.library.articles.get(stored.same_as)
    return articles.reading(
        articles.with_marks(stored, marked),
        reader.moment(),
        versions=versions,
        proxied=lambda url: media.proxied(url, reader.signer),
        rewritten=lambda body: media.rewritten(body, reader.signer),
        own=reader.library.tags.by_article([marked.id]).get(marked.id, ()),
        tags=reader.library.tags.all(),
    )


def _neighbour(reader: Reader, article_id: int | None) -> articles.Neighbour | None:
    if article_id is None:
        return None
    return articles.neighbour(reader.library.articles.get(article_id))


@router.get("/a/{article_id}/v/{number}")
def version(request: Request, reader: Here, article_id: Id, number: VersionNumber) -> Response:
    """An article as it was in one version: an address that always shows the same text."""
    stored = reader.library.articles.get(article_id)
    old = articles.at_version(stored, reader.library.articles.revision(article_id, number))
    view = _reading(reader, old, len(reader.library.articles.revisions(article_id)))
    shown = articles.as_old(view, old, stored.revision, reader.moment())
    return reader.page(request, "article.html", view=shown, newer=None, older=None)


@router.get("/a/{article_id}/versions")
def versions(request: Request, reader: Here, article_id: Id) -> Response:
    """The history of an article: every version kept, and every look at its page."""
    stored, moment = reader.library.articles.get(article_id), reader.moment()
    return reader.page(
        request,
        "versions.html",
        view=articles.heading(stored),
        versions=articles.history(article_id, reader.library.articles.revisions(article_id), moment),
        looks=articles.looks(reader.library.articles.observations(article_id), moment),
        others=articles.others(reader.library.articles.duplicates(article_id)),
    )


@router.get("/a/{article_id}/diff/{older}..{newer}")
async def compare(
    request: Request, reader: Here, article_id: Id, older: VersionNumber, newer: VersionNumber
) -> Response:
    """Two versions of an article compared, word by word."""
    pair = await asyncio.to_thread(_pair, reader, article_id, older, newer)
    compared = await reader.comparer.compare(articles.texts_of(*pair))
    return await asyncio.to_thread(_comparison, request, reader, pair, compared)


def _pair(
    reader: Reader, article_id: int, older: int, newer: int
) -> tuple[core.StoredRevision, core.StoredRevision]:
    archive = reader.archive
    return archive.library().articles.revision(article_id, older), archive.library().articles.revision(
        article_id, newer
    )


def _comparison(
    request: Request,
    reader: Reader,
    pair: tuple[core.StoredRevision, core.StoredRevision],
    compared: Compared,
) -> Response:
    stored = reader.library.articles.get(pair[0].article_id)
    return reader.page(
        request,
        "diff.html",
        view=articles.heading(stored),
        diff=articles.comparison(*pair, compared, reader.moment()),
    )
