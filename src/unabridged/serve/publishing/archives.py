"""Division of a feed into a document that grows and archive documents before it (RFC 5005, section 4).

Items are divided in the order of their numbers, which is that of their delivery. An archive document is named
by the number of its newest item, so later arrivals do not move it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.items import ItemRef, ItemStream, StreamPart

MAX_FEEDS = 2000
"""Feeds whose beginning is remembered."""

Key = tuple[int, StreamPart]
"""Number of a person, and the items of a feed of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSection:
    """Items of one document, newest first. older: newest item of the archive document before it, if any."""

    items: tuple[int, ...]
    older: int | None = None


def growing_length(count: int, size: int) -> int:
    """Return how many of `count` items the growing document holds, if archive documents hold `size` each.

    Archive documents are filled from the oldest item on; the rest, and one document's worth more, is in the
    growing document: a reader that comes late finds its items there.
    """
    return count if count < 2 * size else size + count % size


@dataclass(slots=True)
class FeedDivider:
    """Divides feeds. begins: newest archived item of each feed, 0 without one; counted when first asked."""

    begins: "OrderedDict[Key, int]" = field(default_factory=OrderedDict)

    def growing(self, library: Library, user: int, part: StreamPart, size: int) -> FeedSection:
        """Return the items of the document that grows, with those that joined the feed late.

        size: items of an archive document.
        """
        key = (user, part)
        begin = self.begins.get(key)
        newer = None if begin is None else _newer(library, part, begin, size)
        length = growing_length(_count(library, part) if newer is None else len(newer), size)
        if newer is None or length < len(newer):
            refs = library.items.page(ItemStream(parts=(part,), limit=length + 1)).refs
            begin = refs[length].id if len(refs) > length else 0
            newer = refs[:length]
            self._remember(key, begin)
        late = library.items.joined_late(part, begin) if begin else ()
        return FeedSection(items=(*(one.id for one in newer), *late), older=begin or None)

    def _remember(self, key: Key, begin: int) -> None:
        self.begins[key] = begin
        self.begins.move_to_end(key)
        while len(self.begins) > MAX_FEEDS:
            self.begins.popitem(last=False)


def archived(library: Library, part: StreamPart, newest: int, size: int) -> FeedSection:
    """Return the items of an archive document. newest: number of the newest that it may hold."""
    stream = ItemStream(parts=(part,), place=newest + 1, limit=size + 1)
    numbers = tuple(one.id for one in library.items.page(stream).refs)
    return FeedSection(items=numbers[:size], older=numbers[size] if len(numbers) > size else None)


def _newer(library: Library, part: StreamPart, begin: int, size: int) -> Sequence[ItemRef] | None:
    """Return the items after a number; None if they are so many that it is better to count all."""
    page = library.items.page(ItemStream(parts=(part,), limit=4 * size))
    newer = [one for one in page.refs if one.id > begin]
    return None if page.more and len(newer) == len(page.refs) else newer


def _count(library: Library, part: StreamPart) -> int:
    return library.items.count(ItemStream(parts=(part,)))
