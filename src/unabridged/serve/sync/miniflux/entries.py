"""Calls that read entries: lists with filters, single ones, and lists of numbers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import orjson
from starlette.responses import Response, StreamingResponse

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.items import ItemList, ListedItems, StreamPart
from unabridged.errors import BadQuery
from unabridged.serve.sync.google_reader.items import ItemParts, first_origin
from unabridged.serve.sync.google_reader.reading import item_parts
from unabridged.serve.sync.miniflux.answers import JSON, NOT_FOUND, PRIVATE, Refusal, json_response
from unabridged.serve.sync.miniflux.categories import find_category, known_category
from unabridged.serve.sync.miniflux.entry_filters import EntryFilters, read_filters, read_limit
from unabridged.serve.sync.miniflux.entry_objects import entry_bytes, entry_object
from unabridged.serve.sync.miniflux.feeds import feed_part, feeds_by_number, knows_feed
from unabridged.serve.sync.miniflux.marks import flushed_at
from unabridged.serve.sync.miniflux.requests import Sent
from unabridged.serve.views.playback import may_play

BATCH = 100
"""Whole entries that are in memory at the same time."""

MAX_FOUND = 10_000
"""Articles that a search finds at most, the newest."""

MAX_IDS = 10_000
"""Numbers in one answer unless more are asked for."""


def list_entries(sent: Sent) -> Response:
    """Return the entries that match the parameters."""
    return _listed(sent, read_filters(sent.parameters))


def feed_entries(sent: Sent) -> Response:
    return _listed(sent, replace(read_filters(sent.parameters), feed=sent.numbers["feed"]))


def category_entries(sent: Sent) -> Response:
    return _listed(sent, replace(read_filters(sent.parameters), category=sent.numbers["category"]))


def _listed(sent: Sent, filters: EntryFilters) -> Response:
    found = find_entries(sent, filters)
    if len(found.numbers) <= BATCH:
        entries = b",".join(_batch(sent, found.numbers))
        return Response(_head(found) + entries + b"]}", headers=PRIVATE, media_type=JSON)
    return StreamingResponse(_parts(sent, found), headers=PRIVATE, media_type=JSON)


def _head(found: ListedItems) -> bytes:
    return b'{"total":%d,"entries":[' % found.total


def _parts(sent: Sent, found: ListedItems) -> Iterator[bytes]:
    """Yield the answer in batches."""
    yield _head(found)
    is_first = True
    for start in range(0, len(found.numbers), BATCH):
        batch = b",".join(_batch(sent, found.numbers[start : start + BATCH]))
        if batch:
            yield batch if is_first else b"," + batch
            is_first = False
    yield b"]}"


def find_entries(sent: Sent, filters: EntryFilters) -> ListedItems:
    """Return the numbers of the entries of a list. Raises Refusal for an unknown feed or category."""
    wanted = replace(filters.wanted, hidden_read=flushed_at(sent.library))
    if filters.feed is not None:
        if not knows_feed(sent, filters.feed):
            raise Refusal(400, "invalid feed ID")
        wanted = replace(wanted, parts=(feed_part(filters.feed),))
    if filters.category is not None:
        category = find_category(sent, filters.category)
        if category is None:
            raise Refusal(400, "invalid category ID")
        wanted = _within(wanted, category.parts, is_first=filters.feed is None)
    tags = _tag_parts(sent.library, filters.tags)
    if filters.nothing or tags is None:
        return ListedItems(numbers=(), total=0)
    wanted = replace(wanted, only=(*wanted.only, *tags))
    if filters.words:
        wanted = replace(wanted, among=_articles_with(sent, filters.words))
    return sent.library.items.listed(wanted)


def _within(wanted: ItemList, parts: tuple[StreamPart, ...], *, is_first: bool) -> ItemList:
    """Narrow a list to a category. is_first: no feed narrows it."""
    if is_first:
        return replace(wanted, parts=parts)
    return replace(wanted, only=(*wanted.only, *parts[:1]))


def _tag_parts(library: Library, names: Sequence[str]) -> tuple[StreamPart, ...] | None:
    """Return the caller's tags with these names; None if there is no such tag."""
    known = {one.name.casefold(): one.id for one in library.tags.all()} if names else {}
    numbers = [known.get(name.casefold()) for name in names]
    if any(number is None for number in numbers):
        return None
    return tuple(StreamPart(kind="tag", number=number) for number in numbers if number is not None)


def _articles_with(sent: Sent, words: str) -> tuple[int, ...]:
    """Return the newest articles with these words; they are a query of the reader's search if they can be."""
    with suppress(BadQuery):
        return _search(sent, words)
    quoted = " ".join(f'"{word}"' for word in words.replace('"', " ").split())
    with suppress(BadQuery):
        return _search(sent, quoted)
    return ()


def _search(sent: Sent, words: str) -> tuple[int, ...]:
    found: list[int] = []
    place: str | None = None
    while len(found) < MAX_FOUND:
        page = sent.library.search.ids(words, before=place, now=sent.now)
        found += page.article_ids
        place = page.next
        if place is None:
            break
    return tuple(found[:MAX_FOUND])


# Whole entries


def _batch(sent: Sent, numbers: Sequence[int]) -> list[bytes]:
    return entries_of(sent, item_parts(sent.library, numbers))


def entries_of(sent: Sent, parts: Sequence[ItemParts]) -> list[bytes]:
    """Return entries with their feeds as JSON."""
    feeds = feeds_by_number(sent, (first_origin(one).feed_id for one in parts))
    shown = {number: orjson.dumps(one) for number, one in feeds.items()}
    seconds = positions(sent.library, parts)
    objects = (entry_object(one, sent.user, seconds.get(one.stored.id, {})) for one in parts)
    return [entry_bytes(one, shown[one["feed_id"]]) for one in objects if one["feed_id"] in shown]


def positions(library: Library, parts: Sequence[ItemParts]) -> dict[int, Mapping[str, int]]:
    """Map article ids to the caller's positions in seconds, by key of the file."""
    found: dict[int, dict[str, int]] = {}
    playable = [one.stored.id for one in parts if may_play(one.stored.article)]
    for position in library.positions.of_articles(playable) if playable else ():
        found.setdefault(position.article_id, {})[position.media] = position.seconds
    return dict(found)


def one_entry(sent: Sent) -> ItemParts:
    """Return the entry in the path. Raises Refusal if there is none."""
    found = item_parts(sent.library, [sent.numbers["entry"]])
    if not found:
        raise Refusal(404, NOT_FOUND)
    return found[0]


def entry_response(sent: Sent, parts: ItemParts, status: int = 200) -> Response:
    return Response(entries_of(sent, [parts])[0], status, PRIVATE, JSON)


def entry(sent: Sent) -> Response:
    return entry_response(sent, one_entry(sent))


def feed_entry(sent: Sent) -> Response:
    """Return an entry if the feed in the path shows it."""
    found, number = one_entry(sent), sent.numbers["feed"]
    if number not in {one.feed_id for one in (first_origin(found), *found.origins)}:
        raise Refusal(404, NOT_FOUND)
    return entry_response(sent, found)


def category_entry(sent: Sent) -> Response:
    """Return an entry if a feed of the category in the path shows it."""
    found = one_entry(sent)
    wanted = ItemList(parts=known_category(sent).parts, among=(found.stored.id,))
    if not sent.library.items.listed(wanted).total:
        raise Refusal(404, NOT_FOUND)
    return entry_response(sent, found)


def entry_ids(sent: Sent) -> Response:
    """Return numbers of entries, the highest first."""
    filters = read_filters(sent.parameters)
    limit = read_limit(sent.parameters, MAX_IDS)
    wanted = replace(filters.wanted, order="id", descending=True, limit=limit)
    found = find_entries(sent, replace(filters, wanted=wanted))
    return json_response({"total": found.total, "entry_ids": found.numbers})
