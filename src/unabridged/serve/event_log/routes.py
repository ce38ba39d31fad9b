"""Routes of the log of events: a page for people, and feeds (RSS, Atom, JSON) of it."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.api_records.base import MAX_ID
from unabridged.archive.records.events import EventPage, EventQuery
from unabridged.errors import NotFound
from unabridged.feeds.write import CONTENT_TYPES, WRITERS, FeedDocument, FeedItem
from unabridged.model import Article
from unabridged.serve.context import AppContext, Context, language_headers
from unabridged.serve.event_log.views import GROUPS, EventView, event_view, group_tabs
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import feed_documents as feeds

router = APIRouter()

PAGE = 50
"""Events on a page for people."""

Group = Literal["all", "articles", "feeds"]
Before = Annotated[int | None, Query(ge=1, le=MAX_ID)]


@router.get("/event-log")
def event_log(request: Request, context: Context, kind: Group = "all", before: Before = None) -> Response:
    """Show what happened to the person's articles and feeds, the latest first."""
    found = _read(context, kind, before, PAGE)
    return context.render(
        request,
        "event_log.html",
        sidebar=context.sidebar(),
        title=gettext("Event log"),
        tabs=group_tabs(kind),
        events=_views(context, found),
        query=_query(kind, None),
        older=f"/event-log{_query(kind, found.next)}" if found.more else "",
    )


@router.get("/event-log.{format_name}")
def event_log_feed(
    request: Request, context: Context, format_name: str, kind: Group = "all", before: Before = None
) -> Response:
    """Return the log of events as a feed (`.rss`, `.atom`, `.json`)."""
    if format_name not in WRITERS:
        raise NotFound(
            gettext("There is no page at this address. Look in the list of articles or in the sources.")
        )
    found = _read(context, kind, before, context.settings.serve.feed_limit)
    items = [_item(context.address(request, ""), view) for view in _views(context, found)]
    token = request.query_params.get("token")
    document = FeedDocument(
        title=gettext("Event log"),
        self_url=context.address(request, f"/event-log.{format_name}") + _query(kind, before, token),
        id=f"urn:unabridged:events:{kind}",
        site_url=context.address(request, "/event-log") + _query(kind, None),
        description=gettext("What happened to your articles and feeds, the latest first."),
        updated=max((item.updated for item in items), default=None),
        next_url=None,
    )
    body = WRITERS[format_name](document, items)
    answer = feeds.conditional(request.headers, body, CONTENT_TYPES[format_name], document.updated)
    answer.headers.update(language_headers() | {"vary": "Accept, Accept-Language, Cookie"})
    return answer


def _read(context: AppContext, group: Group, before: int | None, limit: int) -> EventPage:
    return context.library.events.latest(EventQuery(kinds=GROUPS[group], limit=limit), before=before)


def _views(context: AppContext, found: EventPage) -> list[EventView]:
    return [event_view(one, context.moment()) for one in found.events]


def _query(group: Group, before: int | None, token: str | None = None) -> str:
    """Return the query string of a page. token: in the address of a feed."""
    params = {
        **({"token": token} if token else {}),
        **({"kind": group} if group != "all" else {}),
        **({"before": before} if before else {}),
    }
    return f"?{urlencode(params)}" if params else ""


def _item(base: str, view: EventView) -> FeedItem:
    """Return an event as an item of a feed; its address is that of what it is about."""
    at = datetime.fromisoformat(view.datetime)
    article = Article(
        url=base + (view.diff_href or view.href or "/event-log"),
        title=gettext("{kind}: {title}").format(kind=view.kind_name, title=view.title),
        published=at,
        summary=view.line,
        text=view.line,
        tags=(view.kind,),
    )
    return FeedItem(id=f"urn:unabridged:event:{view.number}", article=article, updated=at, source_title=None)
