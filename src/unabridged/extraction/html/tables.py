"""Tables of data, and tables that only lay out a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from unabridged.extraction.html.builders import HtmlPiece, to_item
from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.extraction.html.write_scope import WriteChildren, WriteScope

LONGEST_CELL = 1_200
"""Characters of a cell above which a table without headers lays out a page; cells of data are shorter."""
_LAYOUT_PARTS = ("h1", "h2", "h3", "article", "nav", "form", "section")
_DATA_SIGNS = ("th", "caption", "thead", "colgroup")
_BOLD = frozenset(("b", "strong"))
_CELLS = ("td", "th")
_SCOPES = frozenset("row col rowgroup colgroup".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell as it is written. plain: it has neither spans nor content."""

    tag: str
    attributes: str
    html: str
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row as it is written. is_head: all its cells are headers."""

    cells: tuple[_Cell, ...]
    is_head: bool


def table(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    """Write a table of data; of a layout table only the content of its cells, in order."""
    if is_layout(element):
        return write(element, scope, depth)
    rows = [_row(row, scope, depth + 1, write) for row in _rows_of(element)]
    rows = _without_empty_columns([row for row in rows if row.cells])
    if not rows or max(len(row.cells) for row in rows) < 2:
        return write(element, scope, depth)
    caption = _caption(element, scope, depth, write)
    heads = 0
    while heads < len(rows) - 1 and rows[heads].is_head:
        heads += 1
    head = f"<thead>{''.join(map(_written, rows[:heads]))}</thead>" if heads else ""
    body = "".join(map(_written, rows[heads:]))
    return [HtmlPiece(f"<table>{caption}{head}<tbody>{body}</tbody></table>")]


def is_layout(element: Element) -> bool:
    """Say whether a table only lays out a page: it says so, or its cells hold whole parts of a page."""
    if element.attr("role") in ("presentation", "none"):
        return True
    inner = element.find("table")
    if inner is None and next(iter(element.iter_elements(_DATA_SIGNS)), None) is not None:
        return False
    if inner is not None:
        return not _has_header_row(element)
    if next(iter(element.iter_elements(_LAYOUT_PARTS)), None) is not None:
        return True
    rows = list(islice(_rows_of(element), 8))
    return len(rows) < 8 and any(len(cell.text) > LONGEST_CELL for row in rows for cell in _cells_of(row))


def _has_header_row(element: Element) -> bool:
    """Say whether the first row of a table that holds others is nothing but headers."""
    first = next(_rows_of(element), None)
    cells = list(_cells_of(first)) if first is not None else []
    return len(cells) > 1 and all(cell.tag == "th" for cell in cells)


def _rows_of(element: Element) -> Iterator[Element]:
    """Yield the rows of a table, not those of tables inside it. Linear, and no deeper than four levels."""
    waiting: list[tuple[Element, int]] = [(element, 0)]
    while waiting:
        current, level = waiting.pop()
        if current.tag == "tr":
            yield current
        elif level < 4 and (not level or current.tag not in ("table", "caption")):
            waiting += [(child, level + 1) for child in reversed(list(current)) if isinstance(child, Element)]


def _cells_of(row: Element) -> Iterator[Element]:
    return (cell for cell in row if isinstance(cell, Element) and cell.tag in _CELLS)


def _row(row: Element, scope: WriteScope, depth: int, write: WriteChildren) -> _Row:
    cells: list[_Cell] = []
    found = list(_cells_of(row))
    inner = [to_item(write(cell, scope, depth)) for cell in found]
    if not any(inner):
        return _Row(cells=(), is_head=False)
    in_head = isinstance(row.parent, Element) and row.parent.tag == "thead"
    is_head = in_head or _is_head(row, found, inner)
    for cell, html in zip(found, inner, strict=True):
        tag = "th" if is_head else cell.tag
        extra = _spans(cell)
        if tag == "th" and (cell.attr("scope") or "").lower() in _SCOPES:
            extra += f' scope="{(cell.attr("scope") or "").lower()}"'
        cells.append(_Cell(tag=tag, attributes=extra, html=html, plain=not html and not _spans(cell)))
    return _Row(cells=tuple(cells), is_head=is_head)


def _is_head(row: Element, cells: list[Element], inner: list[str]) -> bool:
    """Say whether all cells with content are headers, or bold in the first row."""
    if len(cells) < 2:
        return False
    said = [cell for cell, html in zip(cells, inner, strict=True) if html]
    if len(said) < 2:
        return False
    if all(cell.tag == "th" for cell in said):
        return True
    return _is_first(row) and all(_is_bold(cell) for cell in said)


def _is_first(row: Element) -> bool:
    return not any(isinstance(before, Element) for before in islice(row.previous_siblings, 4))


def _is_bold(cell: Element) -> bool:
    """Say whether all text of a cell is bold."""
    bold = sum(len(part.text) for part in cell if isinstance(part, Element) and part.tag in _BOLD)
    return cell.tag == "th" or (bold > 0 and bold == len("".join(_texts(cell)).strip()))


def _texts(cell: Element) -> Iterator[str]:
    for part in cell:
        if isinstance(part, (Text, Element)):
            yield part.data if type(part) is Text else part.text


def _without_empty_columns(rows: list[_Row]) -> list[_Row]:
    """Return rows of one length without columns that are empty in each of them."""
    width = len(rows[0].cells) if rows else 0
    if width < 3 or any(len(row.cells) != width for row in rows):
        return rows
    if any(cell.attributes and "span" in cell.attributes for row in rows for cell in row.cells):
        return rows
    full = [place for place in range(width) if not all(row.cells[place].plain for row in rows)]
    if len(full) == width:
        return rows
    return [replace(row, cells=tuple(row.cells[place] for place in full)) for row in rows]


def _written(row: _Row) -> str:
    return f"<tr>{''.join(f'<{c.tag}{c.attributes}>{c.html}</{c.tag}>' for c in row.cells)}</tr>"


def _caption(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> str:
    caption: Node | None = element.find("caption")
    if isinstance(caption, Element) and caption.closest("table") == element:
        title = to_item(write(caption, scope, depth))
        return f"<caption>{title}</caption>" if title else ""
    return ""


def with_table_caption(pieces: list[HtmlPiece], caption: str) -> list[HtmlPiece]:
    """Give the one table of a figure the figure's caption, which stands as a paragraph beside it."""
    tables = [place for place, piece in enumerate(pieces) if piece.html.startswith("<table>")]
    others = [piece for piece in pieces if not piece.html.startswith("<table>")]
    if not caption or len(tables) != 1 or any(piece.html != caption for piece in others):
        return pieces
    html = pieces[tables[0]].html
    if html.startswith("<table><caption>"):
        return pieces
    return [HtmlPiece(f"<table><caption>{caption}</caption>{html.removeprefix('<table>')}")]


def _spans(cell: Element) -> str:
    extra = ""
    for name in ("colspan", "rowspan"):
        value = (cell.attr(name) or "").strip()
        if value.isdecimal() and len(value) < 4 and value.isascii() and int(value) > 1:
            extra += f' {name}="{int(value)}"'
    return extra
