"""Routes of the health page: the state of a person's feeds, and the retry of failed pages."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.poll.feeds.diagnostics import diagnose
from unabridged.poll.feeds.evidence import collect_evidence, only_own_pages
from unabridged.serve.context import Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views.sources.health import DAYS, health_view
from unabridged.urls import host

router = APIRouter()

CHARTED = 5000
"""Most articles that the charts count."""


@router.get("/health")
def health(request: Request, context: Context) -> Response:
    """Show the problems of a person's feeds, what to do, and how whole and how soon their articles come."""
    now, library = context.clock(), context.library
    evidence = only_own_pages(collect_evidence(context.archive, library, now))
    found = diagnose(evidence, now)
    view = health_view(
        found,
        evidence.subscriptions,
        evidence.waiting,
        library.subscriptions.arrived(since=now - timedelta(days=DAYS), limit=CHARTED),
        context.moment(),
        context.archive.images.icons(one.feed_id for one in found if one.feed_id is not None),
    )
    return context.render(
        request, "health.html", sidebar=context.sidebar(), title=gettext("Health"), view=view
    )


@router.post("/health/retry")
def retry(request: Request, context: Context, form: Form) -> Response:
    """Try the failed pages of a host again."""
    wanted = form.get("host", "")
    failing = context.archive.schedule.failing_pages()
    pages = [page for page in failing if host(page.url) == wanted]
    context.archive.schedule.retry_pages([page.article_id for page in pages], now=context.clock())
    return RedirectResponse("/health", 303)
