"""What a person can change: marks, subscriptions, a page to be read again. Only POST, only from our pages."""

import asyncio
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from unabridged.archive.records import core
from unabridged.archive.records.library import MuteField
from unabridged.errors import FeedError, UnabridgedError
from unabridged.formats.opml import import_subscriptions, read_subscriptions
from unabridged.serve.context import Form, Here, Reader
from unabridged.serve.routes.pages import Id, sources_page, taken_page
from unabridged.serve.security import safe_next
from unabridged.serve.uploads import Upload, upload_of
from unabridged.serve.views import lists

router = APIRouter()


def _done(request: Request, form: Form, default: str = "/") -> Response:
    """Answer a script with a word, a form with the page it came from."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"done": True})
    return RedirectResponse(safe_next(form.get("next", ""), default=default), 303)


@router.post("/a/{article_id}/read")
def mark_read(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    reader.library.marks.set_read([article_id], form.get("value") != "0", now=reader.clock())
    return _done(request, form)


@router.post("/a/{article_id}/star")
def star(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    reader.library.marks.set_starred([article_id], form.get("value") != "0", now=reader.clock())
    return _done(request, form)


@router.post("/a/{article_id}/fetch")
async def fetch_page(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    """Have an article's page read now, while the person goes on."""
    await asyncio.to_thread(reader.library.articles.request_page, article_id, now=reader.clock())
    stored = await asyncio.to_thread(reader.library.articles.get, article_id)
    reader.errands.start(reader.read_soon(stored.article.url))
    return _done(request, form, f"/a/{article_id}")


@router.post("/a/{article_id}/tag")
def tag(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    """Put tags on an article: several are parted by commas."""
    names = [name for name in form.get("tag", "").split(",") if name.strip()]
    reader.library.tags.add([article_id], names, now=reader.clock())
    return _done(request, form, f"/a/{article_id}")


@router.post("/a/{article_id}/untag")
def untag(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    reader.library.tags.remove([article_id], [form.get("value", "")], now=reader.clock())
    return _done(request, form, f"/a/{article_id}")


@router.post("/a/{article_id}/delete")
def delete(request: Request, reader: Here, article_id: Id, form: Form) -> Response:
    """Erase an article for good; the way back is the list that it stood in."""
    stored = reader.library.articles.get(article_id)
    reader.library.articles.delete(article_id, now=reader.clock())
    back = lists.feed_path(stored.feed_id) if stored.feed_id else lists.source_path(stored.source)
    return RedirectResponse(back, 303)


@router.post("/mute")
def mute(request: Request, reader: Here, form: Form) -> Response:
    """Mute by a person's name or by words of a title, in all feeds or in one."""
    field: MuteField = "author" if form.get("author") else "title"
    pattern = form.get("author") or form.get("words", "")
    feed = _number(form.get("feed")) if form.get("here") else None
    reader.library.mutes.add(field, pattern, feed=feed, now=reader.clock())
    return RedirectResponse("/muted", 303)


@router.post("/mute/{rule_id}/remove")
def unmute(request: Request, reader: Here, rule_id: Id, form: Form) -> Response:
    """Drop a mute rule; what it muted stays as it is."""
    reader.library.mutes.remove(rule_id)
    return _done(request, form, "/muted")


@router.post("/read-all")
def read_all(request: Request, reader: Here, form: Form) -> Response:
    """Mark a list as read: all that was delivered when the person looked at it."""
    scope = core.Query(
        feed=_number(form.get("feed")),
        folder=_number(form.get("folder")),
        source=form.get("source") or None,
        tag=_number(form.get("tag")),
        muted=bool(form.get("muted")),
    )
    now = reader.clock()
    reader.library.marks.set_all_read(scope, now=now, before=min(_time(form.get("until")) or now, now))
    return _done(request, form)


@router.post("/add")
async def add(request: Request, reader: Here, form: Form) -> Response:
    """Subscribe to a feed, or to the feed of a site; its articles are read while the person looks on."""
    given = form.get("url", "").strip()
    try:
        added = await reader.poller.add(given, folder=form.get("folder", "").strip()[:100] or None)
    except UnabridgedError as exc:
        return await asyncio.to_thread(sources_page, request, reader, given=given, error=exc)
    reader.errands.start(reader.read_soon(added.subscription.feed.url))
    return RedirectResponse(lists.feed_path(added.subscription.feed.id), 303)


@router.post("/sources.opml")
async def take_subscriptions(request: Request, reader: Here) -> Response:
    """Subscribe to what stands in a list that another reader wrote."""
    try:
        sent = await upload_of(request, reader.signer)
        return await asyncio.to_thread(_take, request, reader, sent)
    except UnabridgedError as exc:
        what = "This list could not be taken in."
        return await asyncio.to_thread(sources_page, request, reader, error=exc, what=what)


def _take(request: Request, reader: Reader, sent: Upload) -> Response:
    """Subscribe to a list and say what became of it. Raises FeedError for what is no list."""
    found = read_subscriptions(sent.data, name=sent.name)
    if not found.feeds and not found.refused:
        raise FeedError(f"There is no feed in {sent.name}.")
    taken = import_subscriptions(reader.archive, found, now=reader.clock())
    return taken_page(request, reader, sent.name, taken, found.refused)


@router.post("/feeds/{feed_id}/remove")
def remove(request: Request, reader: Here, feed_id: Id, form: Form) -> Response:
    """End a subscription; its articles stay."""
    reader.library.subscriptions.remove(feed_id)
    return RedirectResponse("/sources", 303)


@router.post("/feeds/{feed_id}/status")
def set_status(request: Request, reader: Here, feed_id: Id, form: Form) -> Response:
    """Pause a feed, or take it up again."""
    status: core.FeedStatus = "paused" if form.get("value") == "paused" else "active"
    reader.library.subscriptions.set_feed_status(feed_id, status, now=reader.clock())
    return _done(request, form, lists.feed_path(feed_id))


@router.post("/feeds/{feed_id}/move")
def move(request: Request, reader: Here, feed_id: Id, form: Form) -> Response:
    """Put a feed into a folder, or into none."""
    reader.library.subscriptions.move(feed_id, form.get("folder", "").strip()[:200] or None)
    return _done(request, form, lists.feed_path(feed_id))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _time(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
