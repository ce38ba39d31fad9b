"""Tables of a parsed body, made ready for Markdown: cells on one line, none that spans others."""

from collections.abc import Iterator

from unabridged.extraction.html.dom import Element, Text, parse_body

MOST_CELLS = 20_000
"""Cells of a table whose spans are filled; a bigger one stays HTML."""
MOST_SPANNED = 200
_START, _END = "\uf8f0", "\uf8f1"
_BLOCKS = ("pre", "table", "blockquote", "dl", "hr")


def prepare_tables(root: Element) -> list[str]:
    """Fill the spans of all tables, and put a sign in the place of those that no pipe table can hold.

    Returns the HTML of those, in order, for `restore_tables`.
    """
    tables = list(root.iter_elements("table"))
    if not tables or _START in root.text:
        return []
    raw: list[str] = []
    for table in tables:
        if table.parent is None or table.parent.closest("table") is not None:
            continue
        if next(iter(table.iter_elements(_BLOCKS)), None) is not None or not _fill(table):
            raw.append(table.html)
            table.replace_with(Element("p", {}, [Text(f"{_START}{len(raw) - 1}{_END}")]))
            continue
        for cell in table.iter_elements(("td", "th")):
            _join_paragraphs(cell)
    return raw


def restore_tables(markdown: str, raw: list[str]) -> str:
    """Put the HTML of tables back in the places of their signs."""
    for place, html in enumerate(raw):
        line = html.replace("\n\n", "\n&#10;")
        markdown = markdown.replace(f"{_START}{place}{_END}", line, 1)
    return markdown


def _join_paragraphs(cell: Element) -> None:
    """Write the paragraphs of a cell as one, with line breaks."""
    paragraphs = [child for child in cell if isinstance(child, Element) and child.tag == "p"]
    for paragraph in paragraphs:
        if isinstance(paragraph.next_sibling, Element):
            paragraph.insert_after(Element("br"))
        paragraph.unwrap()


def _fill(table: Element) -> bool:
    """Write empty cells beside a cell that spans columns, and copies below one that spans rows.

    Returns false if that would be too many.
    """
    due: dict[int, tuple[int, str]] = {}
    cells = 0
    for row in table.iter_elements("tr"):
        column = 0
        for cell in [child for child in row if isinstance(child, Element)]:
            for html in _due_at(due, column):
                cell.insert_before(_cell(html))
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            cells += wide * high
            if cells > MOST_CELLS:
                return False
            if high > 1:
                inner = cell.inner_html
                due |= {column + n: (high - 1, inner if not n else "") for n in range(wide)}
            for _ in range(wide - 1):
                cell.insert_after(Element("td"))
            column += wide
        for html in _due_at(due, column):
            row.append(_cell(html))
            column += 1
    return True


def _due_at(due: dict[int, tuple[int, str]], column: int) -> Iterator[str]:
    """Yield the contents that rows above put into the columns from here on, one row less each."""
    while column in due:
        left, html = due.pop(column)
        if left > 1:
            due[column] = (left - 1, html)
        yield html
        column += 1


def _cell(html: str) -> Element:
    cell = Element("td")
    for node in tuple(parse_body(html)) if html else ():
        cell.append(node)
    return cell


def _span(cell: Element, name: str) -> int:
    value = cell.attr(name) or ""
    span = int(value) if value.isdecimal() and value.isascii() and len(value) < 4 else 1
    if span > 1:
        del cell.attrs[name]
    return max(1, min(span, MOST_SPANNED))
