"""A JSON Feed (1.0 and 1.1, https://www.jsonfeed.org/version/1.1/) to a Feed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import orjson

from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.parsing.channel import MAX_ENTRIES
from unabridged.feeds.parsing.entries import MAX_EXTRA, MAX_EXTRA_CHARACTERS
from unabridged.feeds.parsing.plain_text import paragraphs
from unabridged.feeds.parsing.values import Scope, address, base_of_site, clock, one_line, people
from unabridged.feeds.parsing.zones import usual_zone
from unabridged.model import Enclosure, Entry, Feed
from unabridged.urls import unwrap

_ENTRY_FIELDS = frozenset(
    "id url external_url title content_html content_text summary image banner_image date_published "
    "date_modified author authors tags language attachments".split()
)
_FEED_FIELDS = frozenset("version items title home_page_url feed_url".split())


def read_json(text: str, *, url: str, now: datetime | None) -> Feed:
    """Return the feed of a JSON text. Raises FeedError for broken JSON, NotAFeed for other JSON."""
    try:
        document = _load(text)
    except (ValueError, RecursionError) as exc:
        raise FeedError(f"{url} begins as JSON but cannot be read: {str(exc)[:200]}.") from exc
    if not isinstance(document, dict) or not _is_feed(document):
        raise NotAFeed(url, "some other JSON", "A JSON Feed has a version, a title and items.")
    language = _language(document)
    scope = Scope(base=url, language=language, now=now, zone=usual_zone(language, url))
    site = _link(document, "home_page_url", scope)
    inner = replace(scope, base=base_of_site(site, url), zone=usual_zone(language, site, url))
    items = document.get("items")
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    left = len(entries) - MAX_ENTRIES
    return Feed(
        url=url,
        format="json",
        title=_line(document, "title"),
        description=_line(document, "description"),
        site_url=site,
        self_url=_link(document, "feed_url", scope),
        next_url=_link(document, "next_url", scope),
        language=scope.language,
        authors=_authors(document),
        icon=_link(document, "icon", scope) or _link(document, "favicon", scope),
        entries=tuple(_entry(item, inner) for item in entries[:MAX_ENTRIES]),
        hubs=tuple(_hubs(document, scope)),
        notes=(f"{left} more entries not read",) if left > 0 else (),
    )


def _load(text: str) -> object:
    try:
        return orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return json.loads(text, strict=False)  # line breaks and controls inside strings


def _is_feed(document: Mapping[str, object]) -> bool:
    stated = document.get("version")
    return (
        "jsonfeed" in stated.lower()
        if isinstance(stated, str)
        else _FEED_FIELDS & document.keys() >= {"items", "title"}
    )


def _entry(item: Mapping[str, object], scope: Scope) -> Entry:
    text = _text(item, "content_text")
    link = _link(item, "url", scope) or _link(item, "external_url", scope)
    page = unwrap(link) if link else None
    image = _link(item, "image", scope) or _link(item, "banner_image", scope)
    published, modified = _text(item, "date_published"), _text(item, "date_modified")
    return Entry(
        guid=_identifier(item),
        url=page,
        title=_line(item, "title"),
        authors=_authors(item),
        published=clock(published, "published", scope) if published else None,
        modified=clock(modified, "modified", scope) if modified else None,
        summary_html=paragraphs(_text(item, "summary")),
        content_html=_text(item, "content_html").strip() or paragraphs(text),
        language=_language(item) or scope.language,
        tags=tuple(dict.fromkeys(_strings(item.get("tags")))),
        enclosures=tuple(_attachments(item, scope)),
        lead_image=image,
        base=page or scope.base,
        extra=tuple(_extra(item)),
    )


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _line(record: Mapping[str, object], name: str) -> str:
    return one_line(_text(record, name))


def _identifier(item: Mapping[str, object]) -> str | None:
    """Return the id; version 1.0 allowed numbers, which are the same id as their text."""
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _language(record: Mapping[str, object]) -> str | None:
    return _line(record, "language").replace("_", "-")[:35] or None


def _link(record: Mapping[str, object], name: str, scope: Scope) -> str | None:
    return address(_text(record, name).strip(), scope.base)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (line for part in value if isinstance(part, str) and (line := one_line(part)))


def _authors(record: Mapping[str, object]) -> tuple[str, ...]:
    """Return names of `authors` (1.1), else of `author` (1.0)."""
    given = record.get("authors") or record.get("author")
    records = given if isinstance(given, list) else [given]
    return people(_line(each, "name") if isinstance(each, dict) else "" for each in records)


def _hubs(document: Mapping[str, object], scope: Scope) -> Iterator[str]:
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and (found := _link(hub, "url", scope)):
            yield found


def _attachments(item: Mapping[str, object], scope: Scope) -> Iterator[Enclosure]:
    given = item.get("attachments")
    for each in given if isinstance(given, list) else ():
        if isinstance(each, dict) and (url := _link(each, "url", scope)):
            size = each.get("size_in_bytes")
            yield Enclosure(
                url=url,
                type=_line(each, "mime_type") or None,
                length=size if isinstance(size, int) and 0 <= size < 10**15 else None,
                title=_line(each, "title"),
            )


def _extra(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    unknown = [name for name in item if name not in _ENTRY_FIELDS][:MAX_EXTRA]
    for name in unknown:
        value = item[name]
        raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name, raw[:MAX_EXTRA_CHARACTERS]
