"""Builders of our own HTML: pieces of a body, paragraphs, figures, link cards."""

from collections.abc import Iterator
from typing import NamedTuple

from unabridged import urls
from unabridged.extraction.html.media import SIGNS, Embed, Picture
from unabridged.text.patterns import lazy_regex

_EDGES = frozenset("<&>;")
REL = 'rel="noopener noreferrer nofollow ugc"'
_TAGS = lazy_regex(r"<[^>]*>")
INVISIBLE = " \t\n\r\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad"

LONGEST_RUN = 20_000
"""Maximum characters of one paragraph."""
LONGEST_FORMULAS = 200_000
"""Maximum characters of one paragraph that holds formulas: their markup is much longer than their text."""

MOST_REFERENCES = 1_500
"""Maximum character references of one text: nh3 is quadratic in them (0.4 s for 100,000 `&amp;`)."""


class HtmlPiece(NamedTuple):
    """A part of the body: a whole block, or a run of inline content without its paragraph element."""

    html: str
    run: bool = False


def escape(text: str) -> str:
    """Escape text as an HTML serializer does, so that cleaning it again changes nothing."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace("\u00a0", "&nbsp;") if "\u00a0" in text else text


def attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;")


def to_html(pieces: list[HtmlPiece]) -> str:
    """Join pieces, with each run in a paragraph."""
    return "".join([f"<p>{html}</p>" if run else html for html, run in pieces])


def to_item(pieces: list[HtmlPiece]) -> str:
    """Join pieces inside a list item, cell or caption, where a single run needs no paragraph."""
    runs = 0
    for piece in pieces:
        runs += piece.run
    if runs <= 1:
        return "".join([piece.html for piece in pieces])
    return to_html(pieces)


def strip_tags(html: str) -> str:
    """Return the text of HTML that this module wrote, with its character references."""
    return _TAGS.sub("", html) if "<" in html else html


def figure(picture: Picture, caption: str = "") -> HtmlPiece:
    """Build a picture with its caption (HTML of ours)."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return HtmlPiece(f"<figure>{image(picture)}{below}</figure>")


def image(picture: Picture) -> str:
    size = "".join(
        f' {name}="{value}"'
        for name, value in (("width", picture.width), ("height", picture.height))
        if value
    )
    return (
        f'<img src="{attribute(picture.url)}" alt="{attribute(picture.alt)}"{size} '
        'loading="lazy" referrerpolicy="no-referrer">'
    )


def link_card(embed: Embed, caption: str = "") -> HtmlPiece:
    """Build a link to what a player would play, with its poster. Nothing is loaded from a third party."""
    address = attribute(embed.url)
    poster = ""
    if embed.poster:
        poster = f'<a href="{address}" {REL}>{image(Picture(url=embed.poster))}</a>'
    title = embed.title or urls.host(embed.url)
    label = f'<a href="{address}" {REL}>{SIGNS[embed.kind]} {escape(title)}</a>'
    below = f"<br>{caption}" if caption else ""
    return HtmlPiece(f"<figure>{poster}<figcaption>{label}{below}</figcaption></figure>")


def with_caption(piece: HtmlPiece, caption: str) -> HtmlPiece:
    if not caption:
        return piece
    if piece.html.endswith("</figcaption></figure>"):
        return HtmlPiece(
            piece.html.removesuffix("</figcaption></figure>") + f"<br>{caption}</figcaption></figure>"
        )
    return HtmlPiece(piece.html.removesuffix("</figure>") + f"<figcaption>{caption}</figcaption></figure>")


def split_long_text(text: str) -> Iterator[str]:
    """Split escaped text that is too long for a paragraph, at spaces if there are any."""
    start = 0
    longest = LONGEST_RUN if text.count("&") <= MOST_REFERENCES else 4 * MOST_REFERENCES
    while start < len(text):
        end = start + longest
        space = text.rfind(" ", start, end) if end < len(text) else len(text)
        stop = space if space > start else end
        reference = text.rfind("&", max(start, stop - 8), stop)
        if reference > start and ";" not in text[reference:stop]:
            stop = reference
        if text[start:stop].strip(INVISIBLE):
            yield text[start:stop].strip()
        start = stop


def has_visible_text(html: str) -> bool:
    """Say whether HTML of ours contains a visible character."""
    text = strip_tags(html)
    return bool((text.replace("&nbsp;", "") if "&nbsp;" in text else text).strip(INVISIBLE))


def trimmed(html: str) -> str:
    """Remove white space, invisible characters and line breaks from both ends."""
    html = html.strip(INVISIBLE)
    if html[:1] not in _EDGES and html[-1:] not in _EDGES:  # most
        return html
    while html.startswith("<br>"):
        html = html[4:].lstrip(INVISIBLE)
    while html.endswith("<br>"):
        html = html[:-4].rstrip(INVISIBLE)
    while html.startswith("&nbsp;"):
        html = html[6:].lstrip(INVISIBLE)
    return html.removesuffix("&nbsp;")
