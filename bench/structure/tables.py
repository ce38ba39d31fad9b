"""Tables: {rows, columns, header, cells}."""

from lxml.html import HtmlElement

from bench.structure.texts import Structure, text_of

CELL = 20
"""Characters kept of a cell."""


def table_of(table: HtmlElement) -> Structure | None:
    """Return the fingerprint of a table; rows and columns without text do not count."""
    grid = _grid(table)
    rows = [row for row in grid if any(text for text, _ in row.values())]
    if not rows:
        return None
    columns = {column for row in rows for column, (text, _) in row.items() if text}
    texts = [row[column][0] for row in rows for column in sorted(row) if row[column][0]]
    header = all(is_head for text, is_head in rows[0].values() if text)
    cells = [text[:CELL] for text in texts[:3]]
    return {"rows": len(rows), "columns": len(columns), "header": header, "cells": cells}


def _grid(table: HtmlElement) -> list[dict[int, tuple[str, bool]]]:
    """Return the rows as column -> (text, whether it is a header cell); a span's text stands once."""
    grid: list[dict[int, tuple[str, bool]]] = []
    taken: dict[int, int] = {}  # column -> rows that a cell above still covers
    for tr in table.iter("tr"):
        if next(tr.iterancestors("table"), None) is not table:
            continue
        in_head = next(tr.iterancestors("thead"), None) is not None
        row: dict[int, tuple[str, bool]] = {}
        column, later = 0, {c: n - 1 for c, n in taken.items() if n > 1}
        for cell in tr:
            if cell.tag not in ("td", "th"):
                continue
            while taken.get(column, 0) > 0:
                column += 1
            row[column] = (text_of(cell), in_head or cell.tag == "th")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                later.update({column + n: height - 1 for n in range(width)})
            column += width
        taken = later
        grid.append(row)
    return grid


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), 100) if value.isascii() and value.isdigit() and int(value) else 1
