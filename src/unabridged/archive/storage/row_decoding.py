"""Conversion of rows to records: rows that cannot be read are logged and skipped."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import orjson
from sqlalchemy import RowMapping

from unabridged.archive.records.encoding import decode_article, decode_entry
from unabridged.archive.storage.codec import decompress
from unabridged.cleaning import sane_instant
from unabridged.errors import DamagedRecord
from unabridged.model import Article, Entry

log = logging.getLogger("unabridged.archive")

_T = TypeVar("_T")


def readable(
    rows: Iterable[RowMapping],
    convert: Callable[[RowMapping], _T],
    named: Callable[[RowMapping], str] = lambda row: f"article {row['id']}",
    passed: Callable[[str], None] = lambda why: log.warning("%s", why),
) -> Iterator[_T]:
    """Yield the records of rows, in order, skipping those that cannot be read.

    named: describes a row. passed: called with a message for each skipped row; by default it is logged.
    """
    for row in rows:
        try:
            yield converted(row, convert, named)
        except DamagedRecord as exc:
            passed(str(exc))


def converted(
    row: RowMapping,
    convert: Callable[[RowMapping], _T],
    named: Callable[[RowMapping], str] = lambda row: f"article {row['id']}",
) -> _T:
    """Return the record of a row. Raises DamagedRecord, which names the row, if it cannot be read."""
    try:
        return convert(row)
    except (DamagedRecord, ValueError, TypeError, KeyError, AttributeError, OverflowError) as exc:
        raise DamagedRecord(
            f"{named(row)} cannot be read and is skipped: {str(exc).rstrip('.')}. "
            "`unabridged verify` lists what is damaged."
        ) from exc


def article_of(record: bytes, name: str) -> Article | None:
    """Return a stored article; None, with a log message, if it cannot be read."""
    return _decoded(decode_article, record, name)


def entry_of(record: bytes | None, name: str) -> Entry | None:
    """Return a stored entry; None if there is none, or (with a log message) it cannot be read."""
    return None if record is None else _decoded(decode_entry, record, name)


def _decoded(decode: Callable[[bytes], _T], record: bytes, name: str) -> _T | None:
    try:
        return decode(decompress(record))
    except DamagedRecord as exc:
        log.warning("%s cannot be read and is skipped: %s", name, exc)
        return None


def listed(text: str | None) -> tuple[str, ...]:
    """Return the strings of a column that holds a JSON list; () for anything else."""
    try:
        found = orjson.loads(text or "[]")
    except orjson.JSONDecodeError:
        return ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def instant(text: str | None) -> datetime | None:
    """Return the time of a column that holds it in ISO 8601; None for an invalid one."""
    try:
        return None if text is None else sane_instant(datetime.fromisoformat(text))
    except ValueError:
        return None
