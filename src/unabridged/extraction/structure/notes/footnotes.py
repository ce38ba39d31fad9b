"""Notes of a text in one form: marks that link to the items of one list, which link back.

`mark_notes` writes every mark as `<sup id><a href="#note">1</a></sup>` and leaves the notes where they are;
when the text has been selected, `take_notes` moves them into one element. Notes are built in some thirty
ways, by pandoc, GitHub, MediaWiki, WordPress, Word, LaTeXML and others, but mark and note look alike in all.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.extraction.structure.notes.inline_notes import find_inline_notes
from unabridged.extraction.structure.notes.note_marks import (
    NoteMark,
    find_marks,
    has_text_beside,
    is_back_link,
    label_of,
    names,
)
from unabridged.text.patterns import lazy_regex

BACK = "↩"
MOST_BACK_LINKS = 20
"""Links back of one note; a source may be cited a hundred times."""
_TITLE = lazy_regex(
    r"\W*(?:foot-?notes?|end-?notes?|notes?|references?|sources?|citations?|notes and references|"
    r"fußnoten?|anmerkungen|einzelnachweise|quellen|notes? (?:et références|de bas de page)|références|"
    r"notas(?: al pie| de rodapé)?|referencias|referências|note|riferimenti|voetnoten|noten|fotnoter|noter|"
    r"przypisy|poznámky|reference|сноски|примечания|источники|脚注|注释|注釋|註釋|註|注|参考资料|參考資料|"
    r"参考文献|각주|dipnotlar|σημειώσεις|הערות שוליים|هوامش|المراجع)\W*",
    re.IGNORECASE,
)
_LEADING = lazy_regex(r"[\s\])}.:）】、]+")
_OPENING = lazy_regex(r"[\s\[({^↑（【]*(?:[*※＊](?=\d))?")


MOST_FORCED = 30
"""References above which a list of them that the selection left out stays out (encyclopedias)."""
_REFERENCES = lazy_regex(r"cite|reference|bib", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note that still stands in its place. name: its id to be; label: its number or sign in the text;
    nodes: its content; marks: the elements in the text that link to it, with what they said before."""

    name: str
    label: str
    nodes: tuple[Node, ...]
    marks: tuple[tuple[Element, str], ...]
    is_reference: bool = False


def mark_notes(dom: Dom) -> tuple[Footnote, ...]:
    """Write all marks of notes of a page or fragment in one form, and return their notes, in order."""
    named = dom.select('[class*="note"]')
    linked = find_marks(dom, named)
    inline = find_inline_notes(named, linked)
    by_target: dict[Node, list[NoteMark]] = {}
    for mark in (*linked, *inline):
        if mark.whole.parent is not None:
            by_target.setdefault(mark.target, []).append(mark)
    moved = {mark.target for mark in inline}
    notes: list[Footnote] = []
    numbers = count()
    for target, marks in by_target.items():
        name = _own_id(marks[0].target, "note", len(notes))
        written = tuple(_written(mark, name, next(numbers)) for mark in marks)
        nodes = tuple(_detached(marks[0].nodes)) if target in moved else marks[0].nodes
        is_reference = _REFERENCES.search(names(marks[0].target)) is not None
        notes.append(
            Footnote(name=name, label=marks[0].label, nodes=nodes, marks=written, is_reference=is_reference)
        )
    return tuple(notes)


def _written(mark: NoteMark, note: str, number: int) -> tuple[Element, str]:
    """Write a mark in our form; return it, and what it said before."""
    said = mark.whole.text.strip()
    return _write_mark(mark, _own_id(mark.whole, "note-mark", number), note), (
        said if label_of(said) else mark.label
    )


def _detached(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node.extract() if node.parent is not None else node


def take_notes(notes: Sequence[Footnote], kept: Collection[Node] | None = None) -> Element | None:
    """Move notes out of the text into one element, an item each; None if there are none.

    kept: the selected text nodes, None for all. Notes are part of the text though they were not selected,
    but for a long list of references.
    """
    if not notes or (kept is not None and _is_left_out(notes, kept)):
        for note in notes:
            for mark, said in note.marks:
                _unlink(mark, said)
        return None
    holder = Element("div")
    for note in notes:
        item = Element("li", {"id": note.name, "data-label": note.label})
        _move(note.nodes, item)
        _clean(item, note.label)
        _add_back_links(item, [mark.attr("id") or "" for mark, _ in note.marks])
        holder.append(item)
    return holder


def _is_left_out(notes: Sequence[Footnote], kept: Collection[Node]) -> bool:
    if len(notes) < MOST_FORCED or not all(note.is_reference for note in notes):
        return False
    return not any(text in kept for note in notes for text in _texts(note.nodes))


def _texts(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        if type(node) is Text:
            yield node
        elif isinstance(node, Element):
            yield from (text for text in node.descendants if type(text) is Text)


def _unlink(mark: Element, said: str) -> None:
    """Give a mark its text back, without the link."""
    for text in _texts((mark,)):
        if isinstance(text, Text):
            text.data = said


def _own_id(element: Element, kind: str, number: int) -> str:
    """Return an id of ours, or the one that a body of ours has already."""
    given = element.attr("id") or ""
    return given if re.fullmatch(r"fn-[0-9a-f]{8}", given) else f"unabridged-{kind}-{number + 1}"


def _write_mark(mark: NoteMark, name: str, note: str) -> Element:
    """Put a mark in our form in the place of a page's own."""
    link = Element("a", {"href": f"#{note}"}, [Text(mark.label)])
    mark.whole.replace_with(sup := Element("sup", {"id": name}, [link]))
    outer = sup.parent
    if isinstance(outer, Element) and outer.tag == "sup":  # several marks raised together: "1, 2"
        outer.unwrap()
    return sup


def _move(nodes: tuple[Node, ...], note: Element) -> None:
    """Move the content of a note into its item, and remove what its list leaves behind."""
    around = nodes[0].parent if nodes else None
    for node in nodes:
        for part in tuple(_content(node)):
            note.append(part)
        if isinstance(node, Element) and node.parent is not None and node.parent != note:
            node.extract()
    if isinstance(around, Element):
        _remove_empty(around)


def _content(node: Node) -> Iterator[Node]:
    """Yield what an item holds for a node of a note: its children, the cells of a row, or itself."""
    if not isinstance(node, Element):
        yield node
    elif node.tag in ("tr", "table"):
        cells = [cell for cell in node.iter_elements(("td", "th")) if not label_of(cell.text.strip(" ↑^"))]
        for cell in cells:
            yield from tuple(cell)
    elif node.tag in _BOXES:
        yield from tuple(node)
    else:
        yield node


_BOXES = frozenset("li div aside td dd section details span small label".split())


def _remove_empty(element: Element) -> None:
    """Remove a list that holds no more notes, with the title and the rule above it."""
    current: Node | None = element
    for _ in range(6):
        if not isinstance(current, Element) or current.tag in ("body", "html", "article", "main"):
            return
        text = current.text.strip()
        if text and not (len(text) < 60 and _TITLE.fullmatch(text)):
            return
        if current.find("img") is not None:
            return
        above = current.parent
        if above is None:
            return
        _remove_title_before(current)
        current.extract()
        current = above


def _remove_title_before(element: Element) -> None:
    """Remove a heading ("Footnotes") and rules that stand directly before a list of notes."""
    before = list(islice(element.previous_siblings, 8))
    for node in before:
        if type(node) is Text and not node.data.strip():
            continue
        text = node.text.strip() if isinstance(node, Element) else ""
        if not isinstance(node, Element) or node.tag not in _TITLES:
            return
        if text and not (len(text) < 60 and _TITLE.fullmatch(text)):
            return
        node.extract()
        if text:
            return


_TITLES = frozenset("h1 h2 h3 h4 h5 h6 hr p div span header b strong".split())


def _clean(note: Element, label: str) -> None:
    """Remove the note's own number and its links back; both are written anew."""
    _remove_own_number(note, label)
    for link in list(note.iter_elements("a")):
        if is_back_link(link) or _is_lettered_back_link(link):
            _remove_with_wrapper(link, note)
    for part in note.select(_MACHINERY):
        part.extract()


_MACHINERY = "button,input,.mw-cite-backlink,.cite-accessibility-label,.ltx_note_mark,.ltx_tag_note"


def _is_lettered_back_link(link: Element) -> bool:
    """Say whether a link is one of several links back ("a", "b"), which stand before or after the note."""
    text = link.text.strip()
    if "#" not in (link.attr("href") or "") or len(text) != 1 or not text.islower():
        return False
    return link.find("code") is None and not (has_text_beside(link, -1) and has_text_beside(link, 1))


def _remove_with_wrapper(link: Element, note: Element) -> None:
    """Remove a link back, and the elements around it that hold nothing else."""
    current = link
    for _ in range(4):
        parent = current.parent
        if not isinstance(parent, Element) or parent == note:
            break
        if parent.text.strip() != current.text.strip() or parent.tag not in _WRAPPERS:
            break
        current = parent
    current.extract()


_WRAPPERS = frozenset("sup span b i small cite p strong em".split())


def _remove_own_number(note: Element, label: str) -> None:
    """Remove the label at the start of a note: "1.", "[1]", "^ 1", also if it is a link back."""
    opening: list[Text] = []
    said = False
    for node in islice((n for n in note.descendants if type(n) is Text and n.data.strip()), 6):
        text = node.data
        if not said:
            end = _end_of_label(text, label)
            if not end:
                if _OPENING.fullmatch(text):
                    opening.append(node)
                    continue
                return
            for one in opening:
                one.data = ""
            said = True
            text = text[end:]
        rest = _LEADING.match(text)
        node.data = text[rest.end() :] if rest else text
        if node.data:
            return


def _end_of_label(text: str, label: str) -> int:
    """Return where the label ends with which a text begins, 0 if it does not begin so."""
    found = _OPENING.match(text)
    start = found.end() if found else 0
    end = start + len(label)
    if text[start:end].casefold() != label.casefold():
        return 0
    follows = text[end : end + 2]
    return 0 if follows[:1].isalnum() or (follows[:1] in ".," and follows[1:].isdigit()) else end


def _is_blank(node: Node) -> bool:
    return type(node) is Text and not node.data.strip()


def _add_back_links(note: Element, marks: Sequence[str]) -> None:
    """Append links to the marks of a note, in its last paragraph."""
    home = note
    for _ in range(8):
        last = next((node for node in reversed(list(home)) if not _is_blank(node)), None)
        if not isinstance(last, Element) or last.tag not in ("p", "div", "section"):
            break
        home = last
    for name in marks[:MOST_BACK_LINKS]:
        home.append(Text(" "))
        home.append(Element("a", {"href": f"#{name}"}, [Text(BACK)]))
