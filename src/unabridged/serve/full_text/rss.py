"""RSS 2.0 as Full-Text RSS and Feed Creator write it, and the same document as JSON or JSONP. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from unabridged.feeds.write import clean
from unabridged.serve.full_text.documents import to_json

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "og": "http://ogp.me/ns#",
}
_PREFIXES = {address: prefix for prefix, address in NAMESPACES.items()}
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,60}(?:\.[A-Za-z_$][\w$]{0,60}){0,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element: its name ("dc:creator"), its text and its attributes. An empty node is left out."""

    name: str
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The head of a feed. self_url: as it was asked for. url: of the page or feed that was read."""

    title: str
    link: str
    description: str
    self_url: str
    url: str


def node(name: str, text: str | None = None, **attributes: str | None) -> Node:
    """Return a node; attributes without a value are left out."""
    given = tuple((key, value) for key, value in attributes.items() if value)
    return Node(name=name, text=text or None, attributes=given)


def rss_tree(channel: Channel, items: Sequence[Sequence[Node]]) -> etree._Element:
    """Return a feed as a tree; each item is a sequence of nodes."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    head = etree.SubElement(root, "channel")
    for one in (
        node("title", channel.title or channel.url),
        Node(name="description", text=channel.description),
        node("atom:link", rel="self", href=channel.self_url),
        node("atom:link", rel="alternate", title="Source URL", href=channel.url),
        node("link", channel.link),  # the last one counts for feedparser
    ):
        _append(head, one)
    for item in items:
        element = etree.SubElement(head, "item")
        for one in item:
            _append(element, one)
    return root


def _append(parent: etree._Element, one: Node) -> None:
    if one.text is None and not one.attributes:
        return
    prefix, colon, local = one.name.partition(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if colon else prefix)
    if one.text is not None:
        element.text = clean(one.text)
    for key, value in one.attributes:
        element.set(key, clean(value))


def to_rss(tree: etree._Element) -> bytes:
    """Return a tree as an XML document."""
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def to_json_document(tree: etree._Element) -> bytes:
    """Return a tree as JSON: one element of a name is a value, several are a list.

    An element with a text is that text, one with attributes alone {"@attributes": {…}}. "dc:creator" is
    "dc_creator".
    """
    return to_json({"rss": {"@attributes": {"version": "2.0"}, "channel": _object(tree[0])}})


def _object(parent: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    lists: set[str] = set()
    for element in parent:
        name, value = _name(element), _value(element)
        if name in lists:
            found[name].append(value)
        elif name in found:
            found[name] = [found[name], value]
            lists.add(name)
        else:
            found[name] = value
    return found


def _name(element: etree._Element) -> str:
    name = etree.QName(element)
    return f"{_PREFIXES[name.namespace]}_{name.localname}" if name.namespace else name.localname


def _value(element: etree._Element) -> Any:
    if len(element):
        return _object(element)
    if element.text is None and element.attrib:
        return {"@attributes": {str(key): str(value) for key, value in element.attrib.items()}}
    return element.text or ""


def is_callback(name: str) -> bool:
    """Say whether a name may be called by JSONP: identifiers with dots between them."""
    return _CALLBACK.fullmatch(name) is not None


def to_jsonp(callback: str, body: bytes) -> bytes:
    """Return JSON as a call. The comment before it keeps other programs from reading it as their format."""
    return b"/**/" + callback.encode("ascii") + b"(" + body.replace(b"<", b"\\u003c") + b");"
