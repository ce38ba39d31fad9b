"""Render a clean body as plain text and as Markdown, with its links and media."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from turbohtml import Markdown

from unabridged.extraction.html.dom import Element, Node, Text, parse_body
from unabridged.extraction.html.formulas import formula_tex, formula_text, is_block
from unabridged.extraction.html.media import picture_of, read_link_card
from unabridged.extraction.html.sanitizer import INLINE_TAGS
from unabridged.extraction.html.views.markdown_tables import prepare_tables, restore_tables
from unabridged.extraction.html.views.note_views import (
    KEY,
    NoteView,
    note_definitions,
    note_lines,
    take_note_views,
)
from unabridged.extraction.html.views.scripts import script_text
from unabridged.model import Link, Media
from unabridged.text.patterns import lazy_regex


def _emphasised(mark: str, name: str) -> Callable[[Element, str], str]:
    """Return a converter that writes emphasis so that CommonMark reads it beside CJK punctuation too.

    A mark between punctuation inside and a letter outside is not read as emphasis (the flanking rules of
    https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis), so the punctuation moves out of it.
    """

    def convert(element: Element, inner: str) -> str:
        text = inner.strip()
        if not text or element.closest("pre") is not None:
            return inner
        if element.closest("td,th") is not None:
            text = text.replace("\\|", "|")  # the table escapes its cells once more
        start, end = 0, len(text)
        if _is_letter(_neighbour(element.previous_sibling, -1)):
            while start < end and text[start] in _MOVABLE:
                start += 1
        if _is_letter(_neighbour(element.next_sibling, 0)):
            while end > start and text[end - 1] in _MOVABLE:
                end -= 1
        core = text[start:end]
        if not core or _is_flanked_badly(element, core):
            return f"<{name}>{text}</{name}>" if core else text
        return f"{text[:start]}{mark}{core}{mark}{text[end:]}"

    return convert


_MOVABLE = frozenset("“”‘’「」『』（）《》〈〉【】〔〕、，。：；！？…—～·:;,.?")


def _is_flanked_badly(element: Element, core: str) -> bool:
    """Say whether CommonMark would not read a mark here: punctuation inside, a letter outside."""
    before, after = _neighbour(element.previous_sibling, -1), _neighbour(element.next_sibling, 0)
    return (_is_letter(before) and not _is_letter(core[0])) or (
        _is_letter(after) and not _is_letter(core[-1])
    )


def _neighbour(node: Node | None, at: int) -> str:
    """Return the character of a sibling that touches the emphasis, "" if none does."""
    if node is None or (type(node) is Element and node.tag in ("br", "img")):
        return ""
    text = node.data if type(node) is Text else node.text
    return text[at] if text else ""


def _is_letter(character: str) -> bool:
    return bool(character) and not character.isspace() and unicodedata.category(character)[0] not in "PS"


def _reading(element: Element, inner: str) -> str:
    """Write the reading of a ruby text in brackets; readings that follow one another share them."""
    text = inner.strip()
    if not text:
        return ""
    start = "" if _reads_on(element.previous_sibling) else "("
    end = "" if _reads_on(element.next_sibling) else ")"
    return f"{start}{text}{end}"


def _reads_on(node: Node | None) -> bool:
    return type(node) is Element and node.tag == "rt" and bool(node.text.strip())


def _nothing(element: Element, inner: str) -> str:
    return ""


def _formula(element: Element, inner: str) -> str:
    tex = formula_tex(element)
    if not tex:
        return inner
    if is_block(element):
        return f"$${tex}$$"
    before, after = _neighbour(element.previous_sibling, -1), element.next_sibling
    follows = after.data if type(after) is Text else after.text if type(after) is Element else ""
    start = " " if before.isalnum() else ""
    return f"{start}${tex}$" + (" " if _TOUCHING.match(follows) else "")


_TOUCHING = lazy_regex(r"\d|[^\W\d_]{3}")
"""Text that may not follow a formula: a dollar before it closes none (the ending of "$n$th" may)."""
_SHOWN = "\uf8f2"
_PAIR = lazy_regex(r"\$\$+|(?<![\\$\w])\$(?=[^\s$])[^$\n]{0,400}(?<=[^\s$\\])\$(?![\d$])")
_NO_TEXT = "pre,code,math"


def _hide_dollars(root: Element) -> bool:
    """Put a sign in the place of dollars that would enclose a formula; say whether there are any."""
    found = [node for node in root.descendants if type(node) is Text and "$" in node.data]
    hidden = False
    for node in found:
        parent = node.parent
        if _PAIR.search(node.data) and isinstance(parent, Element) and parent.closest(_NO_TEXT) is None:
            node.data = _PAIR.sub(lambda pair: pair[0].replace("$", _SHOWN), node.data)
            hidden = True
    return hidden


def _script(element: Element, inner: str) -> str:
    """Write the mark of a note as a reference, an exponent raised, other scripts as they are."""
    key = element.attr(KEY)
    script = f"[^{key}]" if key else script_text(element)
    return inner if script is None else script


_MARKDOWN = Markdown(
    links=Markdown.Links(skip_internal=True),
    document=Markdown.Document(line_break="backslash"),
    converters={
        "strong": _emphasised("**", "strong"),
        "b": _emphasised("**", "strong"),
        "em": _emphasised("*", "em"),
        "i": _emphasised("*", "em"),
        "rt": _reading,
        "rp": _nothing,
        "math": _formula,
        "sub": _script,
        "sup": _script,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """All views of one body, made from one parse."""

    text: str = ""
    markdown: str = ""
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()


def render(body: str) -> Rendering:
    """Return every view of a clean body."""
    if not body:
        return Rendering()
    root = _parsed(body)
    links, media = tuple(_links(root)), tuple(_media(root))
    notes = take_note_views(root, body)
    return Rendering(text=_text(root, notes), markdown=_markdown(root, notes), links=links, media=media)


def _text(root: Element, notes: list[NoteView]) -> str:
    return _without_unseen("\n\n".join((*_blocks(root), *note_lines(notes, _blocks))))


def _markdown(root: Element, notes: list[NoteView]) -> str:
    text = _as_markdown(root)
    if not notes:
        return text
    return f"{text.rstrip()}\n\n{note_definitions(notes, _as_markdown)}\n"


def to_text(body: str) -> str:
    """Return a clean body as plain text: one block a line, blank lines between, no captions.

    Cells of a table row are separated by tabs, rows by line ends. Notes stand at the end ("1. …").
    """
    root = _parsed(body)
    return _text(root, take_note_views(root, body)) if body else ""


def to_markdown(body: str) -> str:
    """Return a clean body as Markdown: CommonMark with tables and notes, emphasis that works in CJK text."""
    root = _parsed(body)
    return _markdown(root, take_note_views(root, body)) if body else ""


_UNSEEN = ("\u00ad", "\u200b", "\u2060", "\ufeff")
"""Soft hyphens and other marks of where a line may break, or not: they part a word for every search."""


def _without_unseen(text: str) -> str:
    if not text.isascii():
        for mark in _UNSEEN:
            if mark in text:
                text = text.replace(mark, "")
    return text


def _as_markdown(root: Element) -> str:
    hidden = "$" in root.text and _hide_dollars(root)
    raw = [html.replace(_SHOWN, "$") for html in prepare_tables(root)]
    markdown = restore_tables(root.to_markdown(_MARKDOWN), raw)
    return _without_unseen(markdown.replace(_SHOWN, "\\$") if hidden else markdown)


def _parsed(body: str) -> Element:
    return parse_body(body)


def _blocks(element: Element) -> list[str]:
    """Return the text blocks below an element, in order."""
    found: list[str] = []
    run: list[str] = []
    for node in element:
        if type(node) is Text:
            run.append(node.data)
        elif type(node) is Element:
            tag = node.tag
            if tag in INLINE_TAGS or tag == "math":
                run.append(_inline(node, tag))
                continue
            _flush(run, found)
            if tag == "pre":
                found.append(node.text.strip("\n"))
            elif tag == "table":
                found += _table(node)
            elif tag != "figure":
                found += _blocks(node)
    _flush(run, found)
    return found


def _inline(element: Element, tag: str) -> str:
    if tag == "br":
        return "\n"
    if tag == "img":
        return ""
    if tag == "rp":
        return ""
    if tag == "math":
        return formula_text(element)
    if tag in ("sub", "sup") and (script := script_text(element)) is not None:
        return script
    if tag not in _RUBY and next(element.iter_elements(_NOT_PLAIN), None) is None:
        return element.text
    inner = "".join(
        node.data if type(node) is Text else _inline(node, node.tag)
        for node in element
        if type(node) is Text or type(node) is Element
    )
    return _reading(element, inner) if tag == "rt" else inner


_RUBY = frozenset(("ruby", "rt", "rtc"))
_NOT_PLAIN = ("br", "rp", "rt", "math", "sub", "sup")


def _flush(run: list[str], found: list[str]) -> None:
    if run:
        text = "".join(run)
        run.clear()
        if "\n" in text:
            lines = (" ".join(line.split()) for line in text.split("\n"))
            text = "\n".join(line for line in lines if line)
        else:
            text = " ".join(text.split())
        if text:
            found.append(text)


def _table(table: Element) -> list[str]:
    caption = [" ".join(c.text.split()) for c in table if isinstance(c, Element) and c.tag == "caption"]
    rows = (
        "\t".join(
            " ".join(_blocks(cell)).replace("\n", " ").replace("\t", " ")
            for cell in row
            if isinstance(cell, Element)
        )
        for row in table.iter_elements("tr")
        if row.closest("table") == table
    )
    lines = "\n".join(row for row in rows if row.strip())
    return [*(text for text in caption if text), *([lines] if lines else [])]


def _links(root: Element) -> Iterator[Link]:
    seen: set[str] = set()
    for link in root.iter_elements("a"):
        href = link.attr("href")
        if href and href[0] != "#" and href not in seen:
            seen.add(href)
            yield Link(url=href, text=" ".join(link.text.split()))


def _media(root: Element) -> Iterator[Media]:
    for figure in root.iter_elements("figure"):
        caption_of = next(iter(figure.iter_elements("figcaption")), None)
        embed = read_link_card(caption_of, None) if caption_of is not None else None
        caption = " ".join(_inline(caption_of, "figcaption").split()) if caption_of is not None else ""
        pictures = [p for image in figure.iter_elements("img") if (p := picture_of(image, None))]
        if embed is not None:
            poster = pictures[0].url if pictures else None
            yield Media(kind=embed.kind, url=embed.url, title=embed.title, poster=poster)
            continue
        for picture in pictures:
            yield Media(
                kind="image",
                url=picture.url,
                title=picture.alt,
                caption=caption,
                width=picture.width,
                height=picture.height,
            )
