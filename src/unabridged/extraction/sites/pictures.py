"""Place of the lead image on a site's pages: a declaration in the head, or an element that shows it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from unabridged.extraction.html.builders import HtmlPiece
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.render import render
from unabridged.extraction.metadata.json_ld import image_of
from unabridged.extraction.metadata.lead_image import (
    META_NAMES,
    address_of,
    big_rendition,
    declared_image,
    first_big,
    is_no_picture,
)
from unabridged.extraction.metadata.read import Metadata, PageFacts, page_base
from unabridged.extraction.sites.places import ABSENT_PAGES, LEAST_AGREE, PlaceTexts
from unabridged.extraction.sites.profile import FieldEvidence, Place
from unabridged.extraction.sites.selectors import selectors_of
from unabridged.model import Origin

MOST_HOLDERS = 3
"""Elements around a picture that may name its place."""
MOST_ELEMENTS = 24
"""Element places of a page that are compared with its lead image."""
LONGEST_ADDRESS = 2_000
_JSON_KEYS = ("image", "thumbnailUrl", "primaryImageOfPage")
_RANK = {"meta": 4, "json-ld": 3, "declared": 2, "body": 1, "element": 0}
"""Preference among places that agree equally often: what can be named before the general rule."""

MOST_FIGURES = 4
"""Blocks with pictures of a body that are looked at."""
_DECLARED, _BODY = Place(kind="declared"), Place(kind="body")

Picture = tuple[str | None, Origin | None]
"""Absolute URL of a picture and its origin."""


def picture_places(page: PageFacts, metadata: Metadata) -> PlaceTexts:
    """Return the address of the picture in each place of a page where its lead image may stand.

    Elements are looked at only if the general extraction took the picture from the page, not from its head.
    """
    base = page_base(page.scan, page.url)
    places = [Place(kind="meta", name=name) for name in META_NAMES if name in page.scan.metas]
    places += [Place(kind="json-ld", name=key) for key in _JSON_KEYS if page.graph.article.get(key)]
    places.append(_DECLARED)
    if metadata.provenance.get("lead_image") == "page":
        shown = dict.fromkeys(place for image in page.scan.images for place in _holders(image))
        places += list(shown)[:MOST_ELEMENTS]
    found = {place: _address(page, place, base) for place in places}
    return {place: address for place, address in found.items() if address}


def with_body_picture(places: PlaceTexts, pieces: Sequence[HtmlPiece]) -> PlaceTexts:
    """Return the places of a page with that of the first big picture of its article's body.

    A declared picture comes before it.
    """
    declared = places.get(_DECLARED)
    figures = [piece.html for piece in pieces if "<img" in piece.html][:MOST_FIGURES]
    found = declared or (first_big(render("".join(figures)).media) if figures else None)
    return {**places, _BODY: found} if found else places


def _holders(image: Element) -> Iterator[Place]:
    element: object = image
    for _ in range(MOST_HOLDERS):
        if not isinstance(element, Element) or element.tag in ("body", "html"):
            return
        for name in selectors_of(element):
            yield Place(kind="element", name=name)
        element = element.parent


def _address(page: PageFacts, place: Place, base: str | None) -> str | None:
    """Return the absolute URL of the picture in a place, None if there is none or it is a logo."""
    found: str | None = None
    if place.kind == "element":
        holder = page.dom.document.select_one(place.name)
        image = holder if isinstance(holder, Element) and holder.tag == "img" else None
        if image is None and isinstance(holder, Element):
            image = holder.find("img")
        found = big_rendition(image, base) if image is not None else None
    elif place.kind == "meta":
        found = address_of(next(iter(page.scan.metas.get(place.name, ())), "")[:LONGEST_ADDRESS], base)
    elif place.kind == "json-ld":
        given = next(iter(image_of(page.graph, page.graph.article.get(place.name))), "")
        found = address_of(given[:LONGEST_ADDRESS], base)
    elif place.kind == "declared":
        return declared_image(page.scan, page.graph, base)[0]
    return found if found and not is_no_picture(found) else None


def learn_picture(pages: Sequence[tuple[Metadata, PlaceTexts]]) -> FieldEvidence | None:
    """Return the place that holds the lead image of the general extraction on nearly all pages."""
    leads = [(metadata.lead_image or places.get(_BODY), places) for metadata, places in pages]
    stated = [(lead, places) for lead, places in leads if lead]
    if len(pages) >= ABSENT_PAGES and not any(metadata.lead_image for metadata, _ in pages):
        return FieldEvidence(field="lead_image", place=Place(kind="none"), pages=len(pages), agree=len(pages))
    if len(stated) < 2:
        return None
    agree = Counter(
        place for image, places in stated for place, address in places.items() if address == image
    )
    if not agree:
        return None
    best = max(agree, key=lambda place: (agree[place], *_preference(place)))
    if len(stated) < LEAST_AGREE * len(pages):
        best = _BODY  # of the others none is known to be the only place
    if agree[best] < LEAST_AGREE * len(stated):
        return None
    return FieldEvidence(field="lead_image", place=best, pages=len(stated), agree=agree[best])


def _preference(place: Place) -> tuple[int, int, str]:
    """Return the preference among places that agree equally often; elements close to the picture first."""
    close = 2 * place.name.startswith(("img", "figure", "picture"))
    return _RANK[place.kind] + close, -len(place.name), place.name


_ORIGINS: dict[str, Origin] = {"meta": "meta", "json-ld": "json-ld", "element": "page"}


def known_picture(page: PageFacts, place: Place | None) -> Picture | None:
    """Return the lead image of a page from the place of its template, None if it must be searched for.

    A page without a picture in a declared place may declare another one. (None, None) for a page without one:
    the first big picture of its body takes its place.
    """
    if place is None:
        return None
    base = page_base(page.scan, page.url)
    if place.kind in _ORIGINS and (address := _address(page, place, base)):
        return address, _ORIGINS[place.kind]
    if place.kind == "element":
        return None
    hint = page.entry.lead_image if page.entry is not None else None
    declared = declared_image(page.scan, page.graph, base, hint)
    return declared if declared[0] or place.kind in ("body", "none") else None
