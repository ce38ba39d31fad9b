"""Notes of a body for its plain text and its Markdown: `[1]` or `[^1]` in the text, the notes behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from unabridged.extraction.html.dom import Element, Text
from unabridged.text.patterns import lazy_regex

KEY = "data-note"
"""Attribute of a mark in a parsed body: the name of its note in Markdown."""
_SIGN = '<sup id="fn-'
_WORD = lazy_regex(r"[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A note of a body. label: as in the text; key: unique among the notes; content: its blocks."""

    label: str
    key: str
    content: Element


def take_note_views(root: Element, body: str) -> list[NoteView]:
    """Take the notes out of a parsed body, and write their marks in the text as "[1]". body: its HTML."""
    if _SIGN not in body:
        return []
    items = {name: item for item in root.iter_elements("li") if (name := item.attr("id"))}
    views: dict[str, NoteView] = {}
    taken: set[str] = set()
    for mark in list(root.select("sup[id]")):
        link = mark.find("a")
        name = (link.attr("href") or "")[1:] if link is not None else ""
        if link is None or name not in items:
            continue
        label = link.text.strip(" []()")
        if name not in views:
            key = label if _WORD.fullmatch(label) and label not in taken else _free(taken)
            taken.add(key)
            views[name] = NoteView(label=label, key=key, content=Element("div"))
        mark.attrs[KEY] = views[name].key
        mark.set_text(f"[{label}]")
    for name, view in views.items():
        _take(items[name], view)
    return [views[name] for name in items if name in views]


def _free(taken: set[str]) -> str:
    """Return the first number that names no note yet."""
    return next(key for key in map(str, range(1, len(taken) + 2)) if key not in taken)


def _take(item: Element, view: NoteView) -> None:
    """Move the content of an item into a view, without links back and the label in front."""
    for link in list(item.iter_elements("a")):
        if (link.attr("href") or "").startswith("#fn-") and link.text.strip() == "↩":
            link.extract()
    for node in tuple(item):
        view.content.append(node)
    first = next((node for node in view.content.descendants if type(node) is Text), None)
    if first is not None and first.data.startswith(f"{view.label}. "):
        first.data = first.data[len(view.label) + 2 :]
    around = item.parent
    item.extract()
    if isinstance(around, Element) and not around.text.strip():
        before = around.previous_sibling
        if isinstance(before, Element) and before.tag == "hr":
            before.extract()
        around.extract()


def note_lines(views: list[NoteView], blocks: Callable[[Element], list[str]]) -> list[str]:
    """Return the notes as blocks of plain text, each with its label. blocks: writes an element's blocks."""
    found: list[str] = []
    for view in views:
        parts = blocks(view.content)
        if parts:
            found += [f"{view.label}. {parts[0]}", *parts[1:]]
    return found


def note_definitions(views: list[NoteView], markdown: Callable[[Element], str]) -> str:
    """Return the notes as Markdown's definitions ("[^1]: …"), further paragraphs indented, "" for none."""
    found: list[str] = []
    for view in views:
        lines = markdown(view.content).strip().split("\n")
        indented = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        found.append("\n".join((f"[^{view.key}]: {lines[0]}", *indented)))
    return "\n\n".join(found)
