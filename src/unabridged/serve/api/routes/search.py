"""Route of the API for the full-text search."""

from typing import Annotated, Literal

from fastapi import Query

from unabridged.api_records import articles as records
from unabridged.archive.search.query_language import MOST_CHARACTERS
from unabridged.serve.api.route import Cursor, Limit, api_router
from unabridged.serve.api.routes.articles import tags_of
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import Context

router = api_router("search")

Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=4 * MOST_CHARACTERS,
        description='Words, "phrases", -without, title:, feed:, tag:, is:unread, after:7d and the like.',
        examples=['harbour "white whale" -film after:30d'],
    ),
]


@router.get("/search")
def search(
    context: Context,
    q: Words,
    sort: Literal["newest", "best"] = "newest",
    history: Annotated[bool, Query(description="Words that publishers took out of their articles.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> records.HitPage:
    """Search all articles, in every language; hits come with snippets."""
    found = context.library.search.hits(
        q, history=history, sort=sort, before=cursor, limit=limit, now=context.clock()
    )
    tags = tags_of(context, (one.headline.id for one in found.hits))
    return records.HitPage(
        hits=[views.hit(one, tags.get(one.headline.id, ())) for one in found.hits],
        next=found.next,
        waiting=found.waiting,
    )
