"""Route of the API for what publishers did to articles after they came."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from unabridged.api_records import articles as records
from unabridged.archive.records.changes import ARTICLE_CHANGE_KINDS, ArticleChangeKind, ChangeQuery
from unabridged.serve.api.route import Bound, Cursor, Filter, Limit, api_router
from unabridged.serve.api.routes.articles import ListScope, list_scope, tags_of
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import Context

router = api_router("versions")

Article = Annotated[Filter, Query(description="Only of this article, whatever the other conditions.")]
Kinds = Annotated[
    list[ArticleChangeKind],
    Query(max_length=len(ARTICLE_CHANGE_KINDS), description="Only these; by default all. May be repeated."),
]


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
