"""Subscriptions as OPML 2.0, in and out, with folders and our own settings."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from unabridged.errors import FeedError, InvalidURL
from unabridged.feeds.parsing.decode import decode
from unabridged.feeds.parsing.namespaces import local_name
from unabridged.feeds.parsing.values import one_line
from unabridged.feeds.parsing.xml_tree import Tree, read_tree, strip_prolog
from unabridged.feeds.write import clean
from unabridged.urls import normalise

NAMESPACE = "urn:unabridged:opml"
"""The namespace of our settings in OPML; other readers ignore what they do not know."""

NO_SETTINGS: Mapping[tuple[str, ...], Mapping[str, str]] = {}

MAX_FEEDS = 100_000
"""Most subscriptions read of one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of an OPML file. folder: names from the outside in. settings: ours, by name."""

    url: str
    title: str = ""
    site_url: str | None = None
    folder: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """Contents of an OPML file; refused: addresses that cannot be fetched, each with the reason.

    folders: our settings of those that have any, by the names from the outside in.
    """

    feeds: tuple[Subscription, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    folders: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)


def read_opml(data: bytes, *, name: str = "the file") -> Subscriptions:
    """Read the subscriptions of an OPML file in any state of repair, each address once.

    A feed listed several times is kept in the first folder that it is in. Raises FeedError for what is no
    OPML.
    """
    tree, damaged = _tree(data, name)
    feeds: dict[str, Subscription] = {}
    refused: list[tuple[str, str]] = []
    folders: dict[tuple[str, ...], Mapping[str, str]] = {}
    given: set[str] = set()
    for outline, folder in _outlines(tree.root, folders):
        address = _feed_address(outline)
        given.add(address)
        if not address:
            refused.append((_label(outline)[:200] or "an entry without a name", "it has no address (xmlUrl)"))
            continue
        try:
            url = normalise(address)
        except InvalidURL as exc:
            refused.append((exc.url[:200], exc.why))
            continue
        if url in feeds:
            feeds[url] = _merged(feeds[url], outline, folder)
        elif len(feeds) < MAX_FEEDS:
            feeds[url] = _subscription(outline, url, folder)
    refused += [(url[:200], "its entry in the file is damaged") for url in damaged if url not in given]
    if tree.cut_off:
        refused.append((name, "the file breaks off before its end; what followed is missing"))
    return Subscriptions(feeds=tuple(feeds.values()), refused=tuple(refused), folders=folders)


def _tree(data: bytes, name: str) -> tuple[Tree, list[str]]:
    """Parse OPML; also return the addresses that a damaged file seems to have. Raises FeedError."""
    body, _ = strip_prolog(decode(data).text.lstrip("\ufeff \t\r\n"))
    seeming: list[str] = []
    try:
        tree = read_tree(body)
        if tree is not None and tree.notes:
            seeming = [html.unescape(match[2] or match[3]) for match in _ADDRESS.finditer(body)]
            tree = read_tree(_mend_outlines(body)) or tree
    except FeedError as exc:
        raise FeedError(f"{name}: {exc}") from exc
    root = local_name(str(tree.root.tag)).lower() if tree else ""
    if tree is None or root != "opml":
        what = "it is an HTML page" if root == "html" else "its outermost element is not <opml>"
        raise FeedError(f"{name} is no OPML: {what}.")
    return tree, seeming


_OUTLINE = re.compile(r"(?=<outline\b)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?P<lead>\s*[\w:.-]+\s*=\s*)(?:(?P<quote>["'])(?P<value>[\s\S]{0,4000}?)(?P=quote)"""
    r"""(?=\s*[\w:.-]+\s*=\s*["']|\s*/?>\s*(?:<|\Z))|(?P<bare>[^\s"'<>]+))"""
)
_ADDRESS = re.compile(r"""\bxmlurl\s*=\s*(?:(["'])(.{1,2000}?)\1|([^\s"'<>]{1,2000}))""", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
MAX_OUTLINE = 20_000
"""Characters of an entry that is mended; longer ones hold something else."""


def _mend_outlines(body: str) -> str:
    """Escape quotation marks, ampersands and < inside the attributes of outlines, and quote bare values."""
    return "".join(
        _mend_outline(piece) if piece[:8].lower() == "<outline" and len(piece) <= MAX_OUTLINE else piece
        for piece in _OUTLINE.split(body)
    )


def _mend_outline(piece: str) -> str:
    mended, place = [piece[:8]], 8
    while match := _ATTRIBUTE.match(piece, place):
        bare, place = match["bare"], match.end()
        if bare is not None and bare.endswith("/") and piece[place : place + 1] == ">":
            bare, place = bare[:-1], place - 1  # the end of an empty element
        value = _BARE_AMPERSAND.sub("&amp;", match["value"] if bare is None else bare)
        value = value.replace('"', "&quot;").replace("<", "&lt;")
        lead = match["lead"] if match["lead"][0].isspace() else f" {match['lead']}"
        mended.append(f'{lead}"{value}"')
    return "".join(mended) + piece[place:]


def _merged(known: Subscription, outline: etree._Element, folder: tuple[str, ...]) -> Subscription:
    """Return a feed that is listed again, with the folder, title and settings that it lacks."""
    again = _subscription(outline, known.url, folder)
    return replace(
        known,
        folder=known.folder or again.folder,
        title=known.title or again.title,
        site_url=known.site_url or again.site_url,
        settings={**again.settings, **known.settings},
    )


FEED_TYPES = frozenset(("rss", "atom", "feed", "rdf", "jsonfeed", "json", "pie"))


def _feed_address(outline: etree._Element) -> str:
    return _attribute(outline, "xmlurl") or (_attribute(outline, "url") if _is_feed(outline) else "")


def _is_feed(outline: etree._Element) -> bool:
    return _attribute(outline, "type").lower() in FEED_TYPES


def _outlines(
    root: etree._Element, folders: dict[tuple[str, ...], Mapping[str, str]]
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Yield each outline with a feed's address and the folders around it, in document order.

    folders: to which the settings of folders are added. Walked with a list of what is still to do:
    folders in folders are as deep as the file likes.
    """
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folder = waiting.pop()
        if _attribute(element, "xmlurl") or (_is_feed(element) and not len(element)):
            yield element, folder or _categories(element)
            inner = folder
        else:
            label = _label(element) if local_name(str(element.tag)) == "outline" else ""
            inner = (*folder, label) if label else folder
            if label and (settings := _settings(element)):
                folders.setdefault(inner, settings)
        waiting += [(child, inner) for child in reversed(element) if isinstance(child.tag, str)]


def _categories(outline: etree._Element) -> tuple[str, ...]:
    """Return the folder out of OPML's category attribute ("/News/Europe,other")."""
    first = _attribute(outline, "category").partition(",")[0]
    return tuple(part for piece in first.split("/") if (part := one_line(piece)))


def _subscription(outline: etree._Element, url: str, folder: tuple[str, ...]) -> Subscription:
    site, label = _attribute(outline, "htmlurl"), _label(outline)
    return Subscription(
        url=url,
        title="" if label in (url, _attribute(outline, "xmlurl")) else label,  # an address is no title
        site_url=_address(site),
        folder=folder,
        settings=_settings(outline),
    )


def _settings(outline: etree._Element) -> dict[str, str]:
    prefix = f"{{{NAMESPACE}}}"
    return {
        str(name).removeprefix(prefix): str(value)
        for name, value in outline.attrib.items()
        if str(name).startswith(prefix)
    }


def _address(text: str) -> str | None:
    try:
        return normalise(text) if text else None
    except InvalidURL:
        return None


def _attribute(element: etree._Element, name: str) -> str:
    """Return an attribute whatever its case ("xmlurl", "xmlUrl", "XMLURL"), trimmed."""
    for key, value in element.attrib.items():
        if str(key).lower() == name:
            return str(value).strip()
    return ""


def _label(element: etree._Element) -> str:
    return one_line(_attribute(element, "title")) or one_line(_attribute(element, "text"))


def write_opml(
    feeds: Iterable[Subscription],
    *,
    title: str = "Subscriptions",
    folders: Mapping[tuple[str, ...], Mapping[str, str]] = NO_SETTINGS,
) -> bytes:
    """Return an OPML 2.0 document, folders as nested outlines, in the order given.

    folders: our settings of those that have any.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"unabridged": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean(title)
    body = etree.SubElement(root, "body")
    places: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in feeds:
        _add_feed(_folder(places, feed.folder), feed)
    for path, place in places.items():
        _set(place, folders.get(path, {}))
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _folder(folders: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    for depth in range(1, len(path) + 1):
        here = path[:depth]
        if here not in folders:
            name = clean(here[-1])
            folders[here] = etree.SubElement(folders[here[:-1]], "outline", {"text": name, "title": name})
    return folders[path]


def _add_feed(parent: etree._Element, feed: Subscription) -> None:
    title = clean(feed.title or feed.url)
    outline = etree.SubElement(parent, "outline", {"type": "rss", "text": title, "title": title})
    outline.set("xmlUrl", clean(feed.url))
    if feed.site_url:
        outline.set("htmlUrl", clean(feed.site_url))
    _set(outline, feed.settings)


def _set(outline: etree._Element, settings: Mapping[str, str]) -> None:
    for name, value in sorted(settings.items()):
        outline.set(f"{{{NAMESPACE}}}{name}", clean(value))
