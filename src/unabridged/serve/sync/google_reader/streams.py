"""Streams of the Google Reader API: their names, and the request for a part of one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import unquote

from unabridged.archive.records.items import ItemStream, PartKind, StreamPart
from unabridged.errors import InvalidValue
from unabridged.serve.sync.parameters import Parameters, parse_number, parse_time

STATE, LABEL = "user/-/state/com.google/", "user/-/label/"
READING_LIST, READ, STARRED = f"{STATE}reading-list", f"{STATE}read", f"{STATE}starred"

OTHER_FEED = 2_147_483_647
"""Number of the feed under which apps see saved pages, and articles of feeds that were left: the highest that
fits in 32 bits, since some apps crash on an item of a feed that they do not know."""

OVERLAP = timedelta(minutes=2)
"""An item's time is that of the poll that brought it, and a poll may take this long to commit: an app that
asks for what came since its last request must not miss it."""

_STATE = re.compile(r"user/[^/]+/state/com\.google/([a-z-]+)")
_LABEL = re.compile(r"user/[^/]+/label/(.+)", re.DOTALL)
_FEED = re.compile(r"feed/(.+)", re.DOTALL)
_MERGED_SLASHES = re.compile(r"(https?):/(?!/)")
"""Some proxies make one slash of two."""

STATE_PARTS: Mapping[str, PartKind] = {
    "reading-list": "all",
    "read": "read",
    "unread": "unread",
    "kept-unread": "unread",
    "starred": "starred",
}
"""State -> items that have it. Others (broadcast, like …) are of no item here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamName:
    """A parsed name. value: the state, the label, or the number or address of the feed."""

    kind: Literal["state", "label", "feed"]
    value: str


def parse_stream(text: str) -> StreamName | None:
    """Parse the name of a stream, escaped once more or not; None for what is none."""
    for name in (text, unquote(text)):
        if found := _STATE.fullmatch(name):
            return StreamName(kind="state", value=found[1])
        if found := _LABEL.fullmatch(name):
            return StreamName(kind="label", value=found[1])
        if found := _FEED.fullmatch(name):
            return StreamName(kind="feed", value=_MERGED_SLASHES.sub(r"\1://", found[1]))
    return None


def label_of(text: str) -> str | None:
    """Return the label that a name means; None if it means none."""
    found = parse_stream(text)
    return found.value if found is not None and found.kind == "label" else None


Parts = tuple[StreamPart, ...]
Resolve = Callable[[StreamName], Parts]
"""Returns the parts of a user's items that a name means; () for an unknown feed or label."""


def item_stream(
    names: Iterable[str], asked: Parameters, resolve: Resolve, *, default: int, most: int
) -> ItemStream:
    """Return the part of streams that a request asks for. names: of the streams; default, most: items.

    Raises InvalidValue for a continuation that is none of ours.
    """
    place = asked.last("c") or None
    if place is not None and parse_number(place) is None:
        raise InvalidValue(f"{place[:40]!r} is not a continuation of this server. Start from the first page.")
    limit = asked.number("n")
    until = parse_time(asked.last("nt"))
    since = parse_time(asked.last("ot"))
    return ItemStream(
        parts=_parts(names, resolve),
        only=_parts(asked.all("it"), resolve),
        without=_parts(asked.all("xt"), resolve),
        since=None if since is None else since - OVERLAP,
        until=None if until is None else until + timedelta(seconds=1),
        place=None if place is None else parse_number(place),
        oldest=asked.last("r") == "o",
        limit=min(default if limit is None else limit or most, most),
    )


def _parts(names: Iterable[str], resolve: Resolve) -> Parts:
    parsed = (parse_stream(name) for name in names)
    return tuple(dict.fromkeys(part for name in parsed if name is not None for part in resolve(name)))
