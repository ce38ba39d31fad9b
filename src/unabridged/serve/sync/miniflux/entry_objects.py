"""Entry and enclosure objects of the Miniflux API, made of stored articles. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from unabridged.archive.records.core import StoredArticle
from unabridged.cleaning import with_web_addresses
from unabridged.model import Article, Enclosure
from unabridged.serve.sync.google_reader.items import ItemParts, first_origin
from unabridged.serve.sync.miniflux.answers import moment
from unabridged.serve.views.formatting import reading_minutes
from unabridged.serve.views.playback import media_key
from unabridged.text.words import count_words

ENCLOSURES = 1000
"""The number of an enclosure is that of its entry times this, plus its place: apps need one for each."""


def enclosure_number(item: int, place: int) -> int:
    """Return the number of an enclosure. place: from 1, as many as have a number."""
    return item * ENCLOSURES + place


def split_enclosure(number: int) -> tuple[int, int]:
    """Return the item and the place, from 1, of the enclosure with a number."""
    return divmod(number, ENCLOSURES)


def numbered(article: Article) -> tuple[Enclosure, ...]:
    """Return the enclosures of an article that have a number."""
    return article.enclosures[: ENCLOSURES - 1]


def enclosure_object(one: Enclosure, number: int, user: int, seconds: Mapping[str, int]) -> dict[str, Any]:
    """Return an enclosure. seconds: positions of the user by key of the file."""
    return {
        "id": number,
        "user_id": user,
        "entry_id": split_enclosure(number)[0],
        "url": one.url,
        "mime_type": one.type or "",
        "size": one.length or 0,
        "media_progression": seconds.get(media_key(one.url), 0),
    }


def minutes(article: Article) -> int:
    return reading_minutes(count_words(article.text), article.language)


def last_change(stored: StoredArticle) -> str:
    """Return when an entry changed last: it was delivered, marked, or has a new version."""
    times = (stored.delivered, stored.changed, stored.revised)
    return moment(max((at for at in times if at is not None), default=None))


def entry_object(parts: ItemParts, user: int, seconds: Mapping[str, int]) -> dict[str, Any]:
    """Return one entry with its whole text, but without its feed. seconds: positions by key of the file."""
    stored, article = parts.stored, with_web_addresses(parts.stored.article)
    item = stored.item_id or 0
    return {
        "id": item,
        "user_id": user,
        "feed_id": first_origin(parts).feed_id,
        "status": "read" if stored.read else "unread",
        "hash": hashlib.sha256(article.url.encode("utf-8", "replace")).hexdigest(),
        "title": article.title or article.url,
        "url": article.url,
        "comments_url": "",
        "language": article.language or "",
        "published_at": moment(stored.at),
        "created_at": moment(stored.delivered or stored.first_seen),
        "changed_at": last_change(stored),
        "content": article.html,
        "author": ", ".join(article.authors),
        "share_code": "",
        "starred": stored.starred,
        "reading_time": minutes(article),
        "enclosures": [
            enclosure_object(one, enclosure_number(item, place), user, seconds)
            for place, one in enumerate(numbered(article), start=1)
        ],
        "tags": list(dict.fromkeys([*article.tags, *parts.tags])),
    }


def entry_bytes(entry: Mapping[str, Any], feed: bytes) -> bytes:
    """Return an entry as JSON. feed: its feed as JSON, which many entries share."""
    return orjson.dumps({**entry, "feed": orjson.Fragment(feed)})
