"""Lead image of an article: candidates that the page declares or shows, and the choice among them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin

from unabridged import urls
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.media import parse_srcset, unproxied
from unabridged.extraction.metadata.json_ld import Graph, image_of
from unabridged.extraction.metadata.scan import PageScan
from unabridged.extraction.metadata.scoring import FieldCandidate, best
from unabridged.extraction.metadata.weights import LEAD_IMAGE
from unabridged.model import Media, Origin
from unabridged.text.patterns import lazy_regex

META_NAMES = (
    "og:image:secure_url og:image og:image:url twitter:image twitter:image:src sailthru.image.full thumbnail "
    "image parsely-image-url dc.image msapplication-tileimage"
).split()
"""Meta elements that declare a picture, the most trusted first."""
_NO_PICTURE = lazy_regex(
    r"(?:^|[/_.-])(?:logo|favicon|placeholder|blank|spacer|no-?image|avatar|sprite|pixel|"
    r"1x1|(?<![_.-])default)[^/]*\.(?:\w{3,4})(?:$|\?)"
    r"|apple-touch-icon|\.svg(?:$|\?)|\.ico(?:$|\?)",
    re.I,
)
_PLAIN = lazy_regex(r"https?://[!-~]+", re.I)
_WEB_ADDRESS = lazy_regex(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[!-~]{0,2000}(?<![?#])")


def lead_image(
    scan: PageScan, graph: Graph, base: str | None, hint: str | None = None
) -> tuple[str | None, Origin | None]:
    """Return the absolute URL of the article's picture, and its origin."""
    chosen = best(image_candidates(scan, graph, base, hint), LEAD_IMAGE, LEAST_LEAD)
    return (chosen.value, chosen.origins[0]) if chosen else (None, None)


def address_of(written: str, base: str | None) -> str | None:
    """Return a picture's absolute URL as it is written, since some are signed: %3A does not become a
    colon."""
    if _WEB_ADDRESS.fullmatch(written):  # the usual case
        return written
    joined = _joined(written, base)
    if written[:1] == "/" and _WEB_ADDRESS.fullmatch(joined):  # the usual address on the page's own site
        return joined
    known = urls.absolute(written, base)
    return joined if known is not None and _PLAIN.fullmatch(joined) else known


def _joined(written: str, base: str | None) -> str:
    """Return an address joined to a base as it is written; "" if they cannot be parsed."""
    try:
        return urljoin(base or "", written.strip())
    except ValueError:
        return ""


def declared_image(
    scan: PageScan, graph: Graph, base: str | None, hint: str | None = None
) -> tuple[str | None, Origin | None]:
    """Return the first declared URL that is not a logo; a logo if there is nothing else."""
    second: tuple[str | None, Origin | None] = (None, None)
    for address, origin in _declared(scan, graph, hint):
        found = address_of(address, base)
        if found is None:
            continue
        if not _NO_PICTURE.search(found):
            return found, origin
        if second[0] is None and not found.lower().split("?")[0].endswith((".svg", ".ico")):
            second = found, origin
    return second


def _declared(scan: PageScan, graph: Graph, hint: str | None) -> Iterator[tuple[str, Origin]]:
    for name in META_NAMES[:5]:
        for address in scan.metas.get(name, ())[:2]:
            yield address, "meta"
    for key in ("image", "thumbnailUrl", "primaryImageOfPage"):
        for address in image_of(graph, graph.article.get(key)):
            yield address, "json-ld"
    for name in META_NAMES[5:-1]:
        for address in scan.metas.get(name, ())[:2]:
            yield address, "meta"
    for element in scan.links.get("image_src", ())[:2]:
        yield element.attr("href") or "", "meta"
    for address in image_of(graph, graph.page.get("primaryImageOfPage")):
        yield address, "json-ld"
    if hint:
        yield hint, "feed"


# ---- candidates ----------------------------------------------------------------------------------

LEAST_SHOWN = 400  # pixels: narrower ones are portraits and buttons
LEAST_SIDE = 120  # pixels: an image shown that narrow is an icon
LEAST_KNOWN = 250  # pixels: pictures that are known to be narrower are no candidates
LEAST_IN_BODY = 240  # pixels: a picture inside the text may be narrower than a column
LEAST_LEAD = -0.5  # log-odds below which the best candidate is not used
MOST_AFTER, MOST_BEFORE = 8, 3  # pictures on either side of the headline
MOST_DECLARED = 6
MOST_HOLDERS = 8  # elements around a picture
_WIDTHS = ((1500, "1500"), (1000, "1000"), (600, "600"), (LEAST_SHOWN, "400"), (LEAST_KNOWN, "250"))
_SHARING = lazy_regex(
    r"(?<![a-z])(?:og|ogp|fb|facebook|twitter|social|socialmedia|shar(?:e|ing)|overlay|watermark(?:ed)?|"
    r"thumb(?:nail)?|teaser)(?![a-z])",
    re.I,
)
"""Words in the address of a rendition made for sharing: cropped, or overlaid with a logo."""


@dataclass(slots=True, kw_only=True)
class _Shown:
    """A picture as the page shows it.

    address: of the widest rendition; versions: all, as written. place: pictures between it and the headline,
    on its side.
    """

    image: Element
    address: str
    versions: list[tuple[str, float]]
    width: float
    after: bool
    place: int
    same: bool = False


def image_candidates(
    scan: PageScan, graph: Graph, base: str | None, hint: str | None = None
) -> list[FieldCandidate[str]]:
    """Return the declared pictures and those shown at the headline, with their features.

    A picture declared for sharing is often cropped or overlaid with a logo; the shown one is not. Of a shown
    picture the widest rendition counts.
    """
    declared = list(dict.fromkeys(_addresses(scan, graph, base, hint)))[:MOST_DECLARED]
    main = declared_image(scan, graph, base, hint)
    found: dict[str, FieldCandidate[str]] = {}
    if main[0] is not None:
        _seen(found, main, "declared", "first", *_declared_features(main[0]))
    preloaded = _preloaded(scan)
    firsts = {"same:first", "other:first"}
    for one in _shown(scan, base):
        one.same = main[0] is not None and (
            same_picture(main[0], one.address) or same_picture(main[0], one.versions[-1][0])
        )
        if main[0] is None and one.width < LEAST_SHOWN:
            continue
        names = list(_shown_features(one, main[0] or ""))
        if preloaded and any(written in preloaded for written, _ in one.versions):
            names.append(f"{names[0]}:preloaded")
        if one.same or one.width >= LEAST_SHOWN:
            names += firsts & {f"{names[0]}:first"}
            firsts.discard(f"{names[0]}:first")
        _seen(found, (one.address, "page"), *names)
        if main[0] is None:
            break  # nothing tells which of several is the article's, so the first
    for address, origin in declared:
        if address != main[0]:
            _seen(found, (address, origin), "declared", "later", *_declared_features(address))
    return list(found.values())


def _seen(
    found: dict[str, FieldCandidate[str]], picture: tuple[str | None, Origin | None], *names: str
) -> None:
    address, origin = picture
    if address is not None and origin is not None:
        found.setdefault(address, FieldCandidate(value=address)).seen(origin, *names)


def _addresses(
    scan: PageScan, graph: Graph, base: str | None, hint: str | None
) -> Iterator[tuple[str, Origin]]:
    for written, origin in _declared(scan, graph, hint):
        if (address := address_of(written, base)) is not None:
            yield address, origin


def _declared_features(address: str) -> Iterator[str]:
    if _SHARING.search(address):
        yield "declared:sharing"
    if _NO_PICTURE.search(address):
        yield "logo"


def _shown(scan: PageScan, base: str | None) -> Iterator[_Shown]:
    """Yield the pictures after the headline, then those before it, without those known to be small."""
    sides = scan.images[: scan.images_after], scan.images[scan.images_after :]
    for after, side, most in ((True, sides[0], MOST_AFTER), (False, sides[1], MOST_BEFORE)):
        place = 0
        for image in side:
            if 0 < _number(image.attr("width")) < LEAST_SIDE:
                continue
            versions = _versions(image)
            written, width = max(versions, key=lambda version: version[1], default=("", 0.0))
            if not written or not _wide(width, LEAST_KNOWN) or _NO_PICTURE.search(written):
                continue
            if address := address_of(written, base):
                yield _Shown(
                    image=image, address=address, versions=versions, width=width, after=after, place=place
                )
            place += 1
            if place >= most:
                break


def _shown_features(one: _Shown, declared: str) -> Iterator[str]:
    kind = "same" if one.same else "other"
    side = "after" if one.after else "before"
    yield kind
    yield f"width:{next((name for least, name in _WIDTHS if one.width >= least), 'unknown')}"
    yield f"{kind}:{side}:{'0' if one.place == 0 else '1' if one.place < 3 else '3'}"
    if one.image.attr("fetchpriority") == "high":
        yield f"{kind}:high"
    if one.image.attr("loading") == "eager":
        yield "eager"
    if one.same and _SHARING.search(declared):
        yield "same:sharing"
    around = _tags_around(one.image)
    yield from (feature for names, feature in _HOLDERS if names & around)


_HOLDERS = (
    (frozenset({"figure", "picture"}), "figure"),
    (frozenset({"picture"}), "picture"),
    (frozenset({"aside", "nav", "footer"}), "noise"),
    (frozenset({"li"}), "item"),
    (frozenset({"a"}), "linked"),
)
"""Tags around a picture, and the feature that they give it."""


def _tags_around(image: Element) -> set[str]:
    tags: set[str] = set()
    node: object = image.parent
    for _ in range(MOST_HOLDERS):
        if not isinstance(node, Element) or node.tag == "body":
            break
        tags.add(node.tag)
        node = node.parent
    return tags


def is_no_picture(address: str) -> bool:
    """Say whether an address names a logo, an icon or a placeholder."""
    return _NO_PICTURE.search(address) is not None


def big_rendition(image: Element, base: str | None) -> str | None:
    """Return the absolute URL of the widest rendition of an image, None if it is known to be small."""
    address, width = max(_versions(image), key=lambda version: version[1], default=("", 0.0))
    return address_of(address, base) if address and _wide(width, LEAST_SHOWN) else None


def _wide(width: float, least: int) -> bool:
    """Say whether a rendition may be that wide; an unknown width may be."""
    return width >= least or width < _KNOWN


def _preloaded(scan: PageScan) -> set[str]:
    """Return the URLs, as written, of the pictures that the page preloads."""
    found: set[str] = set()
    for element in scan.links.get("preload", ())[:20]:
        if (element.attr("as") or "").lower() == "image":
            found.add(element.attr("href") or "")
            found.update(address for address, _ in parse_srcset(element.attr("imagesrcset") or ""))
    return found - {""}


def first_big(media: Iterable[Media]) -> str | None:
    """Return the first picture of a body that is not known to be small, for a page whose head declares
    none."""
    for one in media:
        small = (one.width or LEAST_SHOWN) < LEAST_IN_BODY or (one.height or LEAST_SHOWN) < LEAST_IN_BODY / 2
        if one.kind == "image" and not small and not _NO_PICTURE.search(one.url):
            return one.url
    return None


# ---- renditions --------------------------------------------------------------------------------

_KNOWN = 10  # below it a "width" is a density (1x, 2x)
_WIDTH = lazy_regex(r"\s\d+w")
_SIZE_IN = lazy_regex(r"(?<![0-9a-z])w(?:idth)?[_=:,-]?(\d{3,4})(?!\d)|(?<!\d)(\d{3,4})x\d{2,4}(?!\d)", re.I)


def _versions(image: Element) -> list[tuple[str, float]]:
    """Return (URL as written, width in pixels; below 10 if unknown) of every rendition of an image.

    Those of the picture's source elements come first, as in a browser.
    """
    holders = []
    parent = image.parent
    if isinstance(parent, Element) and parent.tag == "picture":
        holders = [child for child in parent if isinstance(child, Element) and child.tag == "source"]
    found: list[tuple[str, float]] = []
    for holder in [*holders[:20], image]:
        own = _number(holder.attr("width"))
        for name in ("srcset", "data-srcset"):
            if srcset := holder.attr(name):
                found += _of_srcset(srcset, own)
        for name in ("data-src", "data-original", "src"):
            if address := holder.attr(name):
                found.append((address, 0.0 if holder.attr("srcset") else own))
        if len(found) > 64:
            break
    return [
        (one, width if width >= _KNOWN else max(width, _width_in(one)))
        for one, width in found[:64]
        if not one.startswith("data:")
    ]


def _of_srcset(srcset: str, own: float) -> list[tuple[str, float]]:
    """Return the URLs of a srcset with their widths; densities are multiplied by the element's own width if
    known."""
    found = parse_srcset(srcset)
    if _WIDTH.search(srcset):
        return found
    return [(address, density / 1000 * (own or 1)) for address, density in found]


def _width_in(address: str) -> float:
    """Return the width in a URL ("w=1200", "w_1200", "1200x630"), 0 without one."""
    found = _SIZE_IN.search(unquote(address[-400:]))
    return float(found[1] or found[2]) if found else 0.0


def _number(value: str | None) -> float:
    found = re.match(r"\s*(\d{1,5})(?!\d)", value or "")
    return float(found[1]) if found and int(found[1]) > 2 else 0.0


# ---- which addresses are one picture -----------------------------------------------------------

_SUFFIX = lazy_regex(r"\.(?:jpe?g|png|webp|avif|gif)\b.*", re.I)
_SIZES = lazy_regex(r"(?<![0-9a-z])(?:\d{2,4}x\d{2,4}|[wh]_?\d{2,4}|\d{2,4}[wh]|scaled)(?![0-9a-z])", re.I)
_MARK = lazy_regex(r"[0-9a-f]{8,}|\d{5,}", re.I)
_DAY = lazy_regex(r"(?:19|20)\d{6}")
_WORD = lazy_regex(r"[a-z]{2,}|\d{3,}")
_HOST = lazy_regex(r"^(?:https?:)?//[^/]*")


def same_picture(one: str, other: str) -> bool:
    """Say whether two URLs are of one picture: by a number, a hash, a file name or most words of it."""
    mine, theirs = _marks(one), _marks(other)
    if mine & theirs:
        return True
    words, others = _name_words(one), _name_words(other)
    common = len(words & others)
    return common >= 3 and common >= 0.6 * max(len(words), len(others))


def _path(url: str) -> list[str]:
    """Return the last parts of the path of a picture's URL, unescaped."""
    unescape_entities = unquote(unquote(unproxied(url[:2000])))
    path, mark, query = _HOST.sub("", unescape_entities).partition("?")
    return [part for part in (path + mark + query if _SUFFIX.search(query) else path).split("/") if part][-3:]


@lru_cache(maxsize=256)
def _marks(url: str) -> frozenset[str]:
    """Return the identifying parts of a picture's URL: long numbers, hashes and file names."""
    parts = _path(url)
    found = {
        mark.lower()
        for part in parts
        for mark in _MARK.findall(part[:300])
        if any(map(str.isdigit, mark)) and not _DAY.fullmatch(mark)
    }
    for part in parts[-2:]:
        stem = re.sub(r"[\W_]+", "-", _SIZES.sub("", _SUFFIX.sub("", part.partition("?")[0][:300])))
        stem = stem.strip("-").lower()
        if len(stem) >= 9 and re.search("[a-z]", stem):
            found.add(stem)
    return frozenset(found)


@lru_cache(maxsize=256)
def _name_words(url: str) -> frozenset[str]:
    parts = _path(url)
    return frozenset(_WORD.findall(_SUFFIX.sub("", parts[-1][:300]).lower())) if parts else frozenset()
