"""Links in CSV tables: Pocket, Instapaper, Readwise, Raindrop and any other with a column of addresses."""

import csv
import io
from collections.abc import Iterator

from unabridged.errors import DocumentError
from unabridged.formats.links.saved_link import SavedLink, has_address_field, link_of

MAX_FIELD = 10_000_000


def is_table(head: str) -> bool:
    """Tell by its first line if a file is a table with a column of addresses."""
    columns = _columns(head)
    return len(columns) > 1 and has_address_field(columns)


def _columns(text: str) -> list[str]:
    first = text.lstrip("\ufeff").partition("\n")[0]
    return next(iter(csv.reader([first], delimiter=_delimiter(first))), [])


def _delimiter(line: str) -> str:
    return max((",", ";", "\t"), key=line.count)


def read_table(text: str, name: str) -> Iterator[tuple[str, SavedLink] | DocumentError]:
    """Yield the place and the link of each row; an error for a row without an address."""
    text = text.lstrip("\ufeff")
    columns = _columns(text)
    if not has_address_field(columns):
        yield DocumentError(
            f"{name}: this table has no column with addresses (url), only {', '.join(columns)[:200]}."
        )
        return
    csv.field_size_limit(MAX_FIELD)
    rows = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text.partition("\n")[0]))
    try:
        for row in rows:
            where = f"{name}:{rows.line_num}"
            if not any(value for key, value in row.items() if key):
                continue
            link = link_of({key: value for key, value in row.items() if key})
            yield (where, link) if link else DocumentError(f"{where}: this row has no address.")
    except csv.Error as exc:
        yield DocumentError(f"{name}:{rows.line_num}: this row cannot be read: {exc}.")
