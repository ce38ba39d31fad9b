"""Articles to the bytes of a full-text feed: RSS 2.0, Atom 1.0, JSON Feed 1.1.

Bodies are escaped, never in CDATA sections, which nothing inside can end. Ids are the caller's and
never derived from what changes. The same input gives the same bytes, so that an ETag means something.
"""

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

import orjson
from lxml import etree

from unabridged.cleaning import with_web_addresses
from unabridged.model import Article, Enclosure
from unabridged.urls import web_address

GENERATOR = "Unabridged"

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """Fields of a written feed.

    id: an IRI that never changes; `self_url` where None. updated: when a version was last added, None
    for a feed without articles. icon: a square picture. next_url: older articles of the same feed.
    prev_archive: the archive document before this one (RFC 5005); archive: this document is one, and
    always holds the same articles. current_url: of an archive document, the feed that grows.
    """

    title: str
    self_url: str
    id: str | None = None
    site_url: str | None = None
    description: str = ""
    language: str | None = None
    updated: datetime | None = None
    hubs: tuple[str, ...] = ()
    next_url: str | None = None
    prev_archive: str | None = None
    archive: bool = False
    current_url: str | None = None
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One article in a written feed.

    id: stable forever, an IRI (Atom asks for one). updated: when the shown version was made; moves
    only with a new version. source_title, source_url: the feed it came from, in feeds of many sources.
    edits, edited: how often the publisher edited it, and when that was last noticed. note: why this is not
    the whole text, "" if it is.
    """

    id: str
    article: Article
    updated: datetime
    source_title: str | None = None
    source_url: str | None = None
    edits: int = 0
    edited: datetime | None = None
    note: str = ""

    @property
    def body(self) -> str:
        """Return the text as HTML, followed by the note, if there is one."""
        note = f"<p><em>{html.escape(self.note, quote=False)}</em></p>" if self.note else ""
        return self.article.html + note


def _fit_document(document: FeedDocument) -> FeedDocument:
    """Leave out every address that is none of the web, whoever put it there."""
    return replace(
        document,
        self_url=web_address(document.self_url) or "",
        site_url=web_address(document.site_url),
        hubs=tuple(filter(None, map(web_address, document.hubs))),
        next_url=web_address(document.next_url),
        prev_archive=web_address(document.prev_archive),
        current_url=web_address(document.current_url),
        icon=web_address(document.icon),
    )


def _fit_items(items: Sequence[FeedItem]) -> list[FeedItem]:
    return [
        replace(item, article=with_web_addresses(item.article), source_url=web_address(item.source_url))
        for item in items
    ]


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold: most controls, and halves of surrogate pairs."""
    return _ILLEGAL.sub("", text)


_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_MEDIA = "http://search.yahoo.com/mrss/"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RSS_PREFIXES = {"atom": _ATOM, "content": _CONTENT, "dc": _DC, "fh": _HISTORY, "media": _MEDIA}
_ATOM_PREFIXES = {None: _ATOM, "fh": _HISTORY, "media": _MEDIA}


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str | None) -> None:
    """Append an element; attributes without a value are left out."""
    element = etree.SubElement(parent, tag)
    if text is not None:
        element.text = clean(text)
    for name, value in attributes.items():
        if value is not None:
            element.set(name, clean(value))


def write_rss(document: FeedDocument, items: Sequence[FeedItem]) -> bytes:
    """Return an RSS 2.0 document with `content:encoded` bodies."""
    document, items = _fit_document(document), _fit_items(items)
    root = etree.Element("rss", {"version": "2.0"}, nsmap=_RSS_PREFIXES)
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", document.title)
    _add(channel, "link", document.site_url or document.self_url)
    _add(channel, "description", document.description)
    if document.language:
        _add(channel, "language", document.language)
    if document.updated:
        _add(channel, "lastBuildDate", format_datetime(document.updated))
    _add(channel, "generator", GENERATOR)
    _add_related(channel, document)
    if document.icon:
        image = etree.SubElement(channel, "image")
        _add(image, "url", document.icon)
        _add(image, "title", document.title)
        _add(image, "link", document.site_url or document.self_url)
    for item in items:
        _add_rss_item(channel, item)
    return _serialised(root)


def _add_related(parent: etree._Element, document: FeedDocument) -> None:
    """Append the Atom links by which readers and hubs find their way, in either XML format."""
    _add(parent, f"{{{_ATOM}}}link", rel="self", href=document.self_url)
    for hub in document.hubs:
        _add(parent, f"{{{_ATOM}}}link", rel="hub", href=hub)
    if document.next_url:
        _add(parent, f"{{{_ATOM}}}link", rel="next", href=document.next_url)
    if document.current_url:
        _add(parent, f"{{{_ATOM}}}link", rel="current", href=document.current_url)
    if document.prev_archive:
        _add(parent, f"{{{_ATOM}}}link", rel="prev-archive", href=document.prev_archive)
    if document.archive:
        _add(parent, f"{{{_HISTORY}}}archive")


def _add_rss_item(channel: etree._Element, item: FeedItem) -> None:
    article = item.article
    element = etree.SubElement(channel, "item")
    if article.title:
        _add(element, "title", article.title)
    if article.url:
        _add(element, "link", article.url)
    _add(element, "guid", item.id, isPermaLink="false")
    _add(element, "pubDate", format_datetime(article.published or item.updated))
    _add(element, f"{{{_ATOM}}}updated", _iso(item.updated))
    for name in article.authors:
        _add(element, f"{{{_DC}}}creator", name)  # RSS's own author must be a mail address
    if article.language:
        _add(element, f"{{{_DC}}}language", article.language)
    for tag in article.tags:
        _add(element, "category", tag)
    if item.source_title and item.source_url:
        _add(element, "source", item.source_title, url=item.source_url)
    for enclosure in article.enclosures:
        _add(
            element,
            "enclosure",
            url=enclosure.url,
            length=str(enclosure.length or 0),
            type=_media_type(enclosure),
        )
    if article.lead_image:
        _add(element, f"{{{_MEDIA}}}thumbnail", url=article.lead_image)
    if article.summary:
        _add(element, "description", html.escape(article.summary, quote=False))
    if item.body:  # some readers take an empty one for something else
        _add(element, f"{{{_CONTENT}}}encoded", item.body, **{_XML_BASE: article.url or None})


def write_atom(document: FeedDocument, items: Sequence[FeedItem]) -> bytes:
    """Return an Atom 1.0 document with escaped HTML bodies."""
    document, items = _fit_document(document), _fit_items(items)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_ATOM_PREFIXES)
    if document.language:
        root.set(_XML_LANG, clean(document.language))
    _add_atom(root, "id", document.id or document.self_url)
    _add_atom(root, "title", document.title)
    if document.description:
        _add_atom(root, "subtitle", document.description)
    _add_atom(root, "updated", _iso(_last_change(document, items)))
    if document.site_url:
        _add_atom(root, "link", rel="alternate", type="text/html", href=document.site_url)
    _add_related(root, document)
    if document.icon:
        _add_atom(root, "icon", document.icon)
    _add_atom(root, "generator", GENERATOR)
    if not all(item.article.authors for item in items):  # RFC 4287: someone must have written it
        _add_people(root, (document.title or GENERATOR,))
    for item in items:
        _add_atom_entry(root, item)
    return _serialised(root)


def _add_atom(parent: etree._Element, name: str, text: str | None = None, **attributes: str | None) -> None:
    _add(parent, f"{{{_ATOM}}}{name}", text, **attributes)


def _add_people(parent: etree._Element, names: Sequence[str]) -> None:
    for name in names:
        author = etree.SubElement(parent, f"{{{_ATOM}}}author")
        _add_atom(author, "name", name)


def _add_atom_entry(root: etree._Element, item: FeedItem) -> None:
    article = item.article
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    if article.language:
        entry.set(_XML_LANG, clean(article.language))
    _add_atom(entry, "id", item.id)
    _add_atom(entry, "title", article.title)
    if article.url:
        _add_atom(entry, "link", rel="alternate", type="text/html", href=article.url)
    for enclosure in article.enclosures:
        _add_atom(
            entry,
            "link",
            rel="enclosure",
            href=enclosure.url,
            type=enclosure.type,
            length=None if enclosure.length is None else str(enclosure.length),
            title=enclosure.title or None,
        )
    if article.published:
        _add_atom(entry, "published", _iso(article.published))
    _add_atom(entry, "updated", _iso(item.updated))
    _add_people(entry, article.authors)
    for tag in article.tags:
        _add_atom(entry, "category", term=tag)
    if item.source_title or item.source_url:
        _add_source(entry, item)
    if article.lead_image:
        _add(entry, f"{{{_MEDIA}}}thumbnail", url=article.lead_image)
    if article.summary:
        _add_atom(entry, "summary", article.summary)
    if item.body or not article.url:  # RFC 4287: an entry without a link must have content
        _add_atom(entry, "content", item.body, type="html", **{_XML_BASE: article.url or None})


def _add_source(entry: etree._Element, item: FeedItem) -> None:
    source = etree.SubElement(entry, f"{{{_ATOM}}}source")
    if item.source_url:
        _add_atom(source, "id", item.source_url)
    _add_atom(source, "title", item.source_title or "")
    if item.source_url:
        _add_atom(source, "link", rel="self", href=item.source_url)


def write_json(document: FeedDocument, items: Sequence[FeedItem]) -> bytes:
    """Return a JSON Feed 1.1 document."""
    document, items = _fit_document(document), _fit_items(items)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.site_url,
        "feed_url": document.self_url,
        "description": document.description,
        "icon": document.icon,
        "language": document.language,
        "next_url": document.next_url,
        "hubs": [{"type": "WebSub", "url": hub} for hub in document.hubs],
    }
    return orjson.dumps(
        {**_stated(feed), "items": [_json_item(item) for item in items]}, option=orjson.OPT_INDENT_2
    )


def _json_item(item: FeedItem) -> dict[str, object]:
    article = item.article
    stated = {
        "id": item.id,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "image": article.lead_image,
        "date_published": _iso(article.published) if article.published else None,
        "date_modified": _iso(item.updated),
        "authors": [{"name": clean(name)} for name in article.authors],
        "tags": [clean(tag) for tag in article.tags],
        "language": article.language,
        "attachments": [_attachment(enclosure) for enclosure in article.enclosures],
        "_unabridged": _stated(
            {
                "source": item.source_title,
                "source_url": item.source_url,
                "edits": item.edits or None,
                "edited": _iso(item.edited) if item.edited else None,
                "note": item.note,
            }
        ),
    }
    return {**_stated(stated), "content_html": clean(item.body)}


def _attachment(enclosure: Enclosure) -> dict[str, object]:
    return {
        "url": clean(enclosure.url),
        "mime_type": clean(_media_type(enclosure)),
        **_stated({"title": enclosure.title, "size_in_bytes": enclosure.length}),
    }


def _stated(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that hold something, their text cleaned."""
    return {
        name: clean(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None and value not in ("", [], {})
    }


def _media_type(enclosure: Enclosure) -> str:
    stated = enclosure.type or ""
    return stated if "/" in stated and "*" not in stated else "application/octet-stream"


def _last_change(document: FeedDocument, items: Sequence[FeedItem]) -> datetime:
    """Return the feed's `updated`, which Atom must have; an empty feed has not changed since 1970."""
    if document.updated:
        return document.updated
    return max((item.updated for item in items), default=datetime(1970, 1, 1, tzinfo=UTC))


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


Writer = Callable[[FeedDocument, Sequence[FeedItem]], bytes]

WRITERS: dict[str, Writer] = {"rss": write_rss, "atom": write_atom, "json": write_json}


def etag_of(body: bytes) -> str:
    """Return a strong validator for exactly these bytes, with its quotes."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def still_fresh(
    etag: str, changed: datetime | None, *, if_none_match: str | None, if_modified_since: datetime | None
) -> bool:
    """Say whether a conditional request is to be answered 304 (RFC 9110, section 13.2.2).

    if_none_match wins; it is compared weakly, because proxies that compress weaken validators.
    """
    if if_none_match is not None:
        offered = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return "*" in offered or etag in offered
    if if_modified_since is None or changed is None:
        return False
    return changed.replace(microsecond=0) <= if_modified_since


def http_date(at: datetime) -> str:
    """Return an instant as HTTP writes it (`Last-Modified`)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
