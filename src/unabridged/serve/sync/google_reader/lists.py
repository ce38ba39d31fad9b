"""Calls that list what a person has: account, subscriptions, labels, unread counts, preferences."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from unabridged.archive.records.core import Subscription
from unabridged.archive.records.items import ItemRef, ItemStream, StreamPart
from unabridged.serve.sync.callers import Asked
from unabridged.serve.sync.google_reader.items import OTHER_TITLE, plain_title
from unabridged.serve.sync.google_reader.reading import json_response
from unabridged.serve.sync.google_reader.streams import LABEL, OTHER_FEED, READING_LIST, STARRED


def user_info(asked: Asked) -> Response:
    number, name = str(asked.token.user), asked.token.user_name
    return json_response({"userId": number, "userName": name, "userProfileId": number, "userEmail": name})


def subscription_list(asked: Asked) -> Response:
    """Return the feeds, and one of all articles that no feed shows if there are any."""
    found = [subscription_object(one) for one in asked.library.subscriptions.all()]
    if asked.library.items.has_others():
        found.append(_other_feed(asked))
    return json_response({"subscriptions": found})


def subscription_object(one: Subscription) -> dict[str, Any]:
    return {
        "id": f"feed/{one.feed.id}",
        "title": plain_title(one.title),
        "categories": [_folder(one.folder)] if one.folder else [],
        "url": one.feed.url,
        "htmlUrl": one.feed.site_url or "",
        "iconUrl": one.feed.icon or "",
        "sortid": f"{one.feed.id:08X}",
        "firstitemmsec": str(int(one.added.timestamp() * 1000)),
    }


def _folder(name: str) -> Mapping[str, str]:
    return {"id": f"{LABEL}{name}", "label": name, "type": "folder"}


def _other_feed(asked: Asked) -> dict[str, Any]:
    home = asked.context.address(asked.request, "/")
    return {
        "id": f"feed/{OTHER_FEED}",
        "title": OTHER_TITLE,
        "categories": [],
        "url": home,
        "htmlUrl": home,
        "iconUrl": "",
        "sortid": f"{OTHER_FEED:08X}",
        "firstitemmsec": "0",
    }


def tag_list(asked: Asked) -> Response:
    """Return the starred state, the folders, then the tags that have no folder's name.

    They have the keys of Miniflux alone: some clients take no other.
    """
    folders = asked.library.subscriptions.folder_names()
    names = {one.name for one in folders}
    found: list[dict[str, Any]] = [{"id": STARRED}]
    found += [dict(_folder(one.name)) for one in folders]
    found += [
        {"id": f"{LABEL}{one.name}", "label": one.name, "type": "tag"}
        for one in asked.library.tags.all()
        if one.name not in names
    ]
    return json_response({"tags": found})


def unread_count(asked: Asked) -> Response:
    """Return counts of unread items of feeds, labels and everything, with the time of the newest item."""
    subscriptions = asked.library.subscriptions.all()
    newest = asked.library.items.newest_by_feed()
    counts = [
        _count(f"feed/{one.feed.id}", one.unread, _newest(newest, [one.feed.id])) for one in subscriptions
    ]
    if asked.library.items.has_others():
        parts = (StreamPart(kind="other"),)
        unread = asked.library.items.count(ItemStream(parts=parts, only=(StreamPart(kind="unread"),)))
        counts.append(_count(f"feed/{OTHER_FEED}", unread, 0))
    labels: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        if one.folder:
            labels.setdefault(one.folder, []).append(one)
    for name, inside in labels.items():
        at = _newest(newest, [one.feed.id for one in inside])
        counts.append(_count(f"{LABEL}{name}", sum(one.unread for one in inside), at))
    counts += [
        _count(f"{LABEL}{tag.name}", tag.unread, 0)
        for tag in asked.library.tags.all()
        if tag.name not in labels
    ]
    total = asked.library.mark_counts().unread
    counts.append(_count(READING_LIST, total, _newest(newest, list(newest))))
    return json_response({"max": total, "unreadcounts": counts})


def _count(name: str, unread: int, at: int) -> dict[str, Any]:
    return {"id": name, "count": unread, "newestItemTimestampUsec": str(at)}


def _newest(newest: Mapping[int, ItemRef], feeds: Sequence[int]) -> int:
    return max((newest[feed].stamp for feed in feeds if feed in newest), default=0)


def preferences(_asked: Asked) -> Response:
    return json_response({"prefs": []})


def stream_preferences(_asked: Asked) -> Response:
    return json_response({"streamprefs": {}})
