"""Records of a user's items as apps see them: streams, references, origins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from unabridged.archive.storage.tables import from_microseconds, to_microseconds

PartKind = Literal["all", "read", "unread", "starred", "feed", "folder", "no_folder", "tag", "other"]
"""no_folder: items of feeds in no folder. other: items that no feed shows to which the user subscribes: saved
pages, feeds that they left."""

ItemOrder = Literal[
    "id",
    "status",
    "changed_at",
    "published_at",
    "created_at",
    "category_title",
    "category_id",
    "title",
    "author",
]
"""Orders of a list of items, by the names that Miniflux gives them. status: unread ones first. created_at: by
the time of delivery. A category is the folder of the feed under which apps see the item."""

SECOND = 1_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPart:
    """A set of items. number: of the feed, folder or tag."""

    kind: PartKind
    number: int = 0


EVERYTHING = StreamPart(kind="all")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStream:
    """Items in the order of their numbers, which is that of their delivery; newest first unless `oldest`.

    parts: an item is in one of them, in each of `only`, in none of `without`. since, until: delivered at this
    time or later, before this time. stamped: its `stamp` is at most this. place: continues after the item
    with this number. limit: 1 or more; None: all.
    """

    parts: tuple[StreamPart, ...] = (EVERYTHING,)
    only: tuple[StreamPart, ...] = ()
    without: tuple[StreamPart, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    stamped: int | None = None
    place: int | None = None
    oldest: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemList:
    """Items in any order, from a position on. parts, only, without: as in `ItemStream`.

    above, below: only items with a higher, lower number. published_after, published_before, changed_after,
    changed_before: bounds, excluded, of the time that orders lists, and of the time of the last change by the
    user or of the text. hidden_read: leaves out items read up to this time that are not starred. among: only
    the items of these articles. offset: items passed over. limit: most items; None: all.
    """

    parts: tuple[StreamPart, ...] = (EVERYTHING,)
    only: tuple[StreamPart, ...] = ()
    without: tuple[StreamPart, ...] = ()
    order: ItemOrder = "published_at"
    descending: bool = False
    above: int | None = None
    below: int | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    changed_after: datetime | None = None
    changed_before: datetime | None = None
    hidden_read: datetime | None = None
    among: tuple[int, ...] | None = None
    offset: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItems:
    """Numbers of the items of a list, in its order; total: of all items, whatever its offset and limit."""

    numbers: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRef:
    """An item's number and its stamp, as of `item_stamp`."""

    id: int
    stamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """A page of a stream. more: there are further items after the last of these."""

    refs: tuple[ItemRef, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOrigin:
    """A subscription that shows an article. title: as the user named it."""

    feed_id: int
    title: str
    site_url: str | None
    folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEdit:
    """Marks to set on items. read, starred: None leaves them. add, remove: names of tags."""

    read: bool | None = None
    starred: bool | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def item_stamp(number: int, delivered: datetime) -> int:
    """Return the time by which apps sort an item: microseconds since 1970, different for each item.

    It has the second of the delivery; its microseconds are of the number, which rises as items are added.
    """
    return stamp_of(number, to_microseconds(delivered))


def stamp_of(number: int, delivered: int) -> int:
    """Return the stamp of an item delivered at a number of microseconds since 1970."""
    return delivered // SECOND * SECOND + number % SECOND


def split_stamp(stamp: int) -> tuple[datetime, int]:
    """Split a stamp into the second of the delivery and the microseconds."""
    return from_microseconds(stamp // SECOND * SECOND), stamp % SECOND
