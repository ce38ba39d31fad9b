"""Build the selected blocks of a page into a body, with their structure and the media between them.

Only the selected text is written; the elements above it give it structure (headings, lists, quotes, tables).
Pictures and players between the first and the last kept block are added with their captions, and so is the
lead picture above the first.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from unabridged.extraction.body.boilerplate import is_advertising, is_share_label
from unabridged.extraction.body.boilerplate_lines import without_lines
from unabridged.extraction.body.notes import with_notes
from unabridged.extraction.body.written import unwritten
from unabridged.extraction.html.builders import HtmlPiece, escape, strip_tags, with_caption
from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.extraction.html.element_rules import media_pieces
from unabridged.extraction.html.links import anchor_ids
from unabridged.extraction.html.media import EMBED_TAGS, MEDIA_TAGS, POST, embed_of, size_of
from unabridged.extraction.html.serializer import write, write_children, write_element
from unabridged.extraction.html.write_scope import WriteScope
from unabridged.text.labels import AD_LABELS
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

_ROOTS = frozenset("div section article main body td center form header html".split())
_NEVER = frozenset("nav aside footer form button dialog".split())
_BESIDE = lazy_regex(
    r"(?:^|[\s_-])(?:avatar|authors?|byline|bio|profile|gravatar|logo|icons?|badge|sprite|emoji|banner|ads?|advert\w*|"
    r"sponsor\w*|promo\w*|related|recommend\w*|recirc\w*|more|share|sharing|social|newsletter|subscribe|comments?|"
    r"sidebar|footer|nav|menu|widget|teasers?|outbrain|taboola|popular|trending|rating|stars?)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_HARMLESS = lazy_regex(
    r"\b(?:widget|more|social|banner|icons?|share|sharing|rating|stars?|profile)\b", re.IGNORECASE
)
_BESIDE_FILE = lazy_regex(
    r"avatar|gravatar|logo|icon|sprite|badge|button|emoji|favicon|/ads?/|spacer", re.IGNORECASE
)
_SIZE_IN_NAME = lazy_regex(
    r"[-_]?\d{2,4}x\d{0,4}|[-_](?:scaled|large|medium|small|thumb\w*)|@\dx", re.IGNORECASE
)
_SOURCE = lazy_regex(r'<img src="([^"]*)"')
_CARD = lazy_regex(r'<figure>(?:<figcaption>)?<a href="([^"]*)"')

SMALLEST_PICTURE = 120
"""CSS pixels: a picture that declares a smaller size does not belong to the article."""
LONGEST_CAPTION = 400
MOST_BEFORE = 2
"""Maximum pictures above the first block that are taken as the article's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The position of the article. root: the element to write; before, after: the nodes outside the text."""

    root: Element
    before: frozenset[Node]
    after: frozenset[Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A built body. lost: chosen texts that could not be written; what is left out on purpose is none."""

    pieces: list[HtmlPiece]
    lost: tuple[str, ...] = ()


def build_body(
    kept: Sequence[Node],
    *,
    base: str | None,
    title: str = "",
    authors: Sequence[str] = (),
    notes: Element | None = None,
) -> Body:
    """Build the kept text nodes (in document order) into pieces of clean HTML; none for none.

    title, authors: the repeated headline and portraits of the authors are left out. notes: the notes of the
    page; those that the text refers to follow it.
    """
    if not kept:
        return Body(pieces=[])
    path = _path(kept)
    span = _span(kept, path)
    whole = WriteScope(base=base, anchors=anchor_ids(span.root, base, notes))
    media = list(span.root.iter_elements(_MEDIA, include_self=True))
    with_media = _path(media).union(media)

    def write_media(element: Element) -> list[HtmlPiece]:
        if element not in with_media or next(whole.budget, None) is None:
            return []
        return _between(element, span, whole)

    scope = replace(whole, kept=frozenset(kept), path=path, write_media=write_media)
    written = write(span.root, scope)
    pieces = without_title(written, title)
    shown = [
        p
        for p in _without_repeated_pictures(_with_captions(_without_edges(pieces)))
        if not _is_portrait_or_ad(p, authors)
    ]
    pieces = with_notes(_without_edges(without_lines(shown, authors)), notes, whole)
    return Body(pieces=pieces, lost=unwritten(kept, written))


def _path(kept: Iterable[Node]) -> frozenset[Node]:
    """Return every element above a kept node. Each is visited once."""
    found: set[Node] = set()
    for node in kept:
        parent = node.parent
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parent.parent
    return frozenset(found)


def _span(kept: Sequence[Node], path: frozenset[Node]) -> Span:
    """Return the smallest element around all kept nodes, widened to the article or main element around it."""
    above_first = list(kept[0].ancestors)
    around = set(above_first)
    common = next((node for node in kept[-1].ancestors if node in around), above_first[-1])
    at = above_first.index(common)
    while at + 1 < len(above_first) and not _is_root(above_first[at]):
        at += 1
    root = above_first[at]
    wide = next(
        (node for node in above_first[at:] if isinstance(node, Element) and node.tag in ("article", "main")),
        root,
    )
    element = wide if isinstance(wide, Element) else kept[0].parent
    assert isinstance(element, Element)
    after = _siblings(kept[-1], element, 1) - _films_behind(kept[-1])
    return Span(root=element, before=_siblings(kept[0], element, -1), after=after)


_FILMS = ("https://www.youtube.com/watch", "https://vimeo.com/", "https://www.dailymotion.com/video/")
MOST_BEHIND = 8
"""Maximum nodes between the end of the text and a film that belongs to it."""


def _films_behind(last: Node) -> frozenset[Node]:
    """Return the element right behind the end of a text that holds nothing but a film of a known service."""
    current: Node | None = last
    while isinstance(current, (Text, Element)) and not _is_root(current):
        for node in islice(current.next_siblings, MOST_BEHIND):
            if node.text.strip():
                return frozenset()
            if isinstance(node, Element) and any(
                map(_is_film, node.iter_elements(_FRAMES, include_self=True))
            ):
                return frozenset((node,))
        current = current.parent
    return frozenset()


def _is_film(element: Element) -> bool:
    embed = embed_of(element, None)
    return embed is not None and embed.url.startswith(_FILMS)


def _is_root(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in _ROOTS


def _siblings(node: Node, stop: Element, direction: int) -> frozenset[Node]:
    """Return all siblings, on one side, of a node and of the elements above it, up to `stop`."""
    found: set[Node] = set()
    current: Node | None = node
    while current is not None and current != stop:
        found.update(current.next_siblings if direction > 0 else current.previous_siblings)
        current = current.parent
    return frozenset(found)


def _between(element: Element, span: Span, scope: WriteScope) -> list[HtmlPiece]:
    """Return the media of an element without kept text, if they belong to the article."""
    tag = element.tag
    if tag == POST:
        return write_element(element, scope)
    if tag in _NEVER or (tag != "figure" and element in span.after):
        return []
    if _is_beside(element) or is_advertising(element):
        return []
    pieces = [piece for piece in _figures(element, scope) if not _BESIDE_FILE.search(_source(piece))]
    return pieces[:MOST_BEFORE] if element in span.before else pieces[:60]


_MEDIA = sorted(MEDIA_TAGS)
_FRAMES = sorted(EMBED_TAGS)


def _is_beside(element: Element) -> bool:
    names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    if element.tag == "figure" and element.find("figcaption") is not None:
        names = _HARMLESS.sub(" ", names[:500])  # what has a caption is content, in whatever it is wrapped
    return names != " " and _named_beside(names[:500])


@lru_cache(maxsize=4096)
def _named_beside(names: str) -> bool:
    return _BESIDE.search(names) is not None


def _figures(element: Element, scope: WriteScope) -> list[HtmlPiece]:
    figures = [
        f for f in element.iter_elements("figure", include_self=True) if not _inside_figure(f, element)
    ]
    if figures:
        fragment = (piece for f in figures if not _is_small(f) for piece in write_element(f, scope))
        return [piece for piece in fragment if piece.html.startswith(("<figure", "<blockquote"))]
    if _is_teaser(element) or _is_small(element):
        return [piece for post in element.iter_elements(POST) for piece in write_element(post, scope)]
    pieces = list(media_pieces(element, scope, write_children))
    caption = " ".join(element.text.split()) if element.tag not in MEDIA_TAGS else ""
    if len(pieces) == 1 and 0 < len(caption) <= LONGEST_CAPTION and not is_share_label(caption):
        return [with_caption(pieces[0], escape(caption))]
    return pieces


def _inside_figure(figure: Element, stop: Element) -> bool:
    parent = figure.parent
    while isinstance(parent, Element) and figure != stop:
        if parent.tag == "figure":
            return True
        if parent == stop:
            return False
        parent = parent.parent
    return False


def _is_small(element: Element) -> bool:
    """Say whether every picture of an element declares a small size, or is called a portrait or logo."""
    pictures = list(element.iter_elements(_MEDIA, include_self=True))
    return bool(pictures) and all(_is_beside(p) or _declared_small(p) for p in pictures)


def _declared_small(element: Element) -> bool:
    width, height = size_of(element)
    if element.tag not in ("img", "amp-img"):
        return False
    return bool((width and width < SMALLEST_PICTURE) or (height and height < SMALLEST_PICTURE * 2 // 3))


def _is_teaser(element: Element) -> bool:
    """Say whether much of an element's text is links: a picture there belongs to another article."""
    linked = sum(len(" ".join(link.text.split())) for link in element.iter_elements("a", include_self=True))
    return linked > 20 and linked > 0.3 * len(" ".join(element.text.split()))


def _source(piece: HtmlPiece) -> str:
    match = _SOURCE.search(piece.html)
    return match[1].rsplit("/", 1)[-1] if match else ""


def without_title(pieces: list[HtmlPiece], title: str) -> list[HtmlPiece]:
    """Remove the repeated headline from the start."""
    name = letters_only(escape(title))
    if not name:
        return pieces
    for index, piece in enumerate(pieces[:4]):
        if piece.run or piece.html.startswith("<h"):
            if letters_only(strip_tags(piece.html)) == name:
                rest = pieces[:index] + pieces[index + 1 :]
                return rest if any(strip_tags(other.html) for other in rest) else pieces
            if piece.run and len(piece.html) > 200:
                break
    return pieces


def _without_edges(pieces: list[HtmlPiece]) -> list[HtmlPiece]:
    """Remove rules at the start and end, and the second of two in a row."""
    kept: list[HtmlPiece] = []
    for piece in pieces:
        if piece.html != "<hr>" or (kept and kept[-1].html != "<hr>"):
            kept.append(piece)
    while kept and kept[-1].html == "<hr>":
        kept.pop()
    return kept


_ALT = lazy_regex(r'<img src="[^"]*" alt="([^"]+)"')
_CREDIT = lazy_regex(
    r"^\W*(?:(?:fotos?|photos?|photograph(?:y|er)?|pictures?|images?|bild(?:er)?|credits?|crédits?|quelle|фото|"
    r"写真|图片?来源|圖片?來源|图源|사진)\b\W.{1,100}|©.{1,80})$",
    re.IGNORECASE,
)


def _with_captions(pieces: list[HtmlPiece]) -> list[HtmlPiece]:
    """Make a line that repeats the alt text of the picture above it, or credits it, its caption."""
    kept: list[HtmlPiece] = []
    for piece in pieces:
        last = kept[-1].html if kept else ""
        if piece.run and last.startswith("<figure") and len(piece.html) < LONGEST_CAPTION:
            text = strip_tags(piece.html)
            alt = _ALT.search(last)
            repeats = alt is not None and len(text) > 14 and letters_only(alt[1]) == letters_only(text)
            if (repeats and "<figcaption>" not in last) or _CREDIT.match(text):
                kept[-1] = with_caption(kept[-1], piece.html)
                continue
        kept.append(piece)
    return kept


_AD_PICTURE = lazy_regex(rf"[\W\d_]*(?:{'|'.join(AD_LABELS)})[\W\d_]*", re.IGNORECASE)


def _is_portrait_or_ad(piece: HtmlPiece, authors: Sequence[str]) -> bool:
    """Say whether a picture's alt text is an author's name (a portrait) or an advertisement label."""
    if not piece.html.startswith("<figure"):
        return False
    alt = _ALT.search(piece.html)
    name = html.unescape(alt[1]) if alt else ""
    if not name:
        return False
    if _AD_PICTURE.fullmatch(name):
        return True
    written = {letters_only(author) for author in authors}
    return len(name) > 5 and letters_only(name) in written


def _without_repeated_pictures(pieces: list[HtmlPiece]) -> list[HtmlPiece]:
    """Remove a picture that was shown before in another size."""
    seen: set[str] = set()
    kept: list[HtmlPiece] = []
    for piece in pieces:
        if piece.html.startswith("<figure"):
            card = _CARD.match(piece.html)
            name = card[1] if card else _SIZE_IN_NAME.sub("", _source(piece).partition("?")[0])
            if len(name) > 12 and name in seen:
                continue
            seen.add(name)
        kept.append(piece)
    return kept
