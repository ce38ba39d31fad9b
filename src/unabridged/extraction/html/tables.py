"""Tables of data, and tables that only lay out a page."""

from unabridged.extraction.html.builders import HtmlPiece, to_item
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.write_scope import WriteChildren, WriteScope


def table(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    """Write a table of data; of a layout table only the content of its cells, in order."""
    if element.attr("role") in ("presentation", "none") or element.find("table") is not None:
        return write(element, scope, depth)
    rows = [_row(row, scope, depth + 1, write) for row in element.iter_elements("tr")]
    rows = [row for row in rows if row]
    if not rows or max(len(row) for row in rows) < 2:
        return write(element, scope, depth)
    caption = element.find("caption")
    title = to_item(write(caption, scope, depth)) if caption is not None else ""
    head = f"<caption>{title}</caption>" if title else ""
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return [HtmlPiece(f"<table>{head}<tbody>{body}</tbody></table>")]


def _row(row: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[str]:
    cells: list[str] = []
    words_in_row = False
    for cell in row:
        if isinstance(cell, Element) and cell.tag in ("td", "th"):
            inner = to_item(write(cell, scope, depth))
            words_in_row = words_in_row or bool(inner)
            cells.append(f"<{cell.tag}{_spans(cell)}>{inner}</{cell.tag}>")
    return cells if words_in_row else []


def _spans(cell: Element) -> str:
    extra = ""
    for name in ("colspan", "rowspan"):
        value = (cell.attr(name) or "").strip()
        if value.isdecimal() and len(value) < 4 and value.isascii() and int(value) > 1:
            extra += f' {name}="{int(value)}"'
    return extra
