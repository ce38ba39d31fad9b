"""Calls that change subscriptions: edit, quickadd, and lists of feeds in and out (OPML)."""

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from unabridged.archive.records.core import Subscription
from unabridged.config import FeedSettings
from unabridged.errors import InvalidValue, UnabridgedError
from unabridged.formats.selection import Selection
from unabridged.formats.subscriptions import import_subscriptions, read_subscriptions, subscriptions_opml
from unabridged.serve.routes.sources.add_feed import subscribe as subscribe_for
from unabridged.serve.sync.callers import Asked
from unabridged.serve.sync.google_reader.marks import ok
from unabridged.serve.sync.google_reader.reading import feed_number, json_response
from unabridged.serve.sync.google_reader.streams import label_of, parse_stream

MAX_STREAMS = 500
"""Feeds that one request may change."""

MAX_FOLDER = 200
"""Characters of a folder's name."""


async def quickadd(asked: Asked) -> Response:
    """Subscribe to the feed of an address, looking for it on the page; say if there is none."""
    given = (asked.parameters.last("quickadd") or "").strip()
    try:
        found = await subscribe(asked, given.removeprefix("feed/"))
    except UnabridgedError as exc:
        return json_response({"numResults": 0, "query": given, "error": str(exc)})
    answer = {"numResults": 1, "query": found.feed.url, "streamId": f"feed/{found.feed.id}"}
    return json_response({**answer, "streamName": found.title})


async def subscribe(
    asked: Asked,
    address: str,
    *,
    title: str | None = None,
    folder: str | None = None,
    own: FeedSettings | None = None,
) -> Subscription:
    """Subscribe as the page for adding does. own: request settings.

    Raises InvalidURL, FetchError, FeedError.
    """
    return await subscribe_for(
        asked.request, asked.context, address, user=asked.token.user, title=title, folder=folder, own=own
    )


async def edit_subscription(asked: Asked) -> Response:
    """Subscribe to the feeds of `s`, unsubscribe or edit them (`ac`): title `t`, into a folder `a`, out `r`.

    NetNewsWire subscribes by quickadd, and then once more by number, for title and folder: this is an edit.
    Raises InvalidValue, and what looking for a feed raises.
    """
    action = asked.parameters.last("ac") or "edit"
    names = asked.parameters.all("s")
    if action not in ("subscribe", "unsubscribe", "edit") or not 0 < len(names) <= MAX_STREAMS:
        raise InvalidValue(
            f"subscription/edit needs ac=subscribe, unsubscribe or edit, and 1 to {MAX_STREAMS} feeds in s."
        )
    titles = asked.parameters.all("t")
    for place, name in enumerate(names):
        title = titles[place].strip() if place < len(titles) else ""
        if action == "subscribe" and not _address(name).isdigit():
            await subscribe(asked, _address(name), title=title or None, folder=_new_folder(asked))
        else:
            await asyncio.to_thread(_change, asked, name, action, title)
    return ok()


def _address(name: str) -> str:
    found = parse_stream(name)
    if found is None or found.kind != "feed":
        raise InvalidValue(f"{name[:100]!r} is no feed: feed/ADDRESS is needed.")
    return found.value


def _change(asked: Asked, name: str, action: str, title: str) -> None:
    number = feed_number(asked, _address(name))
    mine = asked.library.subscriptions
    if number is None:
        raise InvalidValue(f"There is no subscription {name[:100]!r}.")
    held = mine.get(number)
    if action == "unsubscribe":
        mine.remove(number)
        return
    if title:
        mine.rename(number, title)
    folder = _new_folder(asked)
    left = [label_of(value) for value in asked.parameters.all("r")]
    if folder is not None:
        mine.move(number, folder)
    elif held.folder in left:
        mine.move(number, None)


def _new_folder(asked: Asked) -> str | None:
    """Return the label of `a`, into which a feed moves; None without one."""
    labels: Sequence[str | None] = [label_of(value) for value in asked.parameters.all("a")]
    found = [label.strip()[:MAX_FOLDER] for label in labels if label is not None and label.strip()]
    return found[-1] if found else None


def export_opml(asked: Asked) -> Response:
    content, _ = subscriptions_opml(asked.context.archive, asked.library, Selection())
    headers = {
        "content-disposition": 'attachment; filename="unabridged.opml"',
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="text/x-opml; charset=utf-8", headers=headers)


def import_opml(asked: Asked) -> Response:
    """Subscribe to the feeds of an OPML document, the body of the request. Raises FeedError, InvalidValue."""
    found = read_subscriptions(asked.body, name="the request")
    if not found.feeds:
        raise InvalidValue("There is no feed in the OPML of this request.")
    import_subscriptions(asked.library, found, now=asked.now)
    return ok()
