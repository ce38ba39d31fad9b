"""Routes that change the archive: tags, subscriptions. POST only, from our pages only."""

import asyncio
import re
from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from unabridged.archive.records import core
from unabridged.errors import FeedError, UnabridgedError
from unabridged.formats.subscriptions import import_subscriptions, read_subscriptions
from unabridged.serve.context import AppContext, Context, Form, Upload, read_upload
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.pages import Id, import_result_page
from unabridged.serve.routes.sources.source_list import sources_page
from unabridged.serve.security import safe_next
from unabridged.serve.views import lists

router = APIRouter()

_READING = re.compile(r"(?<=[?&])reading=\d*&?|[?&]reading=\d*$")


def done(request: Request, form: Mapping[str, str], default: str = "/", **facts: object) -> Response:
    """Answer scripts with JSON, forms with a redirect to the page they came from. facts: for scripts."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"done": True, **facts})
    return RedirectResponse(safe_next(form.get("next", ""), default=default), 303)


@router.post("/a/{article_id}/fetch")
async def fetch_page(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    """Fetch an article's page now, in the background; the article's page then shows the result."""
    articles = context.library.articles
    checks = len(await asyncio.to_thread(articles.observations, article_id))
    await asyncio.to_thread(articles.request_page, article_id, now=context.clock())
    stored = await asyncio.to_thread(articles.get, article_id)
    context.background.start(context.read_soon(stored.article.url))
    back = _READING.sub("", safe_next(form.get("next", ""), default=f"/a/{article_id}"))
    return done(request, {"next": f"{back}{'&' if '?' in back else '?'}reading={checks}"})


@router.post("/a/{article_id}/tag")
def tag(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    """Add tags to an article; separate several with commas."""
    names = [name for name in form.get("tag", "").split(",") if name.strip()]
    context.library.tags.add([article_id], names, now=context.clock())
    return done(request, form, f"/a/{article_id}")


@router.post("/a/{article_id}/untag")
def untag(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    context.library.tags.remove([article_id], [form.get("value", "")], now=context.clock())
    return done(request, form, f"/a/{article_id}")


@router.post("/a/{article_id}/delete")
def delete(request: Request, context: Context, article_id: Id, form: Form) -> Response:
    """Delete an article permanently and redirect to its list."""
    stored = context.library.articles.get(article_id)
    context.library.articles.delete(article_id, now=context.clock())
    back = lists.feed_path(stored.feed_id) if stored.feed_id else lists.source_path(stored.source)
    return RedirectResponse(back, 303)


@router.post("/sources.opml")
async def upload_subscriptions(request: Request, context: Context) -> Response:
    """Subscribe to the feeds of an uploaded list (OPML)."""
    try:
        upload = await read_upload(request, context.signer)
        return await asyncio.to_thread(_import, request, context, upload)
    except UnabridgedError as exc:
        return await asyncio.to_thread(sources_page, request, context, error=exc)


def _import(request: Request, context: AppContext, upload: Upload) -> Response:
    """Subscribe to the feeds of a list and show the result. Raises FeedError for a list without feeds."""
    found = read_subscriptions(upload.data, name=upload.name)
    if not found.feeds and not found.refused:
        raise FeedError(gettext("There is no feed in {file}.").format(file=upload.name))
    taken = import_subscriptions(context.library, found, now=context.clock())
    return import_result_page(request, context, upload.name, taken, found.refused)


@router.post("/feeds/{feed_id}/remove")
def remove(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Remove a subscription; its articles stay. The list of sources then offers to undo it."""
    context.library.subscriptions.remove_all([feed_id], now=context.clock())
    return RedirectResponse("/sources?edited=remove&count=1", 303)


@router.post("/feeds/{feed_id}/status")
def set_status(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Pause or resume a feed."""
    status: core.FeedStatus = "paused" if form.get("value") == "paused" else "active"
    context.library.subscriptions.set_statuses([feed_id], status, now=context.clock())
    return done(request, form, lists.feed_path(feed_id))


@router.post("/feeds/{feed_id}/move")
def move(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Move a feed to a folder, or out of its folder."""
    context.library.subscriptions.move(feed_id, form.get("folder", "").strip()[:200] or None)
    return done(request, form, lists.feed_path(feed_id))


def parse_number(text: str | None) -> int | None:
    """Parse a number of a form; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
