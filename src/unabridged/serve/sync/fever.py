"""Fever API, version 3: one address, whose arguments say what the answer holds. Off by default.

The key of an app is the MD5 of "name:token". It is as good as the token, and goes over the wire with every
request, so that the API is for those whose app speaks no other.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import Folder, Subscription
from unabridged.archive.records.items import (
    EVERYTHING,
    SECOND,
    ItemEdit,
    ItemStream,
    StreamPart,
)
from unabridged.cleaning import with_web_addresses
from unabridged.errors import UnabridgedError
from unabridged.serve.context import get_context
from unabridged.serve.error_pages import error_response
from unabridged.serve.sync.callers import READ_ONLY, Asked
from unabridged.serve.sync.google_reader.items import (
    OTHER_TITLE,
    ItemParts,
    first_origin,
    item_title,
    plain_title,
)
from unabridged.serve.sync.google_reader.reading import PRIVATE, item_parts
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.parameters import MAX_NUMBER, parse_number, read_form, read_parameters

router = APIRouter()

VERSION = 3
MAX_ITEMS = 50
"""Items in one answer, as the API says."""

ALL_GROUPS = "0"
"""Group of all feeds. Group -1, of feeds that count less, is none here."""

OTHER_GROUP = OTHER_FEED
OTHER_GROUP_TITLE = "Uncategorized"
"""Group of the feeds in no folder, named as by FreshRSS: Read You fails at a feed in no group."""

MAX_KEY = 200

Found = dict[str, Any]


class Lists:
    """Subscriptions and folders of the caller, read once for all arguments of a request."""

    def __init__(self, library: Library) -> None:
        self._mine, self._items = library.subscriptions, library.items

    @cached_property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return self._mine.all()

    @cached_property
    def folders(self) -> tuple[Folder, ...]:
        return self._mine.folder_names()

    @cached_property
    def has_others(self) -> bool:
        return self._items.has_others()

    @cached_property
    def loose_feeds(self) -> tuple[int, ...]:
        """Numbers of the feeds in no folder, with that of other articles if there are any."""
        loose = sorted(one.feed.id for one in self.subscriptions if one.folder is None)
        return (*loose, OTHER_FEED) if self.has_others else tuple(loose)


@router.api_route("/fever/", methods=["GET", "POST"])
async def fever(request: Request) -> Response:
    """Answer a request of an app; 404 where the API is off."""
    context = get_context(request)
    if not context.settings.serve.fever:
        told = "The Fever API is off. Set fever = true under [serve] to switch it on."
        return error_response(request, 404, told)
    try:
        parameters = read_parameters(request.url.query, await read_form(request))
    except UnabridgedError:
        return _json({"api_version": VERSION, "auth": 0})

    def answered() -> Response:
        key = (parameters.last("api_key") or "")[:MAX_KEY]
        token = context.archive.accounts.apps.by_fever_key(key, now=context.clock())
        if token is None:
            return _json({"api_version": VERSION, "auth": 0})
        return _json(answer(Asked(request=request, context=context, token=token, parameters=parameters)))

    return await asyncio.to_thread(answered)


def _json(found: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(found), media_type="application/json; charset=utf-8", headers=PRIVATE)


def answer(asked: Asked) -> Found:
    """Return all that a request asks for, after the mark that it sets."""
    polled = asked.library.subscriptions.last_polled()
    found: Found = {"api_version": VERSION, "auth": 1}
    found["last_refreshed_on_time"] = 0 if polled is None else int(polled.timestamp())
    lists = Lists(asked.library)
    if asked.parameters.has("mark") and asked.request.method == "POST":
        found |= _mark(asked, lists)
    for name, part in ARGUMENTS.items():
        if asked.parameters.has(name):
            found |= part(asked, lists)
    return found


# Lists


def _groups(_asked: Asked, lists: Lists) -> Found:
    groups: list[Found] = [{"id": one.id, "title": one.name} for one in lists.folders]
    if lists.loose_feeds:
        groups.append({"id": OTHER_GROUP, "title": OTHER_GROUP_TITLE})
    return {"groups": groups, **_feeds_groups(lists)}


def _feeds_groups(lists: Lists) -> Found:
    numbers = {one.name: one.id for one in lists.folders}
    inside: dict[int, list[int]] = {}
    for one in lists.subscriptions:
        if one.folder in numbers:
            inside.setdefault(numbers[one.folder], []).append(one.feed.id)
    if lists.loose_feeds:
        inside[OTHER_GROUP] = list(lists.loose_feeds)
    return {
        "feeds_groups": [
            {"group_id": group, "feed_ids": _joined(sorted(feeds))} for group, feeds in sorted(inside.items())
        ]
    }


def _joined(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _feeds(asked: Asked, lists: Lists) -> Found:
    icons = asked.context.archive.images.icons(one.feed.id for one in lists.subscriptions)
    feeds: list[Found] = [
        {
            "id": one.feed.id,
            "favicon_id": one.feed.id if one.feed.id in icons else 0,
            "title": plain_title(one.title),
            "url": one.feed.url,
            "site_url": one.feed.site_url or "",
            "is_spark": 0,
            "last_updated_on_time": int((one.feed.last_post or one.feed.last_ok or one.added).timestamp()),
        }
        for one in lists.subscriptions
    ]
    if lists.has_others:
        home = asked.context.address(asked.request, "/")
        facts = {"favicon_id": 0, "title": OTHER_TITLE, "url": home, "site_url": home, "is_spark": 0}
        feeds.append({"id": OTHER_FEED, **facts, "last_updated_on_time": 0})
    return {"feeds": feeds, **_feeds_groups(lists)}


def _favicons(asked: Asked, lists: Lists) -> Found:
    images = asked.context.archive.images
    icons = images.icons(one.feed.id for one in lists.subscriptions)
    kept = ((number, images.icon(number)) for number in sorted(icons))
    return {
        "favicons": [
            {"id": number, "data": f"{icon.type};base64,{base64.b64encode(icon.body).decode()}"}
            for number, icon in kept
            if icon is not None
        ]
    }


def _links(_asked: Asked, _lists: Lists) -> Found:
    return {"links": []}


# Items


def _items(asked: Asked, lists: Lists) -> Found:
    """Return up to 50 items: named ones, those after `since_id` ascending, or those before `max_id`.

    Readrops needs the number of all before them, as FreshRSS has it.
    """
    mine = asked.library.items
    if asked.parameters.has("with_ids"):
        numbers = list(dict.fromkeys(_numbers(asked, "with_ids")))[:MAX_ITEMS]
    else:
        numbers = [ref.id for ref in mine.page(_stream(asked, lists)).refs]
    found = [item_object(parts) for parts in item_parts(asked.library, numbers)]
    return {"total_items": mine.count(ItemStream()), "items": found}


def _numbers(asked: Asked, name: str) -> list[int]:
    given = (asked.parameters.last(name) or "").split(",")
    return [number for text in given if (number := parse_number(text))]


def _stream(asked: Asked, lists: Lists) -> ItemStream:
    feeds = tuple(_feed_part(number) for number in _numbers(asked, "feed_ids"))
    groups = _numbers(asked, "group_ids")
    parts = (*feeds, *(part for number in groups for part in _group_parts(number, lists)))
    ascending, most = asked.parameters.has("since_id"), asked.parameters.number("max_id")
    return ItemStream(
        parts=parts or (EVERYTHING,),
        place=_since(asked) if ascending else most or None,
        oldest=ascending,
        limit=MAX_ITEMS,
    )


def _since(asked: Asked) -> int:
    """Return the number of `since_id`; 0 for an empty one, as Read You first sends it."""
    text = (asked.parameters.last("since_id") or "").strip()
    return min(int(text[:20]), MAX_NUMBER) if text.isascii() and text.isdigit() else 0


def _group_parts(number: int, lists: Lists) -> tuple[StreamPart, ...]:
    if number == OTHER_GROUP and lists.loose_feeds:
        return tuple(map(_feed_part, lists.loose_feeds))
    return (StreamPart(kind="folder", number=number),)


def _feed_part(number: int) -> StreamPart:
    is_other = number == OTHER_FEED
    return StreamPart(kind="other") if is_other else StreamPart(kind="feed", number=number)


def item_object(parts: ItemParts) -> Found:
    """Return one item with its whole text."""
    stored, article = parts.stored, with_web_addresses(parts.stored.article)
    return {
        "id": stored.item_id,
        "feed_id": first_origin(parts).feed_id,
        "title": item_title(article),
        "author": ", ".join(article.authors),
        "html": article.html,
        "url": article.url,
        "is_saved": int(stored.starred),
        "is_read": int(stored.read),
        "created_on_time": int((article.published or stored.at).timestamp()),
    }


def _unread(asked: Asked) -> Found:
    unread = ItemStream(parts=(StreamPart(kind="unread"),))
    return {"unread_item_ids": _joined(asked.library.items.numbers(unread))}


def _saved(asked: Asked) -> Found:
    starred = ItemStream(parts=(StreamPart(kind="starred"),))
    return {"saved_item_ids": _joined(asked.library.items.numbers(starred))}


ARGUMENTS: Mapping[str, Callable[[Asked, Lists], Found]] = {
    "groups": _groups,
    "feeds": _feeds,
    "favicons": _favicons,
    "items": _items,
    "links": _links,
    "unread_item_ids": lambda asked, _lists: _unread(asked),
    "saved_item_ids": lambda asked, _lists: _saved(asked),
}
"""Argument -> what it adds to the answer."""


# Marks

ITEM_MARKS: Mapping[str, tuple[ItemEdit, Callable[[Asked], Found]]] = {
    "read": (ItemEdit(read=True), _unread),
    "unread": (ItemEdit(read=False), _unread),
    "saved": (ItemEdit(starred=True), _saved),
    "unsaved": (ItemEdit(starred=False), _saved),
}
"""Value of `as` -> what it sets, and the list that the answer has afterwards."""


def _mark(asked: Asked, lists: Lists) -> Found:
    """Set a mark; what cannot be understood changes nothing."""
    if asked.token.scope == "read":
        return {"error": READ_ONLY}
    kind, mark, number = (asked.parameters.last(name) or "" for name in ("mark", "as", "id"))
    if kind == "item" and mark in ITEM_MARKS and parse_number(number):
        change, listed = ITEM_MARKS[mark]
        asked.library.items.edit([int(number)], change, now=asked.now)
        return listed(asked)
    if kind in ("feed", "group") and mark == "read":
        parts = _marked_parts(kind, number, lists)
        if parts:
            stream = ItemStream(parts=parts, stamped=_stamp(asked))
            asked.library.items.read_all(stream, now=asked.now)
            return _unread(asked)
    return {}


def _marked_parts(kind: str, number: str, lists: Lists) -> tuple[StreamPart, ...]:
    if kind == "group" and number == ALL_GROUPS:
        return (EVERYTHING,)
    parsed = parse_number(number)
    if not parsed:
        return ()
    return (_feed_part(parsed),) if kind == "feed" else _group_parts(parsed, lists)


def _stamp(asked: Asked) -> int:
    """Return the last moment of the second `before`; without one, of this second."""
    before = asked.parameters.number("before") or int(asked.now.timestamp())
    return (before + 1) * SECOND - 1
