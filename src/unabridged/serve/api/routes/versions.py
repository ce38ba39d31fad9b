"""Routes of the API for the history of articles: versions, the version of a date, comparisons, changes."""

import asyncio
from typing import Annotated, Literal

from fastapi import Depends, Query

from unabridged.api_records import articles as records
from unabridged.archive.records.changes import (
    ARTICLE_CHANGE_KINDS,
    ArticleChangeKind,
    ChangeQuery,
    version_at,
)
from unabridged.archive.records.core import StoredRevision
from unabridged.errors import NotFound
from unabridged.serve.api.route import (
    ArticleId,
    At,
    Bound,
    Cursor,
    Filter,
    Format,
    Limit,
    VersionNumber,
    api_router,
)
from unabridged.serve.api.routes.articles import ListScope, list_scope, tags_of
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import AppContext, Context
from unabridged.serve.views.article import diff_task

router = api_router("versions")

Article = Annotated[Filter, Query(description="Only of this article, whatever the other conditions.")]
Kinds = Annotated[
    list[ArticleChangeKind],
    Query(max_length=len(ARTICLE_CHANGE_KINDS), description="Only these; by default all. May be repeated."),
]
Compared = Annotated[int, Query(ge=0, lt=10**9, description="Number of a version.")]


@router.get("/articles/{article_id}/versions")
def versions(context: Context, article_id: ArticleId) -> records.VersionList:
    """List all versions of an article, oldest first."""
    lines = context.library.articles.revisions(article_id)
    return records.VersionList(versions=[views.version(article_id, line) for line in lines])


@router.get("/articles/{article_id}/versions/as-of")
def version_as_of(
    context: Context, article_id: ArticleId, time: At, format: Format = "html"
) -> records.VersionText:
    """Return the version that was the current one at a time.

    A version counts from when its page was fetched, or captured by a web archive.
    """
    articles = context.library.articles
    line = version_at(articles.revisions(article_id), articles.get(article_id).first_seen, time)
    if line is None:
        raise NotFound(f"Article {article_id} has no version as old as that. Its first one came later.")
    return views.version_text(articles.revision(article_id, line.number), format)


@router.get("/articles/{article_id}/versions/{number}")
def version(
    context: Context, article_id: ArticleId, number: VersionNumber, format: Format = "html"
) -> records.VersionText:
    """Return one version of an article. Its text never changes."""
    return views.version_text(context.library.articles.revision(article_id, number), format)


@router.get("/articles/{article_id}/diff")
async def compare(context: Context, article_id: ArticleId, older: Compared, newer: Compared) -> records.Diff:
    """Compare two versions of an article word by word."""
    pair = await asyncio.to_thread(_pair, context, article_id, older, newer)
    compared = await context.diff_pool.compare(diff_task(*pair))
    return await asyncio.to_thread(views.diff, article_id, older, newer, compared)


def _pair(
    context: AppContext, article_id: int, older: int, newer: int
) -> tuple[StoredRevision, StoredRevision]:
    articles = context.library.articles
    return articles.revision(article_id, older), articles.revision(article_id, newer)


@router.get("/changes")
def changes(
    context: Context,
    scope: Annotated[ListScope, Depends(list_scope)],
    article: Article = None,
    since: Bound = None,
    until: Bound = None,
    kind: Kinds = list(ARTICLE_CHANGE_KINDS),  # noqa: B006
    order: Literal["newest", "oldest"] = "newest",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> records.ChangePage:
    """List what publishers edited, took down or restored. since, until: of the time when it was noticed."""
    if article is not None:
        context.library.articles.get(article)  # raises NotFound
    found = context.library.articles.changes(
        ChangeQuery(
            scope=scope.query(context),
            article=article,
            since=since,
            until=until,
            kinds=tuple(kind) or ARTICLE_CHANGE_KINDS,
            oldest=order == "oldest",
            before=cursor,
            limit=limit,
        )
    )
    tags = tags_of(context, (one.article_id for one in found.changes))
    return records.ChangePage(
        changes=[views.change(one, tags.get(one.article_id, ())) for one in found.changes], next=found.next
    )
