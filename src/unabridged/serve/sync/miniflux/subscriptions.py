"""Calls that change feeds: subscribe, settings, refresh, discovery, and lists of feeds in and out (OPML)."""

import asyncio
from dataclasses import replace

from starlette.responses import Response

from unabridged import urls
from unabridged.archive.records.core import FeedStatus, Subscription
from unabridged.config import FeedSettings
from unabridged.errors import FeedError, InvalidURL, NotFound
from unabridged.formats.selection import Selection
from unabridged.formats.subscriptions import import_subscriptions, read_subscriptions, subscriptions_opml
from unabridged.poll.feeds.setting_changes import apply_changes, read_changes
from unabridged.serve.routes.events import REFRESH_GAP, REFRESH_GAP_OF_ONE, start_refresh
from unabridged.serve.routes.sources.add_feed import find_feeds
from unabridged.serve.sync.google_reader.subscriptions import subscribe
from unabridged.serve.sync.miniflux.answers import (
    FORBIDDEN,
    NOT_FOUND,
    PRIVATE,
    Refusal,
    error,
    json_response,
    no_content,
)
from unabridged.serve.sync.miniflux.categories import ALL, ALL_TITLE, find_category, known_category
from unabridged.serve.sync.miniflux.feeds import feed_objects, find_subscription
from unabridged.serve.sync.miniflux.requests import Fields, Sent

NO_URL = "The URL and the category are mandatory."
KNOWN = "This feed already exists."
NO_CATEGORY = "This category does not exist or does not belong to this user."
MAX_TITLE = 500


async def create_feed(sent: Sent) -> Response:
    """Subscribe to a feed, or to the first feed of a page. Whole texts are read, whatever `crawler` is."""
    fields = sent.fields
    url = (fields.text("feed_url") or "").strip()
    if not url:
        raise Refusal(400, NO_URL)
    if urls.web_address(url) is None:
        raise Refusal(400, "Invalid feed URL.")
    folder = await asyncio.to_thread(_folder, sent, fields.number("category_id"))
    if await asyncio.to_thread(_is_known, sent, url):
        raise Refusal(400, KNOWN)
    name, password = fields.text("username"), fields.text("password")
    own = FeedSettings(username=name or None, password=password or None) if name or password else None
    found = await subscribe(sent, url, folder=folder, own=own)
    if not found.new:
        raise Refusal(400, KNOWN)
    return json_response({"feed_id": found.feed.id}, 201)


def _folder(sent: Sent, category: int | None) -> str | None:
    """Return the name of a category's folder; None for the one of all other feeds. Raises Refusal."""
    if not category:
        return None
    found = find_category(sent, category)
    if found is None:
        raise Refusal(400, NO_CATEGORY)
    return None if found.id == ALL else found.title


def _is_known(sent: Sent, url: str, *, beside: int | None = None) -> bool:
    """Say whether the caller subscribes to the feed at an address. beside: a feed that does not count."""
    try:
        known = sent.context.archive.feeds.find(url)
    except InvalidURL:
        return False
    if known is None or known.id == beside:
        return False
    return bool(sent.library.items.subscriptions([known.id]))


# Settings


def update_feed(sent: Sent) -> Response:
    """Change what is given of a feed's settings; how it is asked for, administrators alone."""
    number, fields = sent.numbers["feed"], sent.fields
    held = find_subscription(sent, number)
    title, url, site = fields.text("title"), fields.text("feed_url"), fields.text("site_url")
    if title is not None and not title.strip():
        raise Refusal(400, "The feed title cannot be empty.")
    if url is not None and not url.strip():
        raise Refusal(400, "The feed URL cannot be empty.")
    if url is not None and _is_known(sent, url, beside=number):
        raise Refusal(400, KNOWN)
    if site is not None and urls.web_address(site) is None:
        raise Refusal(400, "Invalid site URL.")
    category = fields.number("category_id")
    folder = _folder(sent, category)
    _change_requests(sent, held, fields)
    if title is not None and title.strip() != held.title:
        sent.library.subscriptions.rename(number, title.strip()[:MAX_TITLE])
    if category and folder != held.folder:
        sent.library.subscriptions.move(number, folder)
    return json_response(feed_objects(sent, [find_subscription(sent, number)])[0], 201)


SECRETS = {"user_agent": "user-agent", "username": "user", "password": "password", "cookie": "cookie"}
"""Field -> name of the setting. They are never shown, so that "" leaves one as it is."""


def _change_requests(sent: Sent, held: Subscription, fields: Fields) -> None:
    """Change how a feed is asked for, and whether. Raises Refusal for anybody but administrators."""
    feed = held.feed
    pairs = [(key, value) for name, key in SECRETS.items() if (value := fields.text(name))]
    url = (fields.text("feed_url") or feed.url).strip()
    if url != feed.url:
        pairs.append(("url", url))
    crawler, disabled = fields.switch("crawler"), fields.switch("disabled")
    if crawler not in (None, feed.full_text):
        pairs.append(("full-text", "on" if crawler else "off"))
    paused = disabled not in (None, feed.status != "active")
    if not pairs and not paused:
        return
    if sent.context.archive.accounts.get(sent.user).role != "admin":
        raise Refusal(403, FORBIDDEN)
    if pairs:
        before = sent.context.archive.feeds.settings(feed.id)
        allowed = sent.context.settings.fetch.allow_private
        wanted = read_changes(pairs, before, url=feed.url)
        apply_changes(sent.context.archive, sent.library, feed, wanted, now=sent.now, allow_private=allowed)
    if paused:
        status: FeedStatus = "paused" if disabled else "active"
        sent.library.subscriptions.set_statuses([feed.id], status, now=sent.now)


def remove_feed(sent: Sent) -> Response:
    """End a subscription; its articles stay, in the feed of all other articles."""
    try:
        sent.library.subscriptions.remove(sent.numbers["feed"])
    except NotFound:
        raise Refusal(404, NOT_FOUND) from None
    return no_content()


# Refresh, discovery


async def refresh_feed(sent: Sent) -> Response:
    """Poll a feed now, unless it was just polled; 500 with the reason if it cannot be read."""
    held = await asyncio.to_thread(find_subscription, sent, sent.numbers["feed"])
    last = held.feed.last_polled
    if last is not None and sent.now - REFRESH_GAP_OF_ONE < last <= sent.now:
        return no_content()
    report = await sent.context.poller.poll(held.feed.id)
    if report is not None and report.failure is not None:
        return error(500, report.failure.message)
    if report is not None and (report.new or report.updated):
        sent.context.background.start(sent.context.read_soon(held.feed.url))
    return no_content()


async def refresh_all(sent: Sent) -> Response:
    """Poll the caller's feeds in the background."""
    held = await asyncio.to_thread(sent.library.items.subscriptions)
    start_refresh(sent.context, sent.user, held, REFRESH_GAP)
    return no_content()


async def refresh_category(sent: Sent) -> Response:
    """Poll the feeds of a category in the background."""
    here = await asyncio.to_thread(known_category, sent)
    held = await asyncio.to_thread(sent.library.items.subscriptions)
    folder = None if here.id == ALL else here.id
    start_refresh(sent.context, sent.user, [one for one in held if one.folder_id == folder], REFRESH_GAP)
    return no_content()


async def discover(sent: Sent) -> Response:
    """Return the feeds that the page at an address has. Raises FetchError, InvalidURL."""
    url = (sent.fields.text("url") or "").strip()
    if urls.web_address(url) is None:
        raise Refusal(400, "Invalid site URL.")
    found = await find_feeds(sent.request, sent.context, url)
    if not found:
        raise Refusal(404, NOT_FOUND)
    return json_response(
        [{"title": one.title or one.url, "url": one.url, "type": _kind(one.type)} for one in found]
    )


def _kind(stated: str | None) -> str:
    """Return the kind of a feed by its media type or format: rss, atom or json."""
    return next((kind for kind in ("atom", "json") if kind in (stated or "").lower()), "rss")


# OPML


def export_opml(sent: Sent) -> Response:
    content, _ = subscriptions_opml(sent.context.archive, sent.library, Selection())
    return Response(content, headers=PRIVATE, media_type="text/xml; charset=utf-8")


def import_opml(sent: Sent) -> Response:
    """Subscribe to the feeds of an OPML document; those of the category "All" come into no folder."""
    try:
        found = read_subscriptions(sent.body, name="the request")
    except FeedError as exc:
        raise Refusal(400, str(exc)) from None
    feeds = tuple(replace(one, folder=()) if one.folder == (ALL_TITLE,) else one for one in found.feeds)
    import_subscriptions(sent.library, replace(found, feeds=feeds), now=sent.now)
    return json_response({"message": "Feeds imported successfully"}, 201)
