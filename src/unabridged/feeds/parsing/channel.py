"""The root of an RSS, RDF or Atom document to a Feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from unabridged.feeds.parsing.entries import (
    AUTHORS,
    Groups,
    read_clock,
    read_contacts,
    read_entry,
    read_extra,
    read_html,
    read_label,
    read_links,
    read_people,
)
from unabridged.feeds.parsing.namespaces import XML_BASE, XML_LANG, local_name
from unabridged.feeds.parsing.values import (
    Scope,
    address,
    base_of,
    base_of_site,
    children_by_name,
    one_line,
    plain,
    text_of,
)
from unabridged.feeds.parsing.xml_tree import Tree
from unabridged.feeds.parsing.zones import usual_zone
from unabridged.model import Feed, FeedFormat

MAX_ENTRIES = 10_000
"""Most entries read of one document; the rest is counted in the feed's notes."""

TITLE = ("title", "dc:title", "itunes:title")
DESCRIPTION = (
    "description",
    "subtitle",
    "tagline",
    "dc:description",
    "itunes:summary",
    "itunes:subtitle",
    "abstract",
)
UPDATED = (
    "updated",
    "lastbuilddate",
    "modified",
    "pubdate",
    "dc:date",
    "dcterms:modified",
    "published",
    "dcterms:issued",
    "issued",
)

_READ = frozenset(
    {
        *TITLE,
        *DESCRIPTION,
        *UPDATED,
        *AUTHORS,
        "link",
        "icon",
        "image",
        "itunes:image",
        "logo",
        "language",
        "dc:language",
    }
    | {
        "ttl",
        "sy:updateperiod",
        "sy:updatefrequency",
        "skiphours",
        "skipdays",
        "item",
        "entry",
        "channel",
        "items",
    }
)

# Root element -> the format that we say we read.
FORMATS: dict[str, FeedFormat] = {
    "rss": "rss",
    "channel": "rss",
    "rdf": "rdf",
    "feed": "atom",
    "entry": "atom",
}

_BLOCK_END = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_ITEMS = frozenset({"item", "entry"})
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_TTL = 31536000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Parts of a document: the element with the feed's own fields, and its items."""

    head: etree._Element
    items: list[etree._Element]
    stray: list[etree._Element]


def read_document(tree: Tree, *, url: str, now: datetime | None) -> Feed | None:
    """Return the feed of a tree, None where its root is no feed's."""
    form = FORMATS.get(local_name(str(tree.root.tag)))
    if form is None:
        return None
    if tree.root.tag == "CHANNEL":
        _spell_out_cdf(tree.root)
    scope = Scope(base=url, atom=form == "atom", now=now)
    outline = _outline(tree, scope)
    stated = bool(tree.root.get(XML_BASE) or outline.head.get(XML_BASE))
    scope = replace(scope, base=base_of(tree.root, scope), stated=stated)
    if outline.head is not tree.root:
        scope = replace(scope, base=base_of(outline.head, scope))
    groups = _head_groups(outline, scope)
    language = _language(tree.root, outline.head, groups)
    scope = replace(scope, language=language, zone=usual_zone(language, url))
    return _feed(tree, outline, groups, scope, url, form)


def _spell_out_cdf(root: etree._Element) -> None:
    """Put what Microsoft's Channel Definition Format keeps in attributes where RSS keeps it."""
    for element in list(root.iter("CHANNEL", "ITEM")):
        for attribute, name in (("HREF", "link"), ("LASTMOD", "updated")):
            if stated := element.get(attribute):
                etree.SubElement(element, name).text = stated
        if base := element.get("BASE"):
            element.set(XML_BASE, base)


def _feed(tree: Tree, outline: Outline, groups: Groups, scope: Scope, url: str, form: FeedFormat) -> Feed:
    links = read_links(groups.get("link", ()), scope)
    site = links.page or address(outline.head.get("href"), scope.base)
    inner = replace(
        scope,
        base=scope.base if scope.stated else base_of_site(site, url),
        zone=usual_zone(scope.language, site, url),
    )
    read, left = outline.items[:MAX_ENTRIES], len(outline.items) - MAX_ENTRIES
    notes = tree.notes + ((f"{left} more entries not read",) if left > 0 else ())
    return Feed(
        url=url,
        format=form,
        title=read_label(groups, TITLE, scope),
        description=plain(_BLOCK_END.sub(" ", read_html(groups, DESCRIPTION, scope))),
        site_url=site,
        self_url=links.self_url,
        next_url=links.next_url,
        language=scope.language,
        authors=read_people(groups, scope),
        icon=_icon(groups, scope),
        updated=read_clock(groups, UPDATED, "feed", scope),
        entries=tuple(read_entry(item, inner) for item in read),
        hubs=links.hubs,
        ttl=_ttl(groups),
        skip_hours=tuple(_skip_hours(groups)),
        skip_days=tuple(_skip_days(groups)),
        extra=(*read_contacts(groups, scope), *read_extra(groups, _READ)),
        notes=notes,
    )


def _outline(tree: Tree, scope: Scope) -> Outline:
    root, names = tree.root, scope.names
    if local_name(str(root.tag)) == "entry":
        return Outline(head=root, items=[root], stray=[])
    channels = [child for child in root if names[child.tag] == "channel"]
    head = channels[0] if channels else root
    around = [head] if head is root else [*channels, root]
    items = [child for parent in around for child in parent if names[child.tag] in _ITEMS]
    if not items:
        items = [element for element in root.iterdescendants() if names[element.tag] in _ITEMS]
    if tree.cut_off and items:
        # The last one is the one that was being written when the document broke off.
        items = items[:-1] if items[-1].getnext() is None else items
    stray = (
        [] if head is root else [child for child in root if child is not head and names[child.tag] == "image"]
    )
    return Outline(head=head, items=items, stray=stray)


def _head_groups(outline: Outline, scope: Scope) -> Groups:
    """Return the feed's own elements; a lone Atom entry lends its links, not its title."""
    groups = children_by_name(outline.head, scope.names)
    for element in outline.stray:
        groups.setdefault("image", []).append(element)
    if outline.items == [outline.head]:
        return {
            "link": [e for e in groups.get("link", ()) if (e.get("rel") or "") in ("self", "next", "hub")]
        }
    return groups


def _language(root: etree._Element, head: etree._Element, groups: Groups) -> str | None:
    for name in ("language", "dc:language"):
        for element in groups.get(name, ()):
            if stated := one_line(text_of(element)):
                return stated.replace("_", "-")[:35]
    stated = one_line(head.get(XML_LANG) or root.get(XML_LANG) or "")
    return stated.replace("_", "-")[:35] or None


def _icon(groups: Groups, scope: Scope) -> str | None:
    for name in ("icon", "image", "itunes:image", "googleplay:image", "logo"):
        for element in groups.get(name, ()):
            inside = next((c for c in element if scope.names[c.tag] in ("url", "href")), element)
            given = element.get("href") or element.get("url") or text_of(inside)
            if url := address(given, scope.base):
                return url
    return None


def _ttl(groups: Groups) -> int | None:
    """Return the seconds between polls that the feed asks for: minutes in ttl, or the sy module."""
    for element in groups.get("ttl", ()):
        if minutes := _number(text_of(element)):
            return min(minutes * 60, _LONGEST_TTL)
    for element in groups.get("sy:updateperiod", ()):
        period = _PERIODS.get(text_of(element).lower())
        times = next((_number(text_of(e)) for e in groups.get("sy:updatefrequency", ())), None)
        if period:
            return max(period // (times or 1), 60)
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _skip_hours(groups: Groups) -> Iterator[int]:
    for element in groups.get("skiphours", ()):
        hours = {_number(text_of(child)) for child in element}
        yield from sorted(hour % 24 for hour in hours if hour is not None and hour <= 24)


def _skip_days(groups: Groups) -> Iterator[str]:
    for element in groups.get("skipdays", ()):
        days = {text_of(child).lower() for child in element}
        yield from (day for day in _DAYS if day in days)
