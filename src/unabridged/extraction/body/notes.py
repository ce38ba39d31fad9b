"""List of the notes that a text refers to, below it: each links back to its marks, and they link to it."""

from collections.abc import Sequence

from unabridged.extraction.html.builders import HtmlPiece, escape, to_item
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.serializer import write
from unabridged.extraction.html.write_scope import WriteScope
from unabridged.text.patterns import lazy_regex

_LINKED = lazy_regex(r' href="#(fn-[0-9a-f]{8})"')
_MARKED = lazy_regex(r' id="(fn-[0-9a-f]{8})"')


def with_notes(pieces: list[HtmlPiece], holder: Element | None, scope: WriteScope) -> list[HtmlPiece]:
    """Return the pieces of a text and the list of its notes. holder: all notes of the page, None for none;
    those of other texts are left out."""
    if holder is None or not pieces:
        return pieces
    notes = [note for note in holder.iter_elements("li") if note.parent == holder]
    by_id = {scope.anchors.get(note.attr("id") or ""): note for note in notes}
    texts = _wanted(pieces, by_id, scope)
    written = "".join((*(piece.html for piece in pieces), *texts.values()))
    marks = set(_MARKED.findall(written))
    numbered: list[str] = []
    others: list[str] = []
    due = 1
    for name, note in by_id.items():
        if name not in texts or name is None:
            continue
        text = _without_lost_marks(texts[name], marks)
        label = note.attr("data-label") or ""
        if label.isdecimal() and label.isascii():
            value = f' value="{int(label)}"' if int(label) != due else ""
            numbered.append(f'<li id="{name}"{value}>{text}</li>')
            due = int(label) + 1
        else:
            others.append(f'<li id="{name}">{_labelled(text, label)}</li>')
    lists = [f"<{tag}>{''.join(items)}</{tag}>" for tag, items in (("ol", numbered), ("ul", others)) if items]
    return [*pieces, HtmlPiece("<hr>"), *map(HtmlPiece, lists)] if lists else pieces


def _wanted(
    pieces: Sequence[HtmlPiece], by_id: dict[str | None, Element], scope: WriteScope
) -> dict[str, str]:
    """Return the written notes that a text, or a note of the text, refers to, by id."""
    texts: dict[str, str] = {}
    due = [name for piece in pieces for name in _LINKED.findall(piece.html)]
    while due:
        name = due.pop()
        note = by_id.get(name)
        if note is not None and name not in texts:
            texts[name] = to_item(write(note, scope))
            due += _LINKED.findall(texts[name])
    return texts


_BACK_LINK = lazy_regex(r' ?<a href="#(fn-[0-9a-f]{8})"[^<>]*>↩</a>')


def _without_lost_marks(text: str, marks: set[str]) -> str:
    """Remove the links back to marks that are not part of the text."""
    return _BACK_LINK.sub(lambda found: found[0] if found[1] in marks else "", text)


def _labelled(text: str, label: str) -> str:
    """Put a label that is no number before the text of its note."""
    start = "<p>" if text.startswith("<p>") else ""
    return f"{start}{escape(label)}. {text[len(start) :]}"
