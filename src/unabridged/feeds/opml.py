"""Subscriptions as OPML 2.0, in and out, with folders and our own settings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from unabridged.errors import FeedError, InvalidURL
from unabridged.feeds.parsing.decode import decode
from unabridged.feeds.parsing.namespaces import local_name
from unabridged.feeds.parsing.values import one_line
from unabridged.feeds.parsing.xml_tree import read_tree, strip_prolog
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

    A feed listed in several folders is kept in the first. Raises FeedError for what is no OPML.
    """
    body, _ = strip_prolog(decode(data).text.lstrip("\ufeff \t\r\n"))
    try:
        tree = read_tree(body)
    except FeedError as exc:
        raise FeedError(f"{name}: {exc}") from exc
    if tree is None or local_name(str(tree.root.tag)) != "opml":
        raise FeedError(f"{name} is no OPML: its outermost element is not <opml>.")
    feeds: dict[str, Subscription] = {}
    refused: list[tuple[str, str]] = []
    folders: dict[tuple[str, ...], Mapping[str, str]] = {}
    for outline, folder in _outlines(tree.root, folders):
        given = _attribute(outline, "xmlurl")
        try:
            url = normalise(given)
        except InvalidURL as exc:
            refused.append((exc.url[:200], exc.why))
            continue
        if url not in feeds and len(feeds) < MAX_FEEDS:
            feeds[url] = _subscription(outline, url, folder)
    return Subscriptions(feeds=tuple(feeds.values()), refused=tuple(refused), folders=folders)


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
        if _attribute(element, "xmlurl"):
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
