"""Atom documents of streams, as the first apps of Google Reader and FeedHQ ask for them."""

from lxml import etree
from starlette.responses import Response

from unabridged.feeds.write import CONTENT_TYPES, FeedDocument, FeedItem, write_atom
from unabridged.serve.sync.callers import Asked
from unabridged.serve.sync.google_reader.ids import long_id
from unabridged.serve.sync.google_reader.items import ItemParts, first_origin, item_categories
from unabridged.serve.sync.google_reader.reading import (
    DEFAULT_CONTENTS,
    MAX_CONTENTS,
    PRIVATE,
    item_parts,
    resolver,
)
from unabridged.serve.sync.google_reader.streams import item_stream

ATOM = "http://www.w3.org/2005/Atom"
READER = "http://www.google.com/schemas/reader/atom/"
SCHEME = "http://www.google.com/reader/"
"""Scheme of the categories that are states and labels."""


def atom_stream(asked: Asked) -> Response:
    """Return whole items of the stream in the path as Atom."""
    stream = item_stream(
        (asked.stream,), asked.parameters, resolver(asked), default=DEFAULT_CONTENTS, most=MAX_CONTENTS
    )
    page = asked.library.items.page(stream)
    parts = item_parts(asked.library, [ref.id for ref in page.refs])
    document = FeedDocument(
        title=first_origin(parts[0]).title if parts else asked.stream,
        self_url=asked.address,
        id=f"tag:google.com,2005:reader/{asked.stream}",
        updated=max((one.stored.revised for one in parts), default=asked.now),
    )
    items = [
        FeedItem(id=long_id(one.stored.item_id or 0), article=one.stored.article, updated=one.stored.revised)
        for one in parts
    ]
    body = with_states(write_atom(document, items), parts, str(page.refs[-1].id) if page.more else None)
    return Response(body, media_type=CONTENT_TYPES["atom"], headers=PRIVATE)


def with_states(document: bytes, parts: list[ItemParts], continuation: str | None) -> bytes:
    """Add to a written document what apps look for: the publisher's ids, states and labels, the next page."""
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, huge_tree=True))
    if continuation is not None:
        etree.SubElement(root, f"{{{READER}}}continuation", nsmap={"gr": READER}).text = continuation
    for entry, one in zip(root.findall(f"{{{ATOM}}}entry"), parts, strict=True):
        number = entry.find(f"{{{ATOM}}}id")
        if number is not None:
            number.set(f"{{{READER}}}original-id", one.stored.article.url)
        for name in item_categories(one):
            if name.startswith("user/"):
                attributes = {"term": name, "scheme": SCHEME, "label": name.rpartition("/")[2]}
                etree.SubElement(entry, f"{{{ATOM}}}category", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
