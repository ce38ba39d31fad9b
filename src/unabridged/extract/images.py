"""The lead image of an article, as the page declares it."""

import re
from collections.abc import Iterator

from unabridged import urls
from unabridged.extract.clues import Clues
from unabridged.extract.structured import Graph, image_of
from unabridged.model import Origin

_META = (
    "og:image:secure_url og:image og:image:url twitter:image twitter:image:src sailthru.image.full thumbnail "
    "image parsely-image-url dc.image msapplication-tileimage"
).split()
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo|favicon|placeholder|blank|spacer|default|no-?image|avatar|sprite|pixel|1x1)[^/]*\.(?:\w{3,4})(?:$|\?)"
    r"|apple-touch-icon|\.svg(?:$|\?)|\.ico(?:$|\?)",
    re.I,
)


def lead_image(
    clues: Clues, graph: Graph, base: str | None, hint: str | None = None
) -> tuple[str | None, Origin | None]:
    """The absolute address of the picture that stands for the article, and where it was said."""
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
