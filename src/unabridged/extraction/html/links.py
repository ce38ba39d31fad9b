"""Links and footnote anchors of a body, as we write them."""

import re
from collections.abc import Mapping
from hashlib import blake2s

from unabridged.extraction.html.builders import REL, attribute
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.resolve import destination
from unabridged.text.patterns import lazy_regex


def link_tags(element: Element, base: str | None, anchors: Mapping[str, str]) -> tuple[str, str]:
    """Return the start and end tags of a link as we write it, ("", "") if only its text stays."""
    href = element.attr("href")
    mark = anchor(element, anchors) if anchors else ""
    address = link_address(href, base, anchors) if href else None
    if address is None:
        return (f"<a{mark} {REL}>", "</a>") if mark else ("", "")
    return f'<a href="{attribute(address)}"{mark} {REL}>', "</a>"


_MAIL = lazy_regex(r"mailto:[^\s<>\"'?]{3,200}$", re.IGNORECASE)
_MACHINE = lazy_regex(r"https?://api\.[^/]+/(?:[^?#]*/)?api/", re.IGNORECASE)


def link_address(href: str, base: str | None, anchors: Mapping[str, str]) -> str | None:
    """Return the URL of a link, absolute and without trackers; None if it should not be followed."""
    href = href.strip()
    if href[:1] == "#":
        return "#" + anchors[href[1:]] if href[1:] in anchors else None
    if href[:7].lower() == "mailto:":
        return href if _MAIL.match(href) else None
    address = destination(href, base)
    # The URL of a programming interface is useless to a reader.
    return None if address is None or _MACHINE.match(address) else address


def anchor(element: Element, anchors: Mapping[str, str]) -> str:
    """Return the id attribute of an element that a footnote link points to, else ""."""
    if not anchors:
        return ""
    name = element.attr("id") or (element.attr("name") if element.tag == "a" else None)
    return f' id="{anchors[name]}"' if name and name in anchors else ""


def anchor_ids(root: Element, base: str | None, notes: Element | None = None) -> dict[str, str]:
    """Return the ids that links in this text, or in its notes, point to, each with its hashed form."""
    parts = (root,) if notes is None else (root, notes)
    targets = {
        href[1:]
        for part in parts
        for link in part.iter_elements("a")
        if (href := link.attr("href")) and href[0] == "#" and 1 < len(href) < 200
    }
    if not targets:
        return {}
    present = {
        name
        for part in parts
        for e in part.select("[id],a[name]")
        if (name := e.attr("id") or e.attr("name")) in targets
    }
    return {name: name if _HASHED.fullmatch(name) else _hashed(name, base) for name in present if name}


_HASHED = lazy_regex(r"fn-[0-9a-f]{8}")


def _hashed(name: str, base: str | None) -> str:
    seed = f"{base or ''}#{name}".encode("utf-8", "replace")
    return "fn-" + blake2s(seed, digest_size=4).hexdigest()


_ANCHORED = lazy_regex(
    r'<a(?: href="#(fn-[0-9a-f]{8})")?(?: id="(fn-[0-9a-f]{8})")? rel="[^"]*">(.*?)</a>', re.DOTALL
)
_ID = lazy_regex(r' id="(fn-[0-9a-f]{8})"')


def without_dangling_anchors(html: str) -> str:
    """Remove footnote links without a target, and targets without a link, from HTML that we wrote."""
    if "#fn-" not in html and ' id="fn-' not in html:
        return html
    both = set(_ID.findall(html)) & set(re.findall(r' href="#(fn-[0-9a-f]{8})"', html))

    def settle(link: re.Match[str]) -> str:
        href, name = (found if found in both else None for found in (link[1], link[2]))
        marks = (f' href="#{href}"' if href else "") + (f' id="{name}"' if name else "")
        return f"<a{marks} {REL}>{link[3]}</a>" if marks else link[3]

    return _ID.sub(lambda found: found[0] if found[1] in both else "", _ANCHORED.sub(settle, html))
