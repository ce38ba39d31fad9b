"""Calls that read streams: numbers of items, whole items, and the Atom document of older apps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.items import EVERYTHING, ItemPage, StreamPart
from unabridged.errors import InvalidURL
from unabridged.serve.sync.callers import Asked
from unabridged.serve.sync.google_reader.ids import parse_item_ids
from unabridged.serve.sync.google_reader.items import ItemParts, item_object
from unabridged.serve.sync.google_reader.streams import (
    OTHER_FEED,
    READING_LIST,
    STATE_PARTS,
    Parts,
    Resolve,
    StreamName,
    item_stream,
)
from unabridged.serve.sync.parameters import parse_number

MAX_IDS = 10_000
"""Numbers in one answer, and whole items asked for by number."""

MAX_CONTENTS = 1_000
DEFAULT_CONTENTS = 20
"""Whole items of a stream in one answer."""

BATCH = 50
"""Whole items that are in memory at the same time."""

PRIVATE = {"cache-control": "private, no-store"}


def json_response(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json; charset=utf-8", headers=PRIVATE)


def resolver(asked: Asked) -> Resolve:
    """Return the function that finds a caller's feeds, folders and tags by name, each looked up once."""
    library = asked.library

    def resolve(name: StreamName) -> Parts:
        if name.kind == "state":
            kind = STATE_PARTS.get(name.value)
            return () if kind is None else (StreamPart(kind=kind),)
        if name.kind == "label":
            return label_parts(library, name.value)
        number = feed_number(asked, name.value)
        if number == OTHER_FEED:
            return (StreamPart(kind="other"),)
        return () if number is None else (StreamPart(kind="feed", number=number),)

    return resolve


def label_parts(library: Library, label: str) -> Parts:
    """Return the folder and the tag with a name: apps know no difference."""
    folders = [one.id for one in library.subscriptions.folder_names() if one.name == label]
    tags = [one.id for one in library.tags.all() if one.name == label]
    return (
        *(StreamPart(kind="folder", number=number) for number in folders),
        *(StreamPart(kind="tag", number=number) for number in tags),
    )


VIENNA_ADDRESS = re.compile(r"https?://.+/reader/public/atom/([0-9]+)")
"""Address that Vienna makes of the number of a feed, and sends instead of it."""


def feed_number(asked: Asked, value: str) -> int | None:
    """Return the number of a feed by number or address; None for the address of an unknown feed."""
    if made := VIENNA_ADDRESS.fullmatch(value):
        value = made[1]
    if value.isdigit():
        return parse_number(value)
    try:
        found = asked.context.archive.feeds.find(value)
    except InvalidURL:
        return None
    return None if found is None else found.id


def item_ids(asked: Asked) -> Response:
    """Return numbers of the items of streams (`s`, several allowed); Readrops takes nothing beside them."""
    names = asked.parameters.all("s")
    stream = item_stream(names, asked.parameters, resolver(asked), default=MAX_IDS, most=MAX_IDS)
    page = asked.library.items.page(stream)
    refs = [{"id": str(ref.id)} for ref in page.refs]
    return json_response({"itemRefs": refs, **_continuation(page)})


def _continuation(page: ItemPage) -> Mapping[str, str]:
    return {"continuation": str(page.refs[-1].id)} if page.more else {}


def stream_contents(asked: Asked) -> Response:
    """Return whole items of a stream: the one in the path, or those of `s`."""
    names = (asked.stream,) if asked.stream else asked.parameters.all("s") or (READING_LIST,)
    stream = item_stream(
        names, asked.parameters, resolver(asked), default=DEFAULT_CONTENTS, most=MAX_CONTENTS
    )
    page = asked.library.items.page(stream)
    parts = stream.parts or (EVERYTHING,)
    title = "Reading list" if EVERYTHING in parts else names[0]
    return _document(asked, names[0], title, [ref.id for ref in page.refs], _continuation(page))


def items_contents(asked: Asked) -> Response:
    """Return whole items by number (`i`); unknown numbers are left out."""
    numbers = parse_item_ids(asked.parameters.all("i"))
    if asked.parameters.last("r") == "o":
        numbers.sort()
    return _document(asked, READING_LIST, "Reading list", numbers[:MAX_IDS], {})


def _document(
    asked: Asked, name: str, title: str, numbers: Sequence[int], tail: Mapping[str, str]
) -> Response:
    """Return items with the facts of their stream, made and sent in batches."""
    head = {
        "direction": "ltr",
        "id": name,
        "title": title,
        "self": [{"href": asked.address}],
        "author": asked.token.user_name,
        "updated": int(asked.now.timestamp()),
    }
    first = item_batch(asked.library, numbers[:BATCH])  # what fails, fails before the answer begins

    def parts() -> Iterator[bytes]:
        yield orjson.dumps(head)[:-1] + b',"items":['
        yield b",".join(first)
        sent = bool(first)
        for start in range(BATCH, len(numbers), BATCH):
            batch = item_batch(asked.library, numbers[start : start + BATCH])
            if batch:
                yield (b"," if sent else b"") + b",".join(batch)
                sent = True
        yield b"]" + b"".join(b"," + orjson.dumps({key: tail[key]})[1:-1] for key in tail) + b"}"

    return StreamingResponse(parts(), media_type="application/json; charset=utf-8", headers=PRIVATE)


def item_batch(library: Library, numbers: Sequence[int]) -> list[bytes]:
    return [orjson.dumps(item_object(parts)) for parts in item_parts(library, numbers)]


def item_parts(library: Library, numbers: Sequence[int]) -> list[ItemParts]:
    """Return what item objects are made of, in the order of the numbers; unknown ones are left out."""
    stored = library.items.articles(numbers)
    ids = [one.id for one in stored]
    origins, tags = library.items.origins(ids), library.tags.by_article(ids)
    return [
        ItemParts(stored=one, origins=origins.get(one.id, ()), tags=tags.get(one.id, ())) for one in stored
    ]


def unknown_stream(_asked: Asked) -> Response:
    """Return an empty stream: some apps crash on another shape."""
    empty: dict[str, Any] = {"items": []}
    return json_response(empty)
