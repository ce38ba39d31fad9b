"""Readers: the structures of HTML and of Markdown, the same for all extractors."""

import re

from lxml import etree
from lxml.html import document_fromstring
from markdown_it import MarkdownIt

from bench.structure.code import code_of, language_of, lines_of
from bench.structure.embeds import embeds
from bench.structure.formulas import formulas, formulas_marked
from bench.structure.lists import list_element
from bench.structure.notes import note_of, notes
from bench.structure.tables import table_of
from bench.structure.texts import Structure, outermost, text_of

KINDS = ("code", "tables", "formulas", "notes", "embeds", "lists")
Structures = dict[str, list[Structure]]


def read_html(source: str) -> Structures:
    """Return the structures of an HTML document or fragment."""
    if not source.strip():
        return {kind: [] for kind in KINDS}
    try:
        root = document_fromstring(f"<div>{without_controls(source)}</div>")
    except etree.ParserError:
        return {kind: [] for kind in KINDS}
    for element in list(root.iter("script", "style", "template")):
        element.drop_tree()
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    noted = list(notes(root))
    note_items = {id(element) for element, _ in noted}
    return {
        "code": [code_of(lines_of(pre), language_of(pre)) for pre in outermost(root, "pre")],
        "tables": [found for table in root.iter("table") if (found := table_of(table))],
        "formulas": list(formulas(root)),
        "notes": [note for _, note in noted],
        "embeds": list(embeds(root)),
        "lists": [found for found in (list_element(ul, note_items) for ul in root.iter("ul", "ol")) if found],
    }


def read_markdown(source: str) -> Structures:
    """Return the structures of Markdown: CommonMark, tables, `[^n]` notes, formulas between dollars."""
    text, noted = _without_notes(source)
    found = read_html(_MARKDOWN.render(formulas_marked(text)))
    found["notes"] += noted
    return found


_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def without_controls(source: str) -> str:
    return _CONTROLS.sub("", source)


_DEFINITION = re.compile(
    r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]*\n)*(?: {2,}|\t).*)*)", re.MULTILINE
)


def _without_notes(source: str) -> tuple[str, list[Structure]]:
    """Take the notes that the text refers to out of Markdown."""
    definitions = list(_DEFINITION.finditer(source))
    rest = _DEFINITION.sub("", source)
    referred = set(re.findall(r"(?<!\\)\[\^([^\]\s]+)\]", rest))
    noted = [
        note_of(found[1], read_text(found[2]))
        for found in definitions
        if found[1] in referred and found[2].strip()
    ]
    return rest, noted


def read_text(markdown: str) -> str:
    """Return Markdown as plain text."""
    rendered = _MARKDOWN.render(markdown)
    return text_of(document_fromstring(f"<div>{rendered}</div>")) if rendered.strip() else ""
