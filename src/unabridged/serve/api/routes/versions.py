"""Routes of the API for the history of an article: versions, the version of a date, comparisons."""

import asyncio
from typing import Annotated

from fastapi import Query

from unabridged.api_records import articles as records
from unabridged.archive.records.core import StoredRevision
from unabridged.archive.records.versions import version_at
from unabridged.errors import NotFound
from unabridged.serve.api.route import ArticleId, At, Format, VersionNumber, api_router
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import AppContext, Context
from unabridged.serve.views.article import diff_task

router = api_router("versions")

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
