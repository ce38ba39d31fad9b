"""Calls about files attached to entries: an enclosure, and the caller's position in it."""

from starlette.responses import Response

from unabridged.serve.sync.google_reader.items import ItemParts
from unabridged.serve.sync.google_reader.reading import item_parts
from unabridged.serve.sync.miniflux.answers import NOT_FOUND, Refusal, json_response, no_content
from unabridged.serve.sync.miniflux.entries import positions
from unabridged.serve.sync.miniflux.entry_objects import enclosure_object, numbered, split_enclosure
from unabridged.serve.sync.miniflux.requests import Sent
from unabridged.serve.views.playback import media_key


def _entry_and_place(sent: Sent) -> tuple[ItemParts, int]:
    """Return the entry of the enclosure in the path, and its place from 0. Raises Refusal without one."""
    item, place = split_enclosure(sent.numbers["enclosure"])
    found = item_parts(sent.library, [item])
    if not found or not 0 < place <= len(numbered(found[0].stored.article)):
        raise Refusal(404, NOT_FOUND)
    return found[0], place - 1


def enclosure(sent: Sent) -> Response:
    parts, place = _entry_and_place(sent)
    seconds = positions(sent.library, [parts]).get(parts.stored.id, {})
    file = numbered(parts.stored.article)[place]
    return json_response(enclosure_object(file, sent.numbers["enclosure"], sent.user, seconds))


def update_enclosure(sent: Sent) -> Response:
    """Store the caller's position in a file, in seconds: where the reader goes on, too."""
    seconds = sent.fields.number("media_progression") or 0
    if seconds < 0:
        raise Refusal(400, "media progression must an positive integer")
    parts, place = _entry_and_place(sent)
    key = media_key(numbered(parts.stored.article)[place].url)
    sent.library.positions.set(parts.stored.id, key, seconds, None, now=sent.now)
    return no_content()
