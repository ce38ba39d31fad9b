"""Read-only pages: lists, sources, one article, its versions. Nothing here changes the archive."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records import core
from unabridged.archive.records.library import FoldedHeadlines
from unabridged.errors import NotFound
from unabridged.formats.selection import Selection
from unabridged.formats.subscriptions import SubscriptionImport, subscriptions_opml
from unabridged.poll.extractor.suspect_pages import site_alarms
from unabridged.serve.context import AppContext, Context
from unabridged.serve.diff_child import VersionDiff
from unabridged.serve.full_text.negotiated import article_document, wanted_document, with_accept
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.feed_pages import published
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.routes import media
from unabridged.serve.routes.list_origin import (
    LIST_PAGE,
    Surroundings,
    list_headlines,
    origin_suffix,
    read_origin,
    surroundings,
)
from unabridged.serve.views import article as articles
from unabridged.serve.views import evidence, lists, playback
from unabridged.serve.views.highlights import HighlightLine, highlight_lines, mark_highlights
from unabridged.serve.views.preferences import CHOICES, order_name
from unabridged.serve.views.related import Related, related
from unabridged.serve.views.sources.site_profile import SiteLine, site_lines

router = APIRouter()

SHOWN_FOLDERS = 500
"""Folder names suggested when a feed is added."""
SHOWN_LINES = 100
"""URLs of an imported list shown one by one, of those left out and of those that need a login."""

Id = Annotated[int, Path(ge=1, lt=10**15)]
VersionNumber = Annotated[int, Path(ge=0, lt=10**9)]
Show = Literal["all", "unread", "starred"]
Before = Annotated[str | None, Query(max_length=200)]


@router.get("/")
def home(request: Request, context: Context, show: Show = "all", before: Before = None) -> Response:
    """Show all articles, newest first; for an empty archive, the welcome page."""
    counts = context.library.mark_counts()
    if counts.is_empty:
        return context.render(request, "welcome.html")
    titles = {"all": gettext("All articles"), "unread": gettext("Unread"), "starred": gettext("Starred")}
    listing = lists.Listing(title=titles[show], path="/", stem="/feeds/all")
    return list_page(request, context, listing, list_query(show, before), counts=counts)


@router.get("/feeds/{name}")
def feed(
    request: Request, context: Context, name: str, show: Show = "all", before: Before = None
) -> Response:
    """Show a feed as a list, or return it as a full-text feed (`.rss`, `.atom`, `.json`).

    The number of a feed that was merged into another one leads to that one.
    """
    key, format_name = feeds.split_format(name)
    try:
        return _feed_page(request, context, key, format_name, show, before)
    except NotFound:
        into = context.archive.feeds.merged_into(feeds.feed_number(key))
        if into is None:
            raise
        ending = f".{format_name}" if format_name else ""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{lists.feed_path(into)}{ending}{query}", 301)


def _feed_page(
    request: Request, context: Context, key: str, format_name: str | None, show: Show, before: Before
) -> Response:
    if format_name not in (None, "html"):
        return published(request, context, feeds.feed_scope(context, key), format_name)
    if key == "all":
        return RedirectResponse("/", 303)
    subscription = context.library.subscriptions.get(feeds.feed_number(key))
    stored, moment = subscription.feed, context.moment()
    line = lists.feed_line(subscription, moment)
    listing = lists.Listing(
        title=subscription.title,
        path=line.href,
        stem=line.href,
        description=stored.description,
        site=stored.site_url or "",
        problem=line.problem,
        feed=line,
        scope=(("feed", str(stored.id)),),
    )
    return list_page(
        request,
        context,
        listing,
        list_query(show, before, feed=stored.id),
        never_polled=stored.last_polled is None,
        open_folder=subscription.folder or "",
        redesigned=_redesigned(context, stored.id),
    )


def _redesigned(context: AppContext, feed: int) -> tuple[SiteLine, ...]:
    """Return the sites of a feed that were redesigned, for administrators, as long as there is something to
    do."""
    if not context.known_viewer.is_admin:
        return ()
    lines = site_lines(site_alarms(context.archive, context.clock(), feed=feed), frozenset((feed,)))
    return tuple(one for one in lines if one.is_suspect or one.may_replay)


@router.get("/folders/{name:path}")
def folder(
    request: Request, context: Context, name: str, show: Show = "all", before: Before = None
) -> Response:
    """Show the articles of a folder as a list, or return them as a full-text feed."""
    key, format_name = feeds.split_format(name)
    if format_name not in (None, "html"):
        return published(request, context, feeds.folder_scope(context, key), format_name)
    found = feeds.get_folder(context, key)
    listing = _listing_with_feeds(found.name, lists.folder_path(found.name), scope=("folder", str(found.id)))
    query = list_query(show, before, folder=found.id)
    return list_page(request, context, listing, query, feeds=found.feeds, open_folder=found.name)


@router.get("/sources.opml")
def subscriptions(context: Context) -> Response:
    """Return the subscriptions as an OPML file."""
    content, _ = subscriptions_opml(context.archive, context.library, Selection())
    headers = {
        "content-disposition": 'attachment; filename="unabridged.opml"',
        "cache-control": "private, no-cache",
    }
    return Response(content, media_type="text/x-opml; charset=utf-8", headers=headers)


def import_result_page(
    request: Request,
    context: AppContext,
    name: str,
    taken: SubscriptionImport,
    refused: Sequence[tuple[str, str]],
) -> Response:
    """Show the result of an import of subscriptions. refused: URLs left out, each with the reason."""
    return context.render(
        request,
        "taken.html",
        sidebar=context.sidebar(),
        title=gettext("Subscriptions"),
        name=name,
        taken=taken,
        private=taken.private[:SHOWN_LINES],
        refused=refused[:SHOWN_LINES],
        refused_count=len(refused),
    )


@router.get("/sources/{name}")
def source(
    request: Request, context: Context, name: str, show: Show = "all", before: Before = None
) -> Response:
    """Show the articles of a source that need not be a feed: imported documents, pages saved by hand."""
    key, format_name = feeds.split_format(name)
    if format_name not in (None, "html"):
        return published(request, context, feeds.source_scope(context, key), format_name)
    found = feeds.get_source(context, key)
    listing = _listing_with_feeds(found.title, lists.source_path(found.slug), scope=("source", found.slug))
    return list_page(request, context, listing, list_query(show, before, source=found.slug))


@router.get("/tags/{name}")
def tag(request: Request, context: Context, name: str, show: Show = "all", before: Before = None) -> Response:
    """Show the articles with a tag, or return them as a full-text feed."""
    key, format_name = feeds.split_format(name)
    if format_name not in (None, "html"):
        return published(request, context, feeds.tag_scope(context, key), format_name)
    found = feeds.get_tag(context, key)
    path = lists.tag_path(found.id)
    listing = lists.Listing(title=found.name, path=path, stem=path, scope=(("tag", str(found.id)),))
    return list_page(request, context, listing, list_query(show, before, tag=found.id))


@router.get("/muted")
def muted(request: Request, context: Context, show: Show = "all", before: Before = None) -> Response:
    """Show the articles that rules set aside."""
    listing = lists.Listing(title=gettext("Muted"), path="/muted", scope=(("muted", "1"),), of_rules=True)
    return list_page(request, context, listing, list_query(show, before, muted=True))


def list_query(show: Show, before: str | None, **where: object) -> core.Query:
    """Return the query of a page of a list. where: further conditions of the query."""
    return core.Query(
        **where,  # type: ignore[arg-type]
        unread=show == "unread",
        starred=show == "starred",
        before=before,
        limit=LIST_PAGE,
    )


def _listing_with_feeds(title: str, path: str, *, scope: tuple[str, str]) -> lists.Listing:
    """Return a listing whose full-text feeds have the same path."""
    return lists.Listing(title=title, path=path, stem=path, scope=(scope,))


def _ordered(request: Request, context: AppContext, listing: lists.Listing) -> lists.Listing:
    """Return a listing with its order: of the address, else of the list, else of the viewer."""
    name = order_name(listing.path)
    usual = context.library.preferences.get([name]).get(name, context.preferences.order)
    given = request.query_params.get("order")
    order = given if given in CHOICES["order"] else usual
    return replace(listing, order=order, in_address=order == "oldest" or order != usual)


def list_page(
    request: Request,
    context: AppContext,
    listing: lists.Listing,
    query: core.Query,
    *,
    feeds: int = 1,
    never_polled: bool = False,
    open_folder: str | None = None,
    counts: core.MarkCounts | None = None,
    redesigned: tuple[SiteLine, ...] = (),
) -> Response:
    """Show a page of a list. feeds, never_polled: for the notice of an empty one; redesigned: for another."""
    feeds = counts.feeds if counts else feeds
    listing = _ordered(request, context, listing)
    newest = context.library.articles.newest_item()
    query = replace(query, oldest=listing.order == "oldest")
    found, moment = list_headlines(context, query), context.moment()
    show = "starred" if query.starred else "unread" if query.unread else "all"
    view = lists.fill_listing(
        listing,
        headlines=found,
        rows=_rows(context, found, moment),
        show=show,
        moment=moment,
        notice=lists.empty_notice(show, feeds=feeds, problem=listing.problem, never_polled=never_polled),
    )
    order = listing.order if listing.in_address else ""
    address = lists.with_query(listing.path, show, query.before, order)
    return context.render(
        request,
        "list.html",
        sidebar=context.sidebar(open_folder, counts),
        view=view,
        title=view.title,
        suffix=origin_suffix(address, moment.now),
        address=address,
        newest=newest,
        redesigned=redesigned,
        marked=request.query_params.get("marked", "")[:40],
    )


def _rows(context: AppContext, found: FoldedHeadlines, moment: lists.Moment) -> list[lists.ArticleRow]:
    library, numbers, rows = context.library, [line.id for line in found.headlines], []
    icons = context.archive.images.icons(line.feed_id for line in found.headlines if line.feed_id)
    places, stories = library.positions.latest(numbers), library.stories.marks(numbers)
    for line in found.headlines:
        thumb = media.thumb_url(line.lead_image, context.signer)
        row = lists.article_row(line, moment, thumb, icons, places.get(line.id), stories.get(line.id))
        rows.append(lists.with_copies(row, found, moment))
    return rows


@router.get("/a/{article_id}")
def article(
    request: Request,
    context: Context,
    article_id: Id,
    from_list: Annotated[str, Query(alias="list")] = "",
    seen: str = "",
    reading: Annotated[int | None, Query(ge=0, lt=10**9)] = None,
) -> Response:
    """Show the newest version of an article. from_list: address of the list that it was opened from.

    reading: how often its page had been checked when it was asked to be read again.
    """
    stored = context.library.articles.get(article_id)
    if (form := wanted_document(request)) is not None:
        return article_document(request, context, stored, form)
    versions = context.library.articles.revisions(article_id)
    view, own = _shown_article(context, stored, versions)
    origin = read_origin(context, from_list or view.source_href, seen)
    around = surroundings(context, stored, origin) if origin else Surroundings(back=view.source_href)
    suffix = around.suffix if from_list else ""
    return with_accept(
        context.render(
            request,
            "article.html",
            choices=CHOICES,
            view=view,
            tabs=evidence.text_tabs(stored.id, stored.revision, versions),
            reading=_reading(context, stored, reading, versions),
            related=_related(context, stored.id),
            highlights=own,
            newer=_neighbour(context, around.newer, suffix),
            older=_neighbour(context, around.older, suffix),
            unread=_neighbour(context, around.unread, suffix),
            oldest_first=around.oldest_first,
            back=around.back if from_list else view.source_href,
        )
    )


def _related(context: AppContext, article_id: int) -> Related:
    stories = context.library.stories
    mark = stories.marks([article_id]).get(article_id)
    copies, credits = stories.copies(article_id), stories.credits(article_id)
    read_with = stories.read_with(article_id) if copies else None
    return related(copies, credits, context.moment(), story=mark, read_with=read_with)


def _shown_article(
    context: AppContext, stored: core.StoredArticle, versions: Sequence[core.RevisionLine]
) -> tuple[articles.ArticleView, tuple[HighlightLine, ...]]:
    """Return the page of an article with the viewer's highlights and with players."""
    view, own = _with_highlights(context, _article_view(context, stored, versions))
    return _with_players(context, view, stored, versions), own


def _with_players(
    context: AppContext,
    view: articles.ArticleView,
    stored: core.StoredArticle,
    versions: Sequence[core.RevisionLine],
) -> articles.ArticleView:
    """Put players in the place of links to audio and video files, with the viewer's positions."""
    if not playback.may_play(stored.article):
        return view
    positions = context.library.positions.of_article(stored.id)
    template = context.templates.get_template("player.html")

    def stream_url(url: str) -> str:
        return media.stream_url(url, context.signer)

    def render(player: playback.Player, caption: str) -> str:
        return template.render(player=player, caption=Markup(caption), article=view.id, choices=CHOICES)

    players = playback.enclosure_players(stored.article, positions, stream_url=stream_url, poster=view.lead)
    in_text = playback.body_players(
        stored.article,
        positions,
        stream_url=stream_url,
        proxy_url=lambda url: media.proxy_url(url, context.signer),
    )
    extra = _feed_extra(context, stored, versions) if players else ()
    attached = {one.url for one in players}
    others = {url: one for url, one in in_text.items() if url not in attached}
    return replace(
        view,
        body=playback.place_players(view.body, others, render),
        players=players,
        minutes_played=playback.stated_minutes(extra),
        transcripts=playback.transcripts(extra),
        enclosures=tuple(fact for fact in view.enclosures if fact.href not in attached),
    )


def _feed_extra(
    context: AppContext, stored: core.StoredArticle, versions: Sequence[core.RevisionLine]
) -> tuple[tuple[str, str], ...]:
    """Return what the feed's entry of an article says beside our fields; () without an entry."""
    first = next((line.number for line in versions if line.source == "feed"), None)
    if first is None:
        return ()
    entry = context.library.articles.revision(stored.id, first).entry
    return entry.extra if entry else ()


def _article_view(
    context: AppContext, stored: core.StoredArticle, versions: Sequence[core.RevisionLine]
) -> articles.ArticleView:
    marked = stored if stored.same_as is None else context.library.articles.get(stored.same_as)
    return articles.article_view(
        articles.with_marks(stored, marked),
        context.moment(),
        versions=versions,
        proxy_url=lambda url: media.proxy_url(url, context.signer),
        rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
        own_tags=context.library.tags.by_article([marked.id]).get(marked.id, ()),
        tags=context.library.tags.all(),
    )


def _with_highlights(
    context: AppContext, view: articles.ArticleView
) -> tuple[articles.ArticleView, tuple[HighlightLine, ...]]:
    """Mark the person's highlights in an article's text; those that cannot be placed are listed as such."""
    found = context.library.highlights.of_article(view.id)
    if not found:
        return view, ()
    marked = mark_highlights(view.body, found)
    return replace(view, body=marked.html), highlight_lines(found, marked, context.moment())


def _reading(
    context: AppContext, stored: core.StoredArticle, asked: int | None, versions: Sequence[core.RevisionLine]
) -> evidence.Reading | None:
    if asked is None:
        return None
    checks = context.library.articles.observations(stored.id)
    return evidence.reading_result(stored.id, asked, checks, versions)


def _neighbour(context: AppContext, article_id: int | None, suffix: str) -> articles.Neighbour | None:
    if article_id is None:
        return None
    return articles.neighbour(context.library.articles.get(article_id), suffix)


@router.get("/a/{article_id}/v/{number}")
def version(request: Request, context: Context, article_id: Id, number: VersionNumber) -> Response:
    """Show one version of an article; this URL always shows the same text."""
    stored = context.library.articles.get(article_id)
    old = articles.at_version(stored, context.library.articles.revision(article_id, number))
    if (form := wanted_document(request)) is not None:
        return article_document(request, context, old, form, f"/a/{article_id}/v/{number}")
    lines = context.library.articles.revisions(article_id)
    view, own = _shown_article(context, old, lines)
    shown = articles.mark_old_version(view, old, stored.revision, context.moment())
    return with_accept(
        context.render(
            request,
            "article.html",
            choices=CHOICES,
            view=shown,
            tabs=evidence.text_tabs(article_id, number, lines),
            reading=None,
            related=None,
            highlights=own,
            back=shown.source_href,
            newer=None,
            older=None,
            unread=None,
            oldest_first=False,
        )
    )


@router.get("/a/{article_id}/versions")
def versions(request: Request, context: Context, article_id: Id) -> Response:
    """Show the history of an article: all stored versions and all checks of its page."""
    stored, moment = context.library.articles.get(article_id), context.moment()
    return context.render(
        request,
        "versions.html",
        view=articles.article_heading(stored),
        versions=articles.history(article_id, context.library.articles.revisions(article_id), moment),
        observations=articles.page_checks(context.library.articles.observations(article_id), moment),
        duplicates=articles.duplicate_links(context.library.articles.duplicates(article_id)),
    )


@router.get("/a/{article_id}/diff/{older}..{newer}")
async def compare(
    request: Request, context: Context, article_id: Id, older: VersionNumber, newer: VersionNumber
) -> Response:
    """Show the word-by-word differences between two versions of an article."""
    pair = await asyncio.to_thread(_revision_pair, context, article_id, older, newer)
    compared = await context.diff_pool.compare(articles.diff_task(*pair))
    return await asyncio.to_thread(_diff_page, request, context, pair, compared)


def _revision_pair(
    context: AppContext, article_id: int, older: int, newer: int
) -> tuple[core.StoredRevision, core.StoredRevision]:
    articles = context.library.articles
    return articles.revision(article_id, older), articles.revision(article_id, newer)


def _diff_page(
    request: Request,
    context: AppContext,
    pair: tuple[core.StoredRevision, core.StoredRevision],
    compared: VersionDiff,
) -> Response:
    stored = context.library.articles.get(pair[0].article_id)
    return context.render(
        request,
        "diff.html",
        view=articles.article_heading(stored),
        diff=articles.diff_view(*pair, compared, context.moment()),
    )
