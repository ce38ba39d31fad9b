"""Search as an HTML page and as a full-text feed."""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.archive.records.library import FoldedHeadlines, Front
from unabridged.archive.records.search import HighlightSpan, Hit, Hits
from unabridged.archive.search.query_language import MOST_CHARACTERS
from unabridged.errors import BadQuery, NotFound
from unabridged.feeds.write import WRITERS
from unabridged.serve.context import AppContext, Context, path_and_query
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.languages.reported import reported
from unabridged.serve.publishing.feed_pages import published
from unabridged.serve.routes import feed_documents
from unabridged.serve.routes.list_origin import SEARCH_PAGE, origin_suffix
from unabridged.serve.views import lists

router = APIRouter()

EXAMPLES = (
    ("white whale", later("both words, anywhere")),
    ('"white whale"', later("this exact phrase")),
    ("whal*", later("words that begin with this")),
    ("圖書館", later("any part of a word, in either script")),
    ("whale OR ship -film", later("either word, and without a word")),
    ("title:whale", later("also author: tag: feed: site: lang:")),
    ("is:unread", later("also is:starred is:changed is:read is:muted")),
    ("after:2024-02 before:7d", later("a day, a month, a year, or how long ago")),
)
"""Example queries and their meaning, shown as links."""

QueryText = Annotated[str, Query(max_length=4 * MOST_CHARACTERS)]
Before = Annotated[str | None, Query(max_length=200)]
SortOrder = Literal["newest", "best"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """Search hit for display. title, snippet: pieces, the matching ones marked; version: of an older text."""

    row: lists.ArticleRow
    title: tuple[HighlightSpan, ...]
    snippet: tuple[HighlightSpan, ...]
    href: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """Page of search hits. problem: error in the query; waiting: number of articles not indexed yet."""

    asked: str
    found: tuple[HitRow, ...] = ()
    tabs: tuple[lists.Tab, ...] = ()
    formats: tuple[tuple[str, str], ...] = ()
    older: str = ""
    problem: str = ""
    waiting: int = 0


@router.get("/search")
def search(
    request: Request,
    context: Context,
    q: QueryText = "",
    sort: SortOrder = "newest",
    history: bool = False,
    before: Before = None,
) -> Response:
    """Show the hits of a search with snippets; without a query, show examples."""
    view, status = SearchView(asked=q), 200
    if q.strip():
        try:
            moment = context.moment()
            hits = context.library.search.hits(
                q, sort=sort, history=history, before=before, limit=SEARCH_PAGE, now=moment.now
            )
            view = _search_view(context, hits, q, sort, history, context.preferences.front)
        except BadQuery as problem:
            view, status = SearchView(asked=q, problem=reported(problem)), 422
    title = gettext("Search: {words}").format(words=q) if q.strip() else gettext("Search")
    return context.render(
        request,
        "search.html",
        status=status,
        sidebar=context.sidebar(),
        view=view,
        title=title,
        examples=[(typed, gettext(meaning)) for typed, meaning in EXAMPLES],
        suffix=origin_suffix(path_and_query(request), context.clock()),
    )


def _folded(context: AppContext, hits: Hits, front: Front | None) -> FoldedHeadlines:
    """Return the headlines of a page of hits; near-duplicates among them are folded if there is a front."""
    lines = {hit.headline.id: hit.headline for hit in hits.hits}
    under = context.library.stories.folding_among(list(lines), front) if front else {}
    folded = {number for others in under.values() for number in others}
    return FoldedHeadlines(
        headlines=tuple(line for line in lines.values() if line.id not in folded),
        under=under,
        lines={number: tuple(lines[other] for other in others) for number, others in under.items()},
    )


def _search_view(
    context: AppContext, hits: Hits, q: str, sort: SortOrder, history: bool, front: Front | None
) -> SearchView:
    moment, folded = context.moment(), _folded(context, hits, front)
    shown = {line.id for line in folded.headlines}
    feeds = (hit.headline.feed_id for hit in hits.hits if hit.headline.feed_id)
    icons = context.archive.images.icons(feeds)
    positions = context.library.positions.latest(hit.headline.id for hit in hits.hits)
    stories = context.library.stories.marks(sorted(shown))
    params = {"sort": sort} if sort != "newest" else {"history": "1"} if history else {}
    older = _search_url(q, **params, before=hits.next) if hits.next else ""
    names = (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json"))
    formats = tuple((name, f"/search.{extension}?{urlencode({'q': q})}") for name, extension in names)
    return SearchView(
        asked=q,
        found=tuple(
            _hit_row(
                hit,
                lists.with_copies(
                    lists.article_row(
                        hit.headline,
                        moment,
                        None,
                        icons,
                        positions.get(hit.headline.id),
                        stories.get(hit.headline.id),
                    ),
                    folded,
                    moment,
                ),
            )
            for hit in hits.hits
            if hit.headline.id in shown
        ),
        tabs=(
            lists.Tab(name=gettext("Newest"), href=_search_url(q), current=sort == "newest" and not history),
            lists.Tab(
                name=gettext("Best"), href=_search_url(q, sort="best"), current=sort == "best" and not history
            ),
            lists.Tab(name=gettext("Taken out"), href=_search_url(q, history="1"), current=history),
        ),
        formats=() if history else formats,
        older=older,
        waiting=hits.waiting,
    )


def _search_url(q: str, **more: str) -> str:
    return f"/search?{urlencode({'q': q, **more})}"


def _hit_row(hit: Hit, row: lists.ArticleRow) -> HitRow:
    href = row.href if hit.version is None else f"{row.href}/v/{hit.version}"
    return HitRow(
        row=row,
        title=hit.title or (HighlightSpan(row.title),),
        snippet=hit.snippet,
        href=href,
        version=hit.version,
    )


@router.get("/search.{format_name}")
def search_feed(
    request: Request, context: Context, format_name: str, q: QueryText = "", before: Before = None
) -> Response:
    """Return a search as a full-text feed (`.rss`, `.atom`, `.json`), newest first."""
    if format_name not in WRITERS:
        raise NotFound(
            gettext("There is no search format “{name}”. Use one of: {formats}.").format(
                name=format_name[:20], formats=", ".join(WRITERS)
            )
        )
    limit = context.settings.serve.feed_limit

    def find() -> feed_documents.FeedPage:
        found = context.library.search.articles(q, before=before, limit=limit, now=context.clock())
        return feed_documents.listed_page(found)

    return published(request, context, feed_documents.search_scope(q), format_name, find)
