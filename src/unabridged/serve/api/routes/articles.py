"""Routes of the API for lists of articles and single articles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from unabridged.api_records import articles as records
from unabridged.api_records.base import ContentFormat
from unabridged.archive.records import core
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.library import FoldedHeadlines
from unabridged.errors import NotFound
from unabridged.serve.api.route import (
    MAX_TEXTS,
    MOST_WHOLE,
    ArticleId,
    Bound,
    Cursor,
    Filter,
    Format,
    Limit,
    Url,
    api_router,
)
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import AppContext, Context

router = api_router("articles")

Content = Annotated[
    ContentFormat | None,
    Query(description=f"Add the whole texts in this format; a page then has up to {MOST_WHOLE} articles."),
]

Copies = Annotated[
    Literal["all", "fold"],
    Query(
        description="fold: of articles of the list with nearly the same text, the one that came first, a "
        "whole one before a cut one; the numbers of the others are in `folded`."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScope:
    """Conditions of a list of articles; all of them must hold."""

    feed: int | None
    folder: int | None
    tag: int | None
    search: int | None
    unread: bool
    starred: bool
    muted: bool

    def query(self, context: AppContext) -> core.Query:
        """Return the conditions as a query. Raises NotFound for a saved search that is not there."""
        scope = None
        if self.search is not None:
            scope = context.library.searches.scope(self.search, now=context.clock())
        return core.Query(
            feed=self.feed,
            folder=self.folder,
            tag=self.tag,
            search=scope,
            unread=self.unread,
            starred=self.starred,
            muted=self.muted,
        )


def list_scope(
    feed: Annotated[Filter, Query(description="Number of a feed.")] = None,
    folder: Annotated[Filter, Query(description="Number of a folder.")] = None,
    tag: Annotated[Filter, Query(description="Number of a tag.")] = None,
    search: Annotated[Filter, Query(description="Number of a saved search.")] = None,
    unread: bool = False,
    starred: bool = False,
    muted: Annotated[bool, Query(description="Only articles that a rule set aside.")] = False,
) -> ListScope:
    """Read the conditions of a list from the address."""
    return ListScope(
        feed=feed, folder=folder, tag=tag, search=search, unread=unread, starred=starred, muted=muted
    )


@router.get("/articles")
def articles(
    context: Context,
    scope: Annotated[ListScope, Depends(list_scope)],
    since: Bound = None,
    until: Bound = None,
    order: Literal["newest", "oldest"] = "newest",
    content: Content = None,
    copies: Copies = "all",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> records.HeadlinePage:
    """List articles. since, until: bounds of `listed_at`, `until` excluded."""
    query = replace(
        scope.query(context),
        since=since,
        until=until,
        oldest=order == "oldest",
        before=cursor,
        limit=min(limit, MOST_WHOLE) if content else limit,
    )
    if content is not None:
        return _whole_page(context, query, content, copies)
    if copies == "fold":
        found = context.library.stories.folded_headlines(query, "first")
    else:
        page = context.library.articles.headlines(query)
        found = FoldedHeadlines(headlines=page.headlines, next=page.next)
    tags = tags_of(context, (line.id for line in found.headlines))
    return records.HeadlinePage(
        articles=[
            views.headline(line, tags.get(line.id, ()), found.under.get(line.id, ()))
            for line in found.headlines
        ],
        next=found.next,
    )


def tags_of(context: AppContext, article_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Map article numbers to the person's tags."""
    return context.library.tags.by_article(article_ids)


def _whole_page(
    context: AppContext, query: core.Query, content: ContentFormat, copies: Literal["all", "fold"]
) -> records.HeadlinePage:
    found = context.library.articles.page(query)
    kept = within_size(found.articles, content)
    following = found.next
    if len(kept) < len(found.articles):
        first = found.articles[len(kept)]
        following = first.oldest_cursor if query.oldest else first.list_cursor
    tags = tags_of(context, (one.id for one in kept))
    numbers, stories = [one.id for one in kept], context.library.stories
    under = stories.folding(query, numbers, "first") if copies == "fold" else {}
    folded = {number for others in under.values() for number in others}
    return records.HeadlinePage(
        articles=[
            views.headline_of(one, tags.get(one.id, ()), content, under.get(one.id, ()))
            for one in kept
            if one.id not in folded
        ],
        next=following,
    )


def within_size(found: Sequence[StoredArticle], content: ContentFormat) -> Sequence[StoredArticle]:
    """Return the first articles up to the one whose text reaches MAX_TEXTS."""
    size = 0
    for place, one in enumerate(found, start=1):
        size += len(views.content_of(one.article, content))
        if size >= MAX_TEXTS:
            return found[:place]
    return found


@router.get("/articles/by-url")
def article_by_url(request: Request, context: Context, url: Url, format: Format = "html") -> records.Article:
    """Return the article at an address, under any address by which it is known."""
    stored = context.library.articles.find(url)
    if stored is None:
        raise NotFound("There is no article at this address. POST /api/v1/save saves its page.")
    return _whole(request, context, stored, format)


@router.get("/articles/{article_id}")
def article(
    request: Request, context: Context, article_id: ArticleId, format: Format = "html"
) -> records.Article:
    """Return an article in its current version, with its whole text."""
    return _whole(request, context, context.library.articles.get(article_id), format)


def _whole(
    request: Request, context: AppContext, stored: StoredArticle, format: ContentFormat
) -> records.Article:
    tags = tags_of(context, [stored.id]).get(stored.id, ())
    link = context.address(request, f"/a/{stored.id}")
    return views.whole(stored, format, tags=tags, link=link)
