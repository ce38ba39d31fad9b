"""Item objects of the Google Reader API, made of stored articles. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.items import ItemOrigin, item_stamp
from unabridged.cleaning import with_web_addresses
from unabridged.model import Article, Enclosure
from unabridged.serve.sync.google_reader.ids import long_id
from unabridged.serve.sync.google_reader.streams import LABEL, OTHER_FEED, READ, READING_LIST, STARRED
from unabridged.serve.views.formatting import fallback_title

OTHER_TITLE = "Saved pages and other articles"
"""Title of the feed of items that no subscription shows."""

_LOOK_ALIKE = str.maketrans({"<": "＜", ">": "＞"})
"""Many apps show titles as HTML: what looks like a tag must not be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemParts:
    """Parts of an item object. origins: subscriptions that show the article; tags: the user's."""

    stored: StoredArticle
    origins: Sequence[ItemOrigin] = ()
    tags: Sequence[str] = ()


def first_origin(parts: ItemParts) -> ItemOrigin:
    """Return the subscription under which apps see an item: that of the article's own feed if it is one."""
    own = next((one for one in parts.origins if one.feed_id == parts.stored.feed_id), None)
    if own is not None or parts.origins:
        return own or parts.origins[0]
    return ItemOrigin(feed_id=OTHER_FEED, title=OTHER_TITLE, site_url=None, folder=None)


def plain_title(text: str) -> str:
    """Return a title that is the same shown as text and as HTML, but for ampersands."""
    return text.translate(_LOOK_ALIKE)


def item_title(article: Article) -> str:
    """Return the title of an article, or its first words: some apps fail at an item without a title."""
    return plain_title(article.title or fallback_title(article.text, article.url))


def item_categories(parts: ItemParts) -> list[str]:
    """Return the states and labels of an item, then the publisher's own tags as plain words."""
    stored = parts.stored
    states = [READING_LIST]
    if stored.read:
        states.append(READ)
    if stored.starred:
        states.append(STARRED)
    folders = [one.folder for one in parts.origins if one.folder]
    labels = [f"{LABEL}{name}" for name in (*folders, *parts.tags)]
    return list(dict.fromkeys([*states, *labels, *stored.article.tags]))


def item_object(parts: ItemParts) -> dict[str, Any]:
    """Return one item. Its text is the whole article, in `summary` and in `content`, as apps read either."""
    stored, article = parts.stored, with_web_addresses(parts.stored.article)
    number = stored.item_id or 0
    stamp = item_stamp(number, stored.delivered or stored.first_seen)
    origin = first_origin(parts)
    text = {"direction": "ltr", "content": article.html}
    found: dict[str, Any] = {
        "id": long_id(number),
        "crawlTimeMsec": str(stamp // 1000),
        "timestampUsec": str(stamp),
        "published": int((article.published or stored.at).timestamp()),
        "updated": int(stored.revised.timestamp()),
        "title": item_title(article),
        "author": ", ".join(article.authors),
        "canonical": [{"href": article.url}],
        "alternate": [{"href": article.url, "type": "text/html"}],
        "categories": item_categories(parts),
        "origin": {
            "streamId": f"feed/{origin.feed_id}",
            "title": origin.title,
            "htmlUrl": origin.site_url or "",
        },
        "summary": text,
        "content": text,
    }
    if article.enclosures:
        found["enclosure"] = [_enclosure(one) for one in article.enclosures]
    return found


def _enclosure(one: Enclosure) -> Mapping[str, Any]:
    return {"href": one.url, "url": one.url, "type": one.type or "", "length": one.length or 0}
