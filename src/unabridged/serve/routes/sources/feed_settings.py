"""Routes of the settings of one feed: title, folder, retention; for administrators how it is asked for."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.archive.records.core import OWNER, StoredFeed, Subscription
from unabridged.errors import ConfigError, UnabridgedError
from unabridged.fetch.credentials import cookie_site
from unabridged.poll.feeds.page_lists import is_page
from unabridged.poll.feeds.setting_changes import Changes, apply_changes, read_changes, site_of
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.routes.actions import parse_number
from unabridged.serve.routes.pages import SHOWN_FOLDERS, Id
from unabridged.serve.views.sources.advice import result_in_words
from unabridged.serve.views.sources.bulk_edit import LEARNED
from unabridged.serve.views.sources.feed_settings import (
    feed_settings_view,
    reading_view,
    request_settings_view,
)
from unabridged.serve.views.sources.page_list import PageListView, stored_list_view

router = APIRouter()

SAVED = later("The settings are saved.")
POLL_GAP = timedelta(minutes=1)
"""Shortest time between two reads of a feed that people ask for by hand."""


@router.get("/feeds/{feed_id}/settings")
def settings_page(request: Request, context: Context, feed_id: Id) -> Response:
    """Show the settings of a feed."""
    return render_settings(request, context, feed_id)


def render_settings(
    request: Request,
    context: AppContext,
    feed_id: int,
    *,
    done: str = "",
    error: UnabridgedError | None = None,
    page_list: PageListView | None = None,
) -> Response:
    """Return the page of a feed's settings. page_list: the list of a page as it was read just now."""
    subscription = context.library.subscriptions.get(feed_id)
    viewer = context.known_viewer
    folders = context.library.subscriptions.folder_names()
    view = feed_settings_view(subscription, folders, context.moment(), names=SHOWN_FOLDERS)
    return context.render(
        request,
        "feed_settings.html",
        status=422 if error else 200,
        sidebar=context.sidebar(),
        title=subscription.title,
        view=view,
        reading=reading_view(subscription.feed) if viewer.is_admin else None,
        requests=_requests(context, subscription.feed) if viewer.is_admin else None,
        page_list=(page_list or _stored_list(context, subscription.feed)) if viewer.is_admin else None,
        may_retain=viewer.user.id == OWNER,
        done=done,
        error=str(error) if error else "",
    )


def _stored_list(context: AppContext, feed: StoredFeed) -> PageListView | None:
    stored = context.archive.feeds.page_list(feed.id) if is_page(feed) else None
    return None if stored is None else stored_list_view(stored, feed.language)


def _requests(context: AppContext, feed: StoredFeed) -> object:
    feeds = context.archive.feeds
    return request_settings_view(feed.url, feeds.settings(feed.id), _cookie_host(feed), feeds.site_cookies())


def _cookie_host(feed: StoredFeed) -> str:
    """Return the site that a feed's cookie is for: the host of the feed if it names another one."""
    try:
        return site_of(feed)
    except ConfigError:
        return cookie_site(feed.url)


@router.post("/feeds/{feed_id}/settings")
def set_settings(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Set a person's own title and folder of a feed."""
    library = context.library.subscriptions
    try:
        library.rename(feed_id, form.get("title", "").strip()[:500] or None)
        library.move(feed_id, form.get("folder", "").strip()[:200] or None)
    except UnabridgedError as exc:
        return render_settings(request, context, feed_id, error=exc)
    return render_settings(request, context, feed_id, done=gettext(SAVED))


@router.post("/feeds/{feed_id}/retention")
def set_retention(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Set how long the folder of a feed keeps its articles."""
    folder = context.library.subscriptions.get(feed_id).folder
    given = form.get("retain", "")
    try:
        if folder is None:
            raise ConfigError(
                gettext("Put the feed into a folder first: the time is kept for a whole folder.")
            )
        if given and not (given.isascii() and given.isdigit() and len(given) < 12 and int(given)):
            raise ConfigError(gettext("Choose one of the times."))
        context.library.subscriptions.set_retention(folder, int(given) if given else None)
    except UnabridgedError as exc:
        return render_settings(request, context, feed_id, error=exc)
    return render_settings(request, context, feed_id, done=gettext(SAVED))


@router.post("/feeds/{feed_id}/reading")
def set_reading(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Set how often a feed is polled (or not at all), and whether the pages of its articles are read."""
    mine, now = context.library.subscriptions, context.clock()
    feed = mine.get(feed_id).feed
    interval = form.get("interval", LEARNED)
    try:
        if interval == "paused":
            mine.set_statuses([feed_id], "paused", now=now)
        else:
            seconds = None if interval == LEARNED else parse_number(interval)
            if seconds is None and interval != LEARNED:
                raise ConfigError(gettext("Choose one of the times."))
            mine.set_interval([feed_id], seconds, now=now)
            if feed.status == "paused":
                mine.set_statuses([feed_id], "active", now=now)
        mine.set_full_text([feed_id], on=bool(form.get("full_text")), now=now)
    except UnabridgedError as exc:
        return render_settings(request, context, feed_id, error=exc)
    return render_settings(request, context, feed_id, done=gettext(SAVED))


@router.post("/feeds/{feed_id}/requests")
def set_requests(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Set how a feed is asked for: address, login, headers, cookie, user agent, proxy. Secrets are kept."""
    subscription = context.library.subscriptions.get(feed_id)
    try:
        wanted = _wanted(context, subscription, form)
        apply_changes(
            context.archive,
            context.library,
            subscription.feed,
            wanted,
            now=context.clock(),
            allow_private=context.settings.fetch.allow_private,
            cookie_host=_cookie_host(subscription.feed),
        )
    except UnabridgedError as exc:
        return render_settings(request, context, feed_id, error=exc)
    done = gettext(SAVED)
    if wanted.dropped is not None:
        dropped = gettext("The login for {old} is deleted; the new one is for {new}.")
        done = sentences(done, dropped.format(old=wanted.dropped, new=wanted.asked.origin))
    return render_settings(request, context, feed_id, done=done)


def _wanted(context: AppContext, subscription: Subscription, form: Mapping[str, str]) -> Changes:
    """Return the changes of a form. Empty fields of secrets keep what is stored; boxes delete it."""
    feed = subscription.feed
    before = context.archive.feeds.settings(feed.id)
    pairs: list[tuple[str, str]] = []
    address, agent = form.get("url", "").strip(), form.get("user_agent", "").strip()
    if address and address != feed.url:
        pairs.append(("url", address))
    if agent != (before.user_agent or ""):
        pairs.append(("user-agent", agent))
    if form.get("forget_login"):
        pairs += [("user", ""), ("password", "")]
    elif (user := form.get("user", "").strip()) and user != before.username:
        pairs.append(("user", user))
    for name in ("password", "proxy", "cookie"):
        if form.get(f"forget_{name}"):
            pairs.append((name, ""))
        elif given := form.get(name, "").strip():
            pairs.append((name, given))
    pairs += [(f"header.{name}", "") for name, _ in before.headers if form.get(f"forget_header_{name}")]
    if header := form.get("header_name", "").strip():
        pairs.append((f"header.{header}", form.get("header_value", "").strip()))
    return read_changes(pairs, before, url=feed.url)


@router.post("/feeds/{feed_id}/poll")
async def poll(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Read a feed now and say what came of it."""
    subscription = await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    last, now = subscription.feed.last_polled, context.clock()
    if last is not None and timedelta() <= now - last < POLL_GAP:
        done = gettext("The feed was read less than a minute ago. Try again in a minute.")
        return await asyncio.to_thread(render_settings, request, context, feed_id, done=done)
    await context.poller.refresh()
    report = await context.poller.poll(feed_id)
    if report is not None and (report.new or report.updated):
        context.background.start(context.read_soon(subscription.feed.url))
    done = result_in_words(report)
    return await asyncio.to_thread(render_settings, request, context, feed_id, done=done)
