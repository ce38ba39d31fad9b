"""One item or entry element to an Entry, by tables of which elements fill which field."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from unabridged.feeds.parsing.namespaces import RDF_ABOUT, XML_BASE, XML_LANG
from unabridged.feeds.parsing.values import (
    Scope,
    address,
    base_of,
    children_by_name,
    clock,
    html_of,
    label_of,
    mail_of,
    one_line,
    page_of_person,
    people,
    person_of,
    split_words,
    text_of,
)
from unabridged.model import Clock, ClockKind, Enclosure, Entry
from unabridged.urls import host, unwrap

Groups = Mapping[str, Sequence[etree._Element]]

# Field -> the elements that may fill it, best first.
TITLE = ("title", "dc:title", "itunes:title", "media:title")
GUID = ("guid", "id")
SUMMARY = (
    "description",
    "summary",
    "dc:description",
    "abstract",
    "itunes:summary",
    "media:description",
    "itunes:subtitle",
    "subtitle",
)
CONTENT = ("content:encoded", "content", "xhtml:body", "body", "xhtml:div", "fullitem", "fulltext")
PUBLISHED = (
    "pubdate",
    "published",
    "issued",
    "dcterms:issued",
    "dc:date",
    "created",
    "dcterms:created",
    "date",
)
MODIFIED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
AUTHORS = ("author", "dc:creator", "dc:author", "creator")
AUTHORS_ELSE = ("itunes:author", "googleplay:author", "managingeditor")
TAGS = ("category", "dc:subject", "media:category", "itunes:category", "category:category")
TAG_LISTS = ("itunes:keywords", "media:keywords", "keywords", "tags")
_AUTHORS = frozenset((*AUTHORS, *AUTHORS_ELSE))
_TAGS = frozenset((*TAGS, *TAG_LISTS))
_READ = frozenset(
    (
        *TITLE,
        *GUID,
        *SUMMARY,
        *CONTENT,
        *PUBLISHED,
        *MODIFIED,
        *AUTHORS,
        *AUTHORS_ELSE,
        *TAGS,
        *TAG_LISTS,
        "link",
        "enclosure",
        "comments",
        "source",
        "dc:language",
        "language",
        "image",
        "itunes:image",
        "media:content",
        "media:group",
        "media:thumbnail",
        "feedburner:origlink",
        "pheedo:origlink",
        "origlink",
    )
)

MAX_VALUES = 1_000
"""Most authors, tags or files kept of one entry."""

MAX_EXTRA = 100
"""Most unknown elements kept of one entry."""

MAX_EXTRA_CHARACTERS = 10_000
"""Longest text kept of an unknown element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Targets of the link elements of an entry or a feed."""

    page: str | None = None
    self_url: str | None = None
    next_url: str | None = None
    replies: str | None = None
    hubs: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


def read_entry(element: etree._Element, scope: Scope) -> Entry:
    """Return what one item says; an element that says nothing becomes an Entry of absences."""
    if element.get(XML_BASE):
        scope = replace(scope, base=base_of(element, scope), stated=True)
    groups = children_by_name(element, scope.names)
    media: tuple[Enclosure, ...] = ()
    if "media:group" in groups or "media:content" in groups:
        _lift_media(groups, scope)
        media = tuple(_media(groups, scope))
    links = read_links(groups.get("link", ()), scope)
    guid_element = first(groups, GUID)
    guid = text_of(guid_element) if guid_element is not None else element.get(RDF_ABOUT, "").strip()
    enclosures = _once((*_enclosures(groups, scope), *links.enclosures, *media))
    published, modified = (
        read_clock(groups, PUBLISHED, "published", scope),
        read_clock(groups, MODIFIED, "modified", scope),
    )
    source_title, source_url = _source(groups, scope)
    url = (
        _behind_redirector(groups, scope)
        or links.page
        or _url_of_guid(guid_element, guid, scope)
        or address(element.get("href"), scope.base)
    )
    url = unwrap(url) if url else None
    return Entry(
        guid=guid or None,
        url=url,
        title=read_label(groups, TITLE, scope),
        authors=read_people(groups, scope),
        published=published,
        modified=modified,
        summary_html=read_html(groups, SUMMARY, scope),
        content_html=read_html(groups, CONTENT, scope),
        language=_language(element, groups, scope),
        tags=read_tags(groups, scope),
        enclosures=enclosures,
        lead_image=_lead_image(groups, scope, enclosures),
        comments_url=address(_text(groups, "comments"), scope.base) or links.replies,
        source_title=source_title,
        source_url=source_url,
        base=scope.base if scope.stated or url is None or host(url) in _REDIRECTORS else url,
        extra=(
            *read_contacts(groups, scope),
            *read_extra(groups, _READ, (*(() if published else PUBLISHED), *(() if modified else MODIFIED))),
        ),
    )


def _lift_media(groups: dict[str, list[etree._Element]], scope: Scope) -> None:
    """Put what Media RSS says inside groups and files beside what it says of the whole entry."""
    around = [*groups.get("media:group", ()), *groups.get("media:content", ())]
    for element in around:
        for inner in element.iterdescendants():
            groups.setdefault(scope.names[inner.tag], []).append(inner)


def first(groups: Groups, names: Sequence[str]) -> etree._Element | None:
    """Return the first element that is not empty, by the order of the names; else an empty one."""
    empty = None
    for name in names:
        for element in groups.get(name, ()):
            if element.text or len(element):
                return element
            empty = element
    return empty


def read_label(groups: Groups, names: Sequence[str], scope: Scope) -> str:
    """Return the first text that is not empty, as a line of plain text."""
    for name in names:
        for element in groups.get(name, ()):
            if label := label_of(element, scope):
                return label
    return ""


def read_html(groups: Groups, names: Sequence[str], scope: Scope) -> str:
    """Return the first content that is not empty, as HTML."""
    for name in names:
        for element in groups.get(name, ()):
            if markup := html_of(element, scope):
                return markup
    return ""


def read_clock(groups: Groups, names: Sequence[str], kind: ClockKind, scope: Scope) -> Clock | None:
    """Return the first instant that can be believed."""
    for name in names:
        for element in groups.get(name, ()):
            if (raw := text_of(element)) and (found := clock(raw, kind, scope)):
                return found
    return None


def read_people(groups: Groups, scope: Scope) -> tuple[str, ...]:
    """Return the authors' names; those of the podcast vocabulary where there are no others."""
    if groups.keys().isdisjoint(_AUTHORS):
        return ()
    for names in (AUTHORS, AUTHORS_ELSE):
        given = (element for name in names for element in groups.get(name, ()))
        found = people(person_of(element, scope) for element in islice(given, MAX_VALUES))
        if found:
            return found
    return ()


def read_tags(groups: Groups, scope: Scope) -> tuple[str, ...]:
    """Return the categories' terms, each once, in document order of their kinds."""
    if groups.keys().isdisjoint(_TAGS):
        return ()
    found: list[str] = []
    for name in TAGS:
        for element in groups.get(name, ())[:MAX_VALUES]:
            found.append(_term(element, scope))
    for name in TAG_LISTS:
        for element in groups.get(name, ()):
            found += islice(split_words(text_of(element)), MAX_VALUES)
    return tuple(dict.fromkeys(filter(None, found)))[:MAX_VALUES] if found else ()


def _term(element: etree._Element, scope: Scope) -> str:
    """Return a category's name: RSS writes it inside, Atom and iTunes into attributes."""
    if element.attrib:
        for attribute in ("label", "term", "text"):
            if (stated := element.get(attribute)) and (term := one_line(stated)):
                return term
    return label_of(element, scope)


def read_links(elements: Sequence[etree._Element], scope: Scope) -> Links:
    """Sort link elements by their relation: RSS puts the address inside, Atom into href."""
    if len(elements) == 1 and not elements[0].keys():  # RSS's own
        return Links(page=address(_escaped_once(text_of(elements[0])), scope.base))
    by_rel: dict[str, list[str]] = {}
    enclosures: list[Enclosure] = []
    for element in elements:
        href = element.get("href") or element.get("url") or text_of(element)
        base = base_of(element, scope)
        rel = (element.get("rel") or "alternate").strip().lower().rpartition("/")[2]
        url = address(_escaped_once(href), base)
        if url is None:
            continue
        if rel == "enclosure":
            enclosures.append(_enclosure(element, url))
        elif rel != "alternate" or _is_page(element):
            by_rel.setdefault(rel, []).append(url)
        else:
            by_rel.setdefault("other alternate", []).append(url)
    pages = by_rel.get("alternate") or by_rel.get("other alternate")
    return Links(
        page=pages[0] if pages else None,
        self_url=_first(by_rel, "self"),
        next_url=_first(by_rel, "next"),
        replies=_first(by_rel, "replies"),
        hubs=tuple(by_rel.get("hub", ())),
        enclosures=tuple(enclosures),
    )


def _escaped_once(link: str) -> str:
    """Return a link of a feed that escaped its ampersands twice as it was meant."""
    return link.replace("&amp;", "&") if "&amp;" in link else link


def _first(by_rel: Mapping[str, list[str]], rel: str) -> str | None:
    found = by_rel.get(rel)
    return found[0] if found else None


def _is_page(element: etree._Element) -> bool:
    kind = element.get("type")
    return kind is None or "html" in kind.lower()


_REDIRECTORS = frozenset(
    {"feedproxy.google.com", "feeds.feedburner.com", "rss.feedsportal.com", "news.google.com"}
)
"""Hosts of links that lead elsewhere, so that nothing in a text is relative to them."""


def _behind_redirector(groups: Groups, scope: Scope) -> str | None:
    """Return the article's own address where a service replaced the link and kept the original."""
    for name in ("feedburner:origlink", "pheedo:origlink", "origlink"):
        if found := address(_text(groups, name), scope.base):
            return found
    return None


def _url_of_guid(guid_element: etree._Element | None, guid: str, scope: Scope) -> str | None:
    """Return the article's address where no link gives it: a permanent id."""
    if guid_element is not None and guid:
        permalink = (
            (guid_element.get("isPermaLink") or guid_element.get("ispermalink") or "true").strip().lower()
        )
        looks_like_one = guid.lower().startswith(("http://", "https://", "/"))
        if permalink == "true" and looks_like_one:
            return address(guid, scope.base)
    elif guid.startswith(("http://", "https://")):
        return address(guid, scope.base)
    return None


def _text(groups: Groups, name: str) -> str:
    elements = groups.get(name)
    return text_of(elements[0]) if elements else ""


def _language(element: etree._Element, groups: Groups, scope: Scope) -> str | None:
    stated = element.get(XML_LANG) or _text(groups, "dc:language") or _text(groups, "language")
    if not stated:
        content = first(groups, ("content", "summary", "title"))
        stated = content.get(XML_LANG, "") if content is not None else ""
    return one_line(stated).replace("_", "-")[:35] or scope.language


def _length(value: str | None) -> int | None:
    digits = (value or "").strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _enclosure(element: etree._Element, url: str) -> Enclosure:
    return Enclosure(
        url=url,
        type=one_line(element.get("type") or "") or None,
        length=_length(element.get("length") or element.get("fileSize")),
        title=one_line(element.get("title") or ""),
    )


def _enclosures(groups: Groups, scope: Scope) -> Iterator[Enclosure]:
    for element in groups.get("enclosure", ()):
        if url := address(element.get("url") or element.get("href") or text_of(element), scope.base):
            yield _enclosure(element, url)


def _media(groups: Groups, scope: Scope) -> Iterator[Enclosure]:
    """Yield the files of Media RSS."""
    for element in groups.get("media:content", ()):
        if url := address(element.get("url"), scope.base):
            enclosure = _enclosure(element, url)
            medium = element.get("medium")
            yield replace(enclosure, type=f"{medium}/*") if enclosure.type is None and medium else enclosure


def _once(enclosures: Sequence[Enclosure]) -> tuple[Enclosure, ...]:
    if len(enclosures) < 2:
        return tuple(enclosures)
    by_url: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        by_url.setdefault(enclosure.url, enclosure)
    return tuple(by_url.values())[:MAX_VALUES]


_PICTURES = frozenset({"media:thumbnail", "itunes:image", "image"})


def _lead_image(groups: Groups, scope: Scope, enclosures: Sequence[Enclosure]) -> str | None:
    for enclosure in enclosures:
        if (enclosure.type or "").startswith("image/"):
            return enclosure.url
    if groups.keys().isdisjoint(_PICTURES):
        return None
    elements = [e for name in ("media:thumbnail", "itunes:image", "image") for e in groups.get(name, ())]
    for element in elements:
        inside = next((c for c in element if scope.names[c.tag] in ("url", "href")), element)
        if url := address(element.get("url") or element.get("href") or text_of(inside), scope.base):
            return url
    return None


def _source(groups: Groups, scope: Scope) -> tuple[str | None, str | None]:
    """Return the title and address of the feed or site that an entry was taken from."""
    for element in groups.get("source", ()):
        if len(element):
            inner = children_by_name(element, scope.names)
            links = read_links(inner.get("link", ()), scope)
            return read_label(inner, TITLE, scope) or None, links.page or links.self_url
        return label_of(element, scope) or None, address(element.get("url"), scope.base)
    return None, None


def read_extra(groups: Groups, read: Set[str], again: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield elements that our fields do not hold, raw.

    read: names that fields hold. again: those of them that gave nothing, dates that nobody can read.
    """
    left = MAX_EXTRA
    for name, elements in groups.items():
        if name in read and name not in again:
            continue
        for element in elements[:left]:
            left -= 1
            yield name, raw_of(element)


def read_contacts(groups: Groups, scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the mail and web addresses of authors, which their names do not hold."""
    if groups.keys().isdisjoint(_AUTHORS):
        return
    for name in AUTHORS:
        for element in groups.get(name, ())[:MAX_VALUES]:
            if mail := mail_of(element, scope):
                yield "author:email", mail
            if len(element) and (url := page_of_person(element, scope)):
                yield "author:uri", url


def raw_of(element: etree._Element) -> str:
    """Return an unknown element's text, or its attributes and children as markup where it has no text."""
    text = text_of(element)
    if not text or len(element):
        text = (
            etree.tostring(element, encoding="unicode", with_tail=False)
            if element.attrib or len(element)
            else ""
        )
    return text[:MAX_EXTRA_CHARACTERS]
