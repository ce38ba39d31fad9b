"""Filters of lists of entries, read from the parameters of a request. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

from unabridged.archive.records.items import SECOND, ItemList, ItemOrder, StreamPart, split_stamp
from unabridged.serve.sync.miniflux.answers import Refusal
from unabridged.serve.sync.parameters import Parameters, parse_number

DEFAULT_LIMIT = 100

STATUSES = ("read", "unread", "removed")
"""Nothing is removed here: a list of removed entries is empty."""

BAD_STATUS = 'invalid entry status, valid status values are: "read", "unread" and "removed"'
BAD_DIRECTION = 'invalid direction, valid direction values are: "asc" or "desc"'
BAD_ORDER = "invalid entry order, valid order values are: " + ", ".join(
    f'"{one}"' for one in get_args(ItemOrder)
)

TRUE, FALSE = ("", "1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")
"""Values of a switch, as Go reads them; a switch without a value is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilters:
    """A list of entries that a request asks for.

    wanted: without feed, category, words and tags, which have to be looked up. feed, category: numbers, None
    for all. words: of a search. tags: names, all of which an entry must have. nothing: no entry matches.
    """

    wanted: ItemList
    feed: int | None = None
    category: int | None = None
    words: str = ""
    tags: tuple[str, ...] = ()
    nothing: bool = False


def read_filters(asked: Parameters) -> EntryFilters:
    """Read the parameters of a list of entries. Raises Refusal for a wrong status, order or direction.

    Numbers and times that are none are ignored, as Miniflux does.
    """
    statuses = _statuses(asked.all("status"))
    order, direction = asked.last("order") or "published_at", asked.last("direction") or "asc"
    if order not in get_args(ItemOrder):
        raise Refusal(400, BAD_ORDER)
    if direction not in ("asc", "desc"):
        raise Refusal(400, BAD_DIRECTION)
    starred = _switch(asked, "starred")
    marks = (StreamPart(kind="starred"),)
    kinds = statuses - {"removed"}
    wanted = ItemList(
        only=(
            *(StreamPart(kind="read" if one == "read" else "unread") for one in kinds if len(kinds) == 1),
            *(marks if starred is True else ()),
        ),
        without=marks if starred is False else (),
        order=cast(ItemOrder, order),
        descending=direction == "desc",
        above=asked.number("after_entry_id") or None,
        below=asked.number("before_entry_id") or None,
        published_after=_latest(asked, "after", "published_after"),
        published_before=_earliest(asked, "before", "published_before"),
        changed_after=_time(asked, "changed_after"),
        changed_before=_time(asked, "changed_before"),
        offset=asked.number("offset") or 0,
        limit=read_limit(asked, DEFAULT_LIMIT),
    )
    return EntryFilters(
        wanted=wanted,
        feed=asked.number("feed_id") or None,
        category=asked.number("category_id") or None,
        words=(asked.last("search") or "").strip(),
        tags=tuple(dict.fromkeys(tag for tag in asked.all("tags") if tag)),
        nothing=statuses == {"removed"},
    )


def _statuses(given: Sequence[str]) -> set[str]:
    found = {one for one in given if one}
    if not found <= set(STATUSES):
        raise Refusal(400, BAD_STATUS)
    return found


def _switch(asked: Parameters, name: str) -> bool | None:
    value = asked.last(name)
    if value in TRUE:
        return True
    return False if value in FALSE else None


def read_limit(asked: Parameters, default: int) -> int | None:
    """Return the most entries of an answer; None for all of them: 0, or a negative number."""
    text = (asked.last("limit") or "").strip()
    if text.startswith("-") and parse_number(text[1:]):
        return None
    number = parse_number(text)
    return default if number is None else number or None


def _time(asked: Parameters, name: str) -> datetime | None:
    """Return the time of a parameter in seconds since 1970; None for 0 or nothing."""
    seconds = asked.number(name)
    return split_stamp(seconds * SECOND)[0] if seconds else None


def _latest(asked: Parameters, *names: str) -> datetime | None:
    return max((at for name in names if (at := _time(asked, name)) is not None), default=None)


def _earliest(asked: Parameters, *names: str) -> datetime | None:
    return min((at for name in names if (at := _time(asked, name)) is not None), default=None)
