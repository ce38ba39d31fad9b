"""Links in JSON exports: wallabag, FreshRSS, Feedbin, Miniflux, Pinboard, Omnivore, Pocket and others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from unabridged.errors import DocumentError
from unabridged.formats.links.saved_link import SavedLink, instant, link_of

LISTS = ("items", "entries", "bookmarks", "articles", "links", "list", "results", "data", "documents")
"""Names under which an export has its records."""


def records_of(value: Any) -> list[Mapping[str, Any]] | None:
    """Return the records of an export; None if the value is none."""
    if isinstance(value, Mapping):
        embedded = value.get("_embedded")
        if isinstance(embedded, Mapping):
            return records_of(embedded)
        found = next((value[name] for name in LISTS if isinstance(value.get(name), list | Mapping)), None)
        value = list(found.values()) if isinstance(found, Mapping) else found
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return None
    return value


def read_json_export(data: bytes, name: str) -> Iterator[tuple[str, SavedLink] | DocumentError]:
    """Yield the place and the link of each record; an error for a record without an address."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        yield DocumentError(f"{name}: not JSON: {exc}.")
        return
    records = records_of(value)
    if records is None:
        yield DocumentError(
            f"{name} is JSON of an unknown kind. Exports of wallabag, FreshRSS, Feedbin, Miniflux, Pinboard, "
            "Omnivore and Google Reader can be imported, and articles as JSON lines."
        )
        return
    is_starred = "starred" in name.rpartition("/")[2].lower() or (
        isinstance(value, Mapping) and "starred" in str(value.get("id", ""))
    )
    for number, record in enumerate(records, 1):
        where = f"{name}, record {number}"
        link = _link(record, is_starred)
        yield (where, link) if link else DocumentError(f"{where}: it has no address.")


def _link(record: Mapping[str, Any], starred: bool) -> SavedLink | None:
    if any(name in record for name in ("alternate", "canonical", "crawlTimeMsec")):
        return _google_reader(record, starred)
    if "href" in record and "extended" in record:
        return _pinboard(record)
    content = record.get("content")
    if isinstance(content, Mapping):  # Karakeep
        record = {**content, **record, "content": content.get("htmlContent")}
    return link_of(_flattened(record), starred=starred, whole="is_archived" in record)


def _flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with the folder of its feed, as Miniflux nests it, and states spelt as elsewhere."""
    flat = dict(record)
    feed = record.get("feed")
    category = feed.get("category") if isinstance(feed, Mapping) else None
    flat["category"] = None
    if isinstance(category, Mapping) and str(category.get("title", "")).lower() != "all":
        flat["category"] = category.get("title")
    if str(flat.get("status")) == "removed":
        flat["status"] = "unread"
    if str(flat.get("state", "")).lower() not in ("archived", "archive"):
        flat.pop("state", None)
    return flat


def _pinboard(record: Mapping[str, Any]) -> SavedLink | None:
    tags = record.get("tags")
    return link_of(
        {
            "url": record.get("href"),
            "title": record.get("description"),
            "excerpt": record.get("extended"),
            "created": record.get("time"),
            "tags": tags.split() if isinstance(tags, str) else tags,
            "read": record.get("toread") == "no",
        }
    )


def _google_reader(record: Mapping[str, Any], starred: bool) -> SavedLink | None:
    categories = [one for one in record.get("categories") or () if isinstance(one, str)]
    text = record.get("content") or record.get("summary")
    crawled = record.get("crawlTimeMsec") or record.get("updated") or record.get("published")
    link = link_of(
        {
            "url": _address(record.get("canonical")) or _address(record.get("alternate")) or record.get("id"),
            "title": record.get("title"),
            "author": record.get("author"),
            "content": text.get("content") if isinstance(text, Mapping) else None,
            "tags": [one.rpartition("/label/")[2] for one in categories if "/label/" in one],
            "created": str(crawled or ""),
            "read": any(one.endswith("/state/com.google/read") for one in categories),
        },
        starred=starred or any(one.endswith("/state/com.google/starred") for one in categories),
    )
    return None if link is None else replace(link, published=instant(record.get("published")))


def _address(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else None
    href = first.get("href") if isinstance(first, Mapping) else None
    return href if isinstance(href, str) else ""
