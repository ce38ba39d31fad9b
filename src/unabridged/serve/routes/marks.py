"""Routes of marks: read and starred, one by one, by list, and their undoing; counts of unread articles."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from unabridged.archive.records import core
from unabridged.archive.records.query_tree import SearchScope
from unabridged.errors import NotFound
from unabridged.serve.base_path import with_base_path
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.actions import done, parse_number
from unabridged.serve.routes.list_origin import MAX_LENGTH, count_fresh, read_origin
from unabridged.serve.routes.pages import Id
from unabridged.serve.security import safe_next

router = APIRouter()

MAX_MARKS = 200
"""Articles that one request marks one by one."""


@router.post("/a/{article_id}/read")
def mark_read(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    context.library.marks.set_read([article_id], form.get("value") != "0", now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return done(request, form)


@router.post("/a/{article_id}/star")
def star(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    context.library.marks.set_starred([article_id], form.get("value") != "0", now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return done(request, form)


@router.post("/read-some")
def read_some(request: Request, context: Context, form: Form) -> Response:
    """Mark a few articles as read: those that somebody scrolled past. Others' are skipped."""
    numbers = [parse_number(part) for part in form.get("ids", "").split(",")[:MAX_MARKS]]
    known = [number for number in numbers if number is not None]
    context.library.marks.set_read(known, True, now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return done(request, form)


@router.post("/read-all")
def read_all(request: Request, context: Context, form: Form) -> Response:
    """Mark a list as read: all articles delivered before the list was shown."""
    scope = core.Query(
        feed=parse_number(form.get("feed")),
        folder=parse_number(form.get("folder")),
        source=form.get("source") or None,
        tag=parse_number(form.get("tag")),
        muted=bool(form.get("muted")),
        search=_search(context, parse_number(form.get("search"))),
    )
    return _mark_list(request, context, form, scope, None)


def _search(context: AppContext, number: int | None) -> SearchScope | None:
    return None if number is None else context.library.searches.scope(number, now=context.clock())


@router.post("/a/{article_id}/read-beside")
def read_beside(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    """Mark as read what is above or below an article in the list that the form names."""
    origin = read_origin(context, form.get("next", ""), "")
    if origin is None or origin.query is None:
        raise NotFound(gettext("There is no such list. Open it again."))
    is_newer = (form.get("value") != "below") != origin.query.oldest
    beside = core.Beside(article_id=article_id, side="newer" if is_newer else "older")
    return _mark_list(request, context, form, origin.query, beside)


def _mark_list(
    request: Request, context: Context, form: Form, query: core.Query, beside: core.Beside | None
) -> Response:
    """Mark a list, or a side of it; the answer names the time by which it can be undone."""
    now = context.clock()
    before = min(parse_time(form.get("until")) or now, now)
    changed = context.library.marks.set_all_read(query, now=now, before=before, beside=beside)
    context.events.publish_change(context.known_viewer.user.id)
    stamp = now.isoformat() if changed else ""
    here = safe_next(form.get("next", ""))
    undo = f"{'&' if '?' in here else '?'}{urlencode({'marked': stamp})}" if changed else ""
    return done(request, {"next": here + undo}, marked=changed, stamp=stamp)


@router.post("/read-all/undo")
def undo(request: Request, context: Context, form: Form) -> Response:
    """Take back the marks that one marking of a list made."""
    at = parse_time(form.get("at"))
    restored = 0 if at is None else context.library.marks.undo_all_read(at, now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return done(request, form, restored=restored)


@router.get("/counts")
def counts(
    context: Context,
    address: Annotated[str, Query(alias="list", max_length=MAX_LENGTH)] = "",
    beyond: Annotated[int | None, Query(ge=0, lt=10**15)] = None,
    opened: Annotated[str, Query(alias="open", pattern=r"^(\d{1,15}(,\d{1,15}){0,9})?$")] = "",
) -> Response:
    """Return the counts of the sidebar, and how many articles of a list came after an item.

    opened: numbers of folders that are open in a sidebar whose other folders are closed.
    """
    sidebar = context.sidebar()
    every = sidebar.counts | context.closed_counts([int(one) for one in opened.split(",") if one])
    body: dict[str, object] = {
        "unread": sidebar.unread,
        "counts": {with_base_path(href, context.base_path): count for href, count in every.items()},
    }
    origin = read_origin(context, address, "") if beyond is not None else None
    if beyond is not None and origin is not None and origin.query is not None:
        body["fresh"] = count_fresh(context, origin.query, beyond)
    return JSONResponse(body, headers={"cache-control": "no-store"})


def parse_time(text: str | None) -> datetime | None:
    """Parse a time of a form; None for anything else."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
