"""Routes of the health page: the state of a person's feeds, and the retry of failed pages."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.errors import InvalidValue
from unabridged.poll.feeds.diagnostics import diagnose
from unabridged.poll.feeds.evidence import collect_evidence, find_same_feeds, only_own_pages
from unabridged.serve.context import Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.actions import parse_number
from unabridged.serve.routes.pages import Id
from unabridged.serve.routes.sources.jobs import jobs_under_way
from unabridged.serve.views.sources.health import DAYS, health_view
from unabridged.serve.views.sources.site_profile import site_lines
from unabridged.urls import host

router = APIRouter()

CHARTED = 5000
"""Most articles that the charts count."""


@router.get("/health")
def health(request: Request, context: Context, merged: bool = False) -> Response:
    """Show the problems of a person's feeds, what to do, and how whole and how soon their articles come."""
    now, library = context.clock(), context.library
    evidence = only_own_pages(collect_evidence(context.archive, library, now))
    found = diagnose(evidence, now)
    view = health_view(
        found,
        evidence.subscriptions,
        evidence.waiting,
        library.health.arrived(since=now - timedelta(days=DAYS), limit=CHARTED),
        context.moment(),
        context.archive.images.icons(one.feed_id for one in found if one.feed_id is not None),
        sites=site_lines(evidence.sites, frozenset(one.feed.id for one in evidence.subscriptions)),
    )
    return context.render(
        request,
        "health.html",
        sidebar=context.sidebar(),
        title=gettext("Health"),
        view=view,
        jobs=jobs_under_way(context),
        merged=gettext("The two feeds are one now.") if merged else "",
    )


@router.post("/feeds/{feed_id}/merge")
def merge(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Merge a feed into another one, for everybody, if the two are found to be the same."""
    into = parse_number(form.get("into"))
    mine = context.library.subscriptions
    if into is not None and context.archive.feeds.merged_into(feed_id) == into:
        mine.get(into)
        return RedirectResponse("/health?merged=1", 303)  # sent twice
    mine.get(feed_id)
    same = find_same_feeds(context.library, mine.all())
    if not any((one.feed_id, one.into) == (feed_id, into) for one in same):
        raise InvalidValue(gettext("These two are not the same feed. Reload the page."))
    assert into is not None
    context.archive.feeds.merge(feed_id, into, now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return RedirectResponse("/health?merged=1", 303)


@router.post("/health/retry")
def retry(request: Request, context: Context, form: Form) -> Response:
    """Try the failed pages of a host again."""
    wanted = form.get("host", "")
    failing = context.archive.schedule.failing_pages()
    pages = [page for page in failing if host(page.url) == wanted]
    context.archive.schedule.retry_pages([page.article_id for page in pages], now=context.clock())
    return RedirectResponse("/health", 303)
