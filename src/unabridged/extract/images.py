"""The lead image of an article, as the page declares it."""

import re
from collections.abc import Iterable, Iterator

from unabridged import urls
from unabridged.extract.clues import Clues
from unabridged.extract.dom import Element
from unabridged.extract.media import parse_srcset
from unabridged.extract.structured import Graph, image_of
from unabridged.model import Media, Origin

_META = (
    "og:image:secure_url og:image og:image:url twitter:image twitter:image:src sailthru.image.full thumbnail "
    "image parsely-image-url dc.image msapplication-tileimage"
).split()
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo|favicon|placeholder|blank|spacer|default|no-?image|avatar|sprite|pixel|"
    r"1x1)[^/]*\.(?:\w{3,4})(?:$|\?)"
    r"|apple-touch-icon|\.svg(?:$|\?)|\.ico(?:$|\?)",
    re.I,
)


def lead_image(
    clues: Clues, graph: Graph, base: str | None, hint: str | None = None
) -> tuple[str | None, Origin | None]:
    """The absolute address of the picture that stands for the article, and where it was said."""
    declared = _first_picture(clues, graph, base, hint)
    if declared[0] is None:
        return _first_shown(clues, base), "page"
    shown = _as_shown(clues, declared[0], base)
    return (shown, "page") if shown else declared


def _first_picture(
    clues: Clues, graph: Graph, base: str | None, hint: str | None
) -> tuple[str | None, Origin | None]:
    """The first declared address that is a picture and no logo; a logo where there is nothing else."""
    second: tuple[str | None, Origin | None] = (None, None)
    for address, origin in _declared(clues, graph, hint):
        found = urls.absolute(address.strip(), base)
        if found is None:
            continue
        if not _NO_PICTURE.search(found):
            return found, origin
        if second[0] is None and not found.lower().split("?")[0].endswith((".svg", ".ico")):
            second = found, origin
    return second


def _declared(clues: Clues, graph: Graph, hint: str | None) -> Iterator[tuple[str, Origin]]:
    for name in _META[:5]:
        for address in clues.metas.get(name, ())[:2]:
            yield address, "meta"
    for key in ("image", "thumbnailUrl", "primaryImageOfPage"):
        for address in image_of(graph, graph.article.get(key)):
            yield address, "json-ld"
    for name in _META[5:-1]:
        for address in clues.metas.get(name, ())[:2]:
            yield address, "meta"
    for element in clues.links.get("image_src", ())[:2]:
        yield element.attr("href") or "", "meta"
    for address in image_of(graph, graph.page.get("primaryImageOfPage")):
        yield address, "json-ld"
    if hint:
        yield hint, "feed"


# ---- the same picture as the page shows it -----------------------------------------------------

LEAST_SHOWN = 400  # pixels: narrower ones are portraits and buttons
LEAST_IN_BODY = 240  # pixels: a picture of the text itself may be narrower than a column
LEAST_WIDTH = 800  # pixels: a narrower version is no gain over the declared one
_MARK_OF_PICTURE = re.compile(r"[0-9a-f]{8,}|\d{5,}|[a-z][\w-]{11,}", re.I)


def _as_shown(clues: Clues, declared: str, base: str | None) -> str | None:
    """The widest version of the declared picture among those shown at the headline, None where it is not
    shown.

    A picture declared for sharing is often cut to another shape or overlaid with a logo; the shown one is
    not.
    """
    marks = _marks(declared)
    for image in clues.images:
        versions = _versions(image)
        if any(marks & _marks(url) for url, _ in versions):
            address, width = max(versions, key=lambda version: version[1])
            return urls.absolute(address, base) if width >= LEAST_WIDTH else None
    return None


def _first_shown(clues: Clues, base: str | None) -> str | None:
    """The first big image at the headline, for a page that declares none."""
    for image in clues.images:
        size = image.attr("width") or ""
        versions = _versions(image)
        widest = max([width for _, width in versions] + [float(size) if size.isdecimal() else 0.0])
        if widest >= LEAST_SHOWN and versions and not _NO_PICTURE.search(versions[0][0]):
            return urls.absolute(max(versions, key=lambda version: version[1])[0], base)
    return None


def first_big(media: Iterable[Media]) -> str | None:
    """The first picture of a body that is not known to be small, for a page whose head shows none."""
    for one in media:
        small = (one.width or LEAST_SHOWN) < LEAST_IN_BODY or (one.height or LEAST_SHOWN) < LEAST_IN_BODY / 2
        if one.kind == "image" and not small and not _NO_PICTURE.search(one.url):
            return one.url
    return None


def _marks(url: str) -> set[str]:
    """What tells one picture's addresses from another's: long numbers, hashes and file names."""
    whole = url.split("//", 1)[-1].partition("/")[2] if "//" in url else url
    path = whole.partition("?")[0]
    return {mark.lower() for mark in _MARK_OF_PICTURE.findall(path[-300:].rpartition(".")[0] or path[-300:])}


def _versions(image: Element) -> list[tuple[str, float]]:
    """(address as written, width in pixels; 0 where unknown) of every rendition of an image."""
    holders = [image]
    parent = image.parent
    if isinstance(parent, Element) and parent.tag == "picture":
        holders += [child for child in parent if isinstance(child, Element) and child.tag == "source"]
    found: list[tuple[str, float]] = []
    for holder in holders:
        for name in ("srcset", "data-srcset"):
            found += parse_srcset(holder.attr(name) or "") if holder.attr(name) else []
        for name in ("data-src", "data-original", "src"):
            if address := holder.attr(name):
                found.append((address, 0.0))
    return [(address, width) for address, width in found[:64] if not address.startswith("data:")]
