"""Route of the work under way: polls, pages, new subscriptions, re-extractions."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.errors import NotFound
from unabridged.serve.context import AppContext, Context
from unabridged.serve.views.sources.jobs import JobLine, job_lines, reextraction_line

router = APIRouter()


def jobs_under_way(context: AppContext) -> tuple[JobLine, ...]:
    """Return the lines of the work under way, as a person may see it."""
    running, mine = context.reextractions.running(), context.library.subscriptions
    titles: dict[int, str] = {}
    for one in running:
        with suppress(NotFound):
            titles[one.feed_id] = mine.get(one.feed_id).title
    under_way = context.archive.schedule.under_way(context.clock())
    return job_lines(under_way, context.library.health.first_polls(), running, titles)


@router.get("/jobs")
def jobs(
    request: Request, context: Context, feed: Annotated[int | None, Query(ge=1, lt=10**15)] = None
) -> Response:
    """Return the work under way as a part of a page, which a script asks for again and again.

    feed: only the re-extraction of this feed.
    """
    lines = jobs_under_way(context) if feed is None else reextraction_of(context, feed)
    return context.render(request, "jobs.html", jobs=lines)


def reextraction_of(context: AppContext, feed_id: int) -> tuple[JobLine, ...]:
    """Return the line of the re-extraction of a feed, if it runs. Raises NotFound for another's feed."""
    title = context.library.subscriptions.get(feed_id).title
    running = context.reextractions.of_feed(feed_id)
    return (reextraction_line(running, title),) if running else ()
