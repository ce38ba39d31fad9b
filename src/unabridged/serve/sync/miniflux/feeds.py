"""Calls that read feeds: lists, single feeds, icons, counters."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from unabridged.archive.records.core import Subscription
from unabridged.archive.records.items import ItemStream, StreamPart
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.answers import NOT_FOUND, Refusal, json_response, no_content
from unabridged.serve.sync.miniflux.categories import ALL, known_category
from unabridged.serve.sync.miniflux.feed_objects import feed_object, other_feed
from unabridged.serve.sync.miniflux.marks import now_stamp
from unabridged.serve.sync.miniflux.requests import Sent


def feed_part(number: int) -> StreamPart:
    """Return the part of items that the feed with a number shows."""
    if number == OTHER_FEED:
        return StreamPart(kind="other")
    return StreamPart(kind="feed", number=number)


def find_subscription(sent: Sent, number: int) -> Subscription:
    """Return a subscription of the caller's. Raises Refusal if there is none."""
    found = sent.library.items.subscriptions([number])
    if not found:
        raise Refusal(404, NOT_FOUND)
    return found[0]


def knows_feed(sent: Sent, number: int) -> bool:
    """Say whether the caller has the feed with a number."""
    if number == OTHER_FEED:
        return sent.library.items.has_others()
    return bool(sent.library.items.subscriptions([number]))


def feed_objects(sent: Sent, found: Sequence[Subscription]) -> list[dict[str, Any]]:
    icons = sent.context.archive.images.icons(one.feed.id for one in found)
    return [feed_object(one, icons.get(one.feed.id)) for one in found]


def _others(sent: Sent) -> list[dict[str, Any]]:
    return [_other(sent)] if sent.library.items.has_others() else []


def _other(sent: Sent) -> dict[str, Any]:
    return other_feed(sent.user, sent.context.address(sent.request, "/"))


def feeds_by_number(sent: Sent, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Map numbers of the caller's feeds to their objects; that of all other articles is always there."""
    found = sent.library.items.subscriptions(sorted(set(numbers)))
    objects = {int(one["id"]): one for one in feed_objects(sent, found)}
    return objects | {OTHER_FEED: _other(sent)}


def list_feeds(sent: Sent) -> Response:
    """Return all feeds by title."""
    found = sorted(sent.library.items.subscriptions(), key=lambda one: one.title.casefold())
    return json_response(feed_objects(sent, found) + _others(sent))


def category_feeds(sent: Sent) -> Response:
    here = known_category(sent)
    folder = None if here.id == ALL else here.id
    found = [one for one in sent.library.items.subscriptions() if one.folder_id == folder]
    found.sort(key=lambda one: one.title.casefold())
    return json_response(feed_objects(sent, found) + (_others(sent) if here.id == ALL else []))


def feed(sent: Sent) -> Response:
    number = sent.numbers["feed"]
    if number == OTHER_FEED and sent.library.items.has_others():
        return json_response(_other(sent))
    return json_response(feed_objects(sent, [find_subscription(sent, number)])[0])


def counters(sent: Sent) -> Response:
    """Return the numbers of read and of unread entries by feed."""
    names = ("reads", "unreads")
    mine = {one.feed.id for one in sent.library.items.subscriptions()}
    counts = [
        {str(number): count for number, count in one.items() if number in mine}
        for one in sent.library.items.counts_by_feed()
    ]
    if sent.library.items.has_others():
        for one, kind in zip(counts, ("read", "unread"), strict=True):
            only = (StreamPart(kind="read" if kind == "read" else "unread"),)
            there = sent.library.items.count(ItemStream(parts=(feed_part(OTHER_FEED),), only=only))
            one |= {str(OTHER_FEED): there} if there else {}
    return json_response(dict(zip(names, counts, strict=True)))


def mark_feed_read(sent: Sent) -> Response:
    number = sent.numbers["feed"]
    if not knows_feed(sent, number):
        raise Refusal(404, NOT_FOUND)
    stream = ItemStream(parts=(feed_part(number),), stamped=now_stamp(sent))
    sent.library.items.read_all(stream, now=sent.now)
    return no_content()


def icon(sent: Sent) -> Response:
    """Return the icon of a feed, which has the number of its feed."""
    number = sent.numbers["feed"]
    find_subscription(sent, number)
    found = sent.context.archive.images.icon(number)
    if found is None:
        raise Refusal(404, NOT_FOUND)
    data = base64.b64encode(found.body).decode()
    return json_response({"id": number, "mime_type": found.type, "data": f"{found.type};base64,{data}"})
