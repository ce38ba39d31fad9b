"""A page to a Feed by selectors: its items, each with title, URL, description, date and image."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import turbohtml
from turbohtml import Document, Element

from unabridged.dates.parse import parse_date
from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.feeds.discovery.page_links import attribute, base_of_page
from unabridged.feeds.parsing.values import one_line
from unabridged.model import Clock, Entry, Feed
from unabridged.urls import absolute

MAX_ITEMS = 2_000
"""Most elements of a page that are looked at."""

_LONGEST = 20_000
"""Characters of a title or description."""

_XPATH = re.compile(r"\.?\.?/|\(")
_NUMBERED = re.compile(r"\w\[\d{1,4}\]")
"""a[2], which Feed Creator takes among CSS."""
_ATTRIBUTE = re.compile(r"(?P<selector>.*?)(?:^|\s|/)@(?P<name>[\w:-]{1,60})", re.DOTALL)
_ADDRESSES = ("href", "src")

PHP_DATES = dict(
    pair.split("=")
    for pair in (
        "d=%d j=%d m=%m n=%m Y=%Y y=%y M=%b F=%B D=%a l=%A H=%H G=%H h=%I g=%I i=%M s=%S A=%p a=%p O=%z P=%z "
        "u=%f v=%f e=%Z T=%Z != |= %=%%"
    ).split()
)
"""Letters of PHP's createFromFormat -> those of strptime. "U", seconds since 1970, is read apart."""


def feed_from_selectors(html: bytes, url: str, wanted: ItemSelectors, *, now: datetime) -> Feed:
    """Return the items that selectors find on a page.

    Raises NotAFeed where none is found, FeedError for a selector that cannot be read.
    """
    document = turbohtml.parse(html, detect_encoding=True)
    base = base_of_page(document, url)
    head = document.select_one("html")
    language = one_line(attribute(head, "lang"))[:35] or None if head is not None else None
    entries = [
        _entry(element, wanted, base=base, page=url, language=language, now=now)
        for element in _items(document, wanted)[:MAX_ITEMS]
    ]
    kept = list(_kept(entries, wanted))
    if not kept:
        raise NotAFeed(url, "a page on which the selectors find no item", "Try other selectors.")
    title = document.select_one("title")
    return Feed(
        url=url,
        format="page",
        title=wanted.feed_title or (one_line(title.text) if title is not None else ""),
        site_url=url,
        language=language,
        entries=tuple(_ordered(kept, wanted.order)[: wanted.most]),
        notes=(f"made from the page: {len(kept)} items",),
    )


def _items(document: Document, wanted: ItemSelectors) -> list[Element]:
    if wanted.item:
        return [one for one in _found(document, wanted.item) if isinstance(one, Element)]
    name = wanted.in_id_or_class
    if not name:
        return document.select("a[href]")
    return [link for link in document.select("a[href]") if _is_named(link, name)]


def _is_named(element: Element, name: str) -> bool:
    """Say whether an element or one around it has a name as its id or among its classes."""
    around = [element, *(one for one in element.ancestors if isinstance(one, Element))]
    return any(name == attribute(one, "id") or name in attribute(one, "class").split() for one in around)


def _found(root: Document | Element, selector: str) -> list[Element | str]:
    """Return what a selector finds. Raises FeedError if it is neither CSS nor XPath."""
    if selector == ":scope":
        return [root] if isinstance(root, Element) else []
    if _XPATH.match(selector):
        return _by_xpath(root, selector)
    if _NUMBERED.search(selector):
        return _by_xpath(root, f".//{selector}")
    try:
        return list(root.select(selector))
    except (ValueError, turbohtml.SelectorSyntaxError) as exc:
        raise FeedError(f"{selector[:200]!r} is neither a CSS selector nor XPath: {exc}") from exc


def _by_xpath(root: Document | Element, expression: str) -> list[Element | str]:
    try:
        found = turbohtml.XPath(expression)(root)
    except (ValueError, TypeError) as exc:
        raise FeedError(f"{expression[:200]!r} is neither a CSS selector nor XPath: {exc}") from exc
    if isinstance(found, list):
        return [one for one in found if isinstance(one, Element | str)]
    return [found] if isinstance(found, str) and found else []


def _values(root: Element, selector: str, attributes: Sequence[str] = ()) -> Iterator[str]:
    """Yield the texts that a selector means. attributes: of an element, if the selector names none."""
    split = None if _XPATH.match(selector) else _ATTRIBUTE.fullmatch(selector)
    path = (split["selector"].strip() or ":scope") if split else selector
    for one in _found(root, path):
        if isinstance(one, str):
            yield one_line(one)
        elif split:
            yield one_line(attribute(one, split["name"]))
        elif attributes:
            yield next(filter(None, (attribute(one, name).strip() for name in attributes)), "")
        else:
            yield one_line(one.text)


def _first(root: Element, selector: str, attributes: Sequence[str] = ()) -> str:
    return next((text[:_LONGEST] for text in _values(root, selector, attributes) if text), "")


def _entry(
    element: Element,
    wanted: ItemSelectors,
    *,
    base: str,
    page: str,
    language: str | None,
    now: datetime,
) -> Entry:
    link = element if element.tag == "a" else element.select_one("a[href]")
    title = _first(element, wanted.title) if wanted.title not in ("", "0") else ""
    if not wanted.title:
        title = one_line((element if link is None else link).text)[:_LONGEST]
    url = _url(element, link, wanted.url, base, page)
    description = _first(element, wanted.description) if wanted.description else ""
    image = _first(element, wanted.image, ("src", "data-src", "href")) if wanted.image else ""
    return Entry(
        guid=_guid(wanted.guid, url, title),
        url=url,
        title=title,
        summary_html=description.replace("&", "&amp;").replace("<", "&lt;"),
        published=_date(element, wanted, language, now) if wanted.date else None,
        lead_image=absolute(image, base),
        language=language,
        base=base,
    )


def _url(element: Element, link: Element | None, selector: str, base: str, page: str) -> str | None:
    if selector == "0":
        return None
    if selector == "1":
        return page
    if selector:
        return absolute(_first(element, selector, _ADDRESSES), base)
    return absolute(attribute(link, "href"), base) if link is not None else None


def _date(element: Element, wanted: ItemSelectors, language: str | None, now: datetime) -> Clock | None:
    raw = _first(element, wanted.date, ("datetime",)) or _first(element, wanted.date)
    if not wanted.date_format:
        return parse_date(raw, kind="published", origin="page", language=language, now=now)
    found = None
    for text in (_first(element, wanted.date), raw):
        found = found or read_php_date(text, wanted.date_format)
    if found is None:
        return None
    clock = parse_date(found.isoformat(), kind="published", origin="page", now=now)
    return clock and replace(clock, raw=raw)


def read_php_date(text: str, pattern: str) -> datetime | None:
    """Read a date by a pattern of PHP's createFromFormat, with English names; None if it does not fit."""
    if pattern == "U":
        try:
            return datetime.fromtimestamp(int(text[:12]), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    parts, escaped = [], False
    for letter in pattern[:100]:
        plain = escaped or letter not in PHP_DATES
        parts.append(letter.replace("%", "%%") if plain else PHP_DATES[letter])
        escaped = letter == "\\" and not escaped
        if escaped:
            parts.pop()
    try:
        return datetime.strptime(text.strip(), "".join(parts))  # noqa: DTZ007 - the zone may be unstated
    except (ValueError, OverflowError, re.error):
        return None


def _guid(parts: Sequence[str], url: str | None, title: str) -> str | None:
    if not parts:
        return None
    words = "\n".join({"url": url or "", "title": title}.get(part, "") for part in parts)
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:40]


def _kept(entries: Sequence[Entry], wanted: ItemSelectors) -> Iterator[Entry]:
    """Yield the items that have a title or URL, and pass the filters."""
    seen: set[str | None] = set()
    for entry in entries:
        if not entry.title and not entry.url and not entry.summary_html:
            continue
        if wanted.url_contains and not any(part in (entry.url or "") for part in wanted.url_contains):
            continue
        if wanted.unique_url and entry.url in seen:
            continue
        seen.add(entry.url)
        yield entry


def _ordered(entries: Sequence[Entry], order: str) -> list[Entry]:
    if order == "reverse":
        return list(reversed(entries))
    if order == "date":
        earliest = datetime.min.replace(tzinfo=UTC)
        return sorted(entries, key=lambda one: one.published.at if one.published else earliest, reverse=True)
    return list(entries)
