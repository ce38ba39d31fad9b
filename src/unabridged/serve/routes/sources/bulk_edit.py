"""Routes that edit several feeds at a time, and one in place: move, rename, pause, remove, undo."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.core import Query
from unabridged.errors import InvalidValue, NotFound
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.actions import done, parse_number
from unabridged.serve.routes.pages import Id
from unabridged.serve.security import safe_next
from unabridged.serve.views import lists
from unabridged.serve.views.sources.bulk_edit import (
    EVERY,
    FULL_TEXT,
    LEARNED,
    STATUSES,
    edit_groups,
    result_address,
)

router = APIRouter()

CHOSEN = "feed-"
"""Start of the names of the boxes of feeds, followed by the feed's number."""


@router.post("/sources/edit")
def edit(request: Request, context: Context, form: Form) -> Response:
    """Do one thing with the feeds that are chosen, or with all that the list would show."""
    action, back = form.get("action", ""), safe_next(form.get("next", ""), default="/sources")
    offered = edit_groups(is_admin=context.known_viewer.is_admin)
    if action not in {one.value for group in offered for one in group.choices}:
        raise InvalidValue(gettext("Choose what to do with the feeds."))
    chosen = _chosen(context, form)
    if not chosen:
        return RedirectResponse(result_address(back, "none", 0), 303)
    if not set(chosen) <= set(context.library.subscriptions.ids()):
        raise NotFound(gettext("One of these feeds is not among yours any more. Reload the list."))
    _apply(context, action, chosen, form)
    return RedirectResponse(result_address(back, action, len(chosen)), 303)


def _chosen(context: AppContext, form: Mapping[str, str]) -> tuple[int, ...]:
    if form.get("every"):
        folder = parse_number(form.get("folder_id"))
        return context.library.subscriptions.ids(folder=folder, words=form.get("words", "")[:200])
    numbers = (parse_number(name.removeprefix(CHOSEN)) for name in form if name.startswith(CHOSEN))
    return tuple(sorted({one for one in numbers if one is not None}))


def _apply(context: AppContext, action: str, chosen: Sequence[int], form: Mapping[str, str]) -> None:
    mine, now = context.library.subscriptions, context.clock()
    if action == "move":
        mine.move_all(chosen, form.get("folder", "").strip()[:200] or None)
    elif action == "read":
        for feed_id in chosen:
            context.library.marks.set_all_read(Query(feed=feed_id), now=now, before=now)
        context.events.publish_change(context.known_viewer.user.id)
    elif action == "remove":
        mine.remove_all(chosen, now=now)
    elif action in STATUSES:
        mine.set_statuses(chosen, STATUSES[action], now=now)
    elif action in FULL_TEXT:
        mine.set_full_text(chosen, on=FULL_TEXT[action], now=now)
    else:
        given = action.removeprefix(EVERY)
        mine.set_interval(chosen, None if given == LEARNED else int(given), now=now)


@router.post("/sources/restore")
def restore(request: Request, context: Context, form: Form) -> Response:
    """Undo the last removal of feeds."""
    restored = context.library.subscriptions.restore_removed(now=context.clock())
    back = safe_next(form.get("next", ""), default="/sources")
    return RedirectResponse(result_address(back, "restore", len(restored)), 303)


@router.post("/feeds/{feed_id}/rename")
def rename(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Give a feed a title of the person's own; an empty one restores the feed's title."""
    mine = context.library.subscriptions
    mine.rename(feed_id, form.get("title", "").strip()[:500] or None)
    return done(request, form, lists.feed_path(feed_id), title=mine.get(feed_id).title)
