"""Route of the API for the full-text search."""

from typing import Annotated, Literal

from fastapi import Query

from unabridged.api_records import articles as records
from unabridged.archive.search.query_language import MOST_CHARACTERS
from unabridged.serve.api.route import Cursor, Limit, api_router
from unabridged.serve.api.routes.articles import Copies, tags_of
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
    copies: Copies = "all",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> records.HitPage:
    """Search all articles, in every language; hits come with snippets. copies: of the hits of the page."""
    found = context.library.search.hits(
        q, history=history, sort=sort, before=cursor, limit=limit, now=context.clock()
    )
    numbers = [one.headline.id for one in found.hits]
    tags = tags_of(context, numbers)
    under = context.library.stories.folding_among(numbers, "first") if copies == "fold" else {}
    folded = {number for others in under.values() for number in others}
    return records.HitPage(
        hits=[
            views.hit(one, tags.get(one.headline.id, ()), under.get(one.headline.id, ()))
            for one in found.hits
            if one.headline.id not in folded
        ],
        next=found.next,
        waiting=found.waiting,
    )
