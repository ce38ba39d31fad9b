"""Route of the work under way: polls, pages, new subscriptions, re-extractions."""

from contextlib import suppress

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.errors import NotFound
from unabridged.serve.context import AppContext, Context
from unabridged.serve.views.sources.jobs import JobLine, job_lines

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
def jobs(request: Request, context: Context) -> Response:
    """Return the work under way as a part of a page, which a script asks for again and again."""
    return context.render(request, "jobs.html", jobs=jobs_under_way(context))
