"""Highlights in the HTML of an article: marks around their words, which never cut a tag. Pure.

The HTML is what the sanitizer wrote: attributes are quoted, and `<`, `>` and `&` of the text are references.
Marks are put around pieces of text between tags only, so that the result nests as the HTML did.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from unabridged.archive.records.library import Highlight
from unabridged.serve.views import formatting
from unabridged.serve.views.lists import Moment
from unabridged.text.quotes import CONTEXT, Place, Quote, find_quote

MOST_CHANGED = 20
"""Highlights of one article that are looked for by what is left of their words."""

_PIECE = re.compile(
    r'(?P<tag><[^<>"]*(?:"[^"]*"[^<>"]*)*>)|(?P<sign>&(?:#\w{1,8}|\w{1,31});|[^<])', re.DOTALL
)
_NAME = re.compile(r"</?([a-z0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """A visible character of the HTML. run: number of the piece of text between two tags it belongs to."""

    start: int
    end: int
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """HTML with the highlights that could be placed. changed: those whose words are not quite the same."""

    html: str
    placed: frozenset[int]
    changed: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HighlightLine:
    """A highlight in a list. state: "placed", "changed" or "missing" in the text that is shown."""

    id: int
    words: str
    note: str
    created: str
    href: str
    title: str
    state: str = "placed"


def mark_highlights(html: str, highlights: Sequence[Highlight]) -> Marked:
    """Put <mark> around the words of highlights; of overlapping ones, the earlier begins."""
    signs, text = _visible(html)
    places: list[tuple[Place, int]] = []
    left = MOST_CHANGED
    for one in highlights:
        place = find_quote(text, one.quote, similar=left > 0)
        left -= place is None or place.changed
        if place is not None:
            places.append((place, one.id))
    cuts = [cut for place, number in places for cut in _cuts(signs, place, number)]
    return Marked(
        html=_inserted(html, cuts),
        placed=frozenset(number for _, number in places),
        changed=frozenset(number for place, number in places if place.changed),
    )


def quote_in(html: str, given: Quote) -> Quote | None:
    """Return a quote as it stands in a text, with its surroundings; None if the words are not there."""
    signs, text = _visible(html)
    place = find_quote(text, given, similar=False)
    if place is None:
        return None
    return Quote(
        exact=_plain(html, signs, place.start, place.end),
        prefix=_plain(html, signs, max(0, place.start - CONTEXT), place.start),
        suffix=_plain(html, signs, place.end, min(len(signs), place.end + CONTEXT)),
    )


def _visible(html: str) -> tuple[list[_Sign], str]:
    """Return the visible characters of the HTML with their places; formulas are left out."""
    signs: list[_Sign] = []
    text: list[str] = []
    run = inside = 0
    for found in _PIECE.finditer(html):
        if found["tag"]:
            run += 1
            if found["tag"].startswith(("<math", "</math")):
                inside += -1 if found["tag"][1] == "/" else 1
            continue
        sign = unescape(found["sign"])
        if not inside and not sign.isspace():
            for each in sign:
                signs.append(_Sign(start=found.start(), end=found.end(), run=run))
                text.append(each)
    return signs, "".join(text)


def _plain(html: str, signs: Sequence[_Sign], start: int, end: int) -> str:
    """Return a part of the visible text with its white space."""
    if start >= end:
        return ""
    part = html[signs[start].start : signs[end - 1].end]
    spaced = _PIECE.sub(lambda found: _space(found["tag"]) if found["tag"] else unescape(found["sign"]), part)
    return " ".join(spaced.split())


_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q ruby rb s small span strong sub sup u".split()
)


def _space(tag: str) -> str:
    name = _NAME.match(tag)
    return "" if name and name[1] in _INLINE else " "


def _cuts(signs: Sequence[_Sign], place: Place, number: int) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, opening tag) for each piece of text that a place covers."""
    at, first = place.start, True
    while at < place.end:
        stop = at
        while stop < place.end and signs[stop].run == signs[at].run:
            stop += 1
        name = f' id="highlight-{number}"' if first else ""
        yield signs[at].start, signs[stop - 1].end, f'<mark class="own"{name} data-highlight="{number}">'
        at, first = stop, False


def _inserted(html: str, cuts: Sequence[tuple[int, int, str]]) -> str:
    """Insert the marks; where two overlap, the second begins after the first."""
    parts: list[str] = []
    done = 0
    for start, end, tag in sorted(cuts):
        if end <= done:
            continue
        start = max(start, done)
        parts += [html[done:start], tag, html[start:end], "</mark>"]
        done = end
    return "".join([*parts, html[done:]])


def highlight_line(one: Highlight, moment: Moment, state: str = "placed") -> HighlightLine:
    return HighlightLine(
        id=one.id,
        words=one.quote.exact,
        note=one.note,
        created=formatting.date_time(one.created, moment.zone),
        href=f"/a/{one.article_id}#highlight-{one.id}",
        title=one.title,
        state=state,
    )


def highlight_lines(
    highlights: Sequence[Highlight], marked: Marked, moment: Moment
) -> tuple[HighlightLine, ...]:
    """List the highlights of an article with their state in the text that is shown."""
    states = dict.fromkeys(marked.changed, "changed")
    return tuple(
        highlight_line(one, moment, states.get(one.id, "placed") if one.id in marked.placed else "missing")
        for one in highlights
    )


def highlights_markdown(highlights: Sequence[Highlight]) -> str:
    """Return highlights as Markdown: the articles with their addresses, quotes and notes below them."""
    parts: list[str] = ["# Highlights\n"]
    article = 0
    for one in highlights:
        if one.article_id != article:
            article = one.article_id
            title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(one.title.split())) or "Untitled"
            parts.append(f"## {title}\n\n<{one.url}>\n" if one.url else f"## {title}\n")
        parts.append(f"> {escape(one.quote.exact, quote=False)}\n")
        if one.note:
            parts.append(escape(one.note, quote=False).strip() + "\n")
    return "\n".join(parts)
