"""JSON form of articles and entries: the same bytes for the same record.

The archive stores it, and files of every format are read back through it. Everything here is pure.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import orjson

from unabridged.cleaning import clean_article, clean_entry
from unabridged.errors import DamagedRecord
from unabridged.model import Article, Clock, Completeness, Enclosure, Entry, Link, Media

MAX_INTEGER = 2**63 - 1
"""Largest integer that is written; a feed may claim any size for its enclosures."""

_NUL = rb"\u0000"
_EMPTY_VALUES: tuple[Any, ...] = ((), {}, Completeness(kind="full"))
_STORED_NAMES = {"html": "body"}
"""Field -> its name in the archive, which stays: the hash of a version is that of its stored bytes."""

_FIELDS_READ = {stored: name for name, stored in _STORED_NAMES.items()}
_TEXT_START = b',"text":"'
_T = TypeVar("_T")


def encode(record: Article | Entry) -> bytes:
    """Encode a record as JSON: fields in the order of the record, defaults left out."""
    try:
        encoded = orjson.dumps(_plain(record, str))
    except orjson.JSONEncodeError:  # a lone surrogate
        return orjson.dumps(_plain(record, storable))
    # Almost no text needs repair, so checking the output is cheaper than checking every string.
    return encoded if _NUL not in encoded else orjson.dumps(_plain(record, storable))


def _plain(value: Any, repair: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return repair(value)
    if is_dataclass(value):
        return _plain_record(value, repair)
    if isinstance(value, int):
        return min(value, MAX_INTEGER)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part, repair) for part in value]
    if isinstance(value, Mapping):
        return {repair(str(key)): _plain(value[key], repair) for key in sorted(value)}
    return value


def _plain_record(record: Any, repair: Callable[[str], str]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    kind: Any = type(record)
    for name, default in _defaults(kind):
        found = getattr(record, name)
        if found is None or found is default:  # most fields
            continue
        if type(found) is str:
            if found != default:
                plain[_STORED_NAMES.get(name, name)] = repair(found)
        elif found != default and found not in _EMPTY_VALUES:
            plain[name] = _plain(_renamed(found, _STORED_NAMES), repair)
    return plain


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a mapping of fields (provenance) under other names; other values as they are."""
    if not isinstance(value, Mapping):
        return value
    return {names.get(str(key), key): value[key] for key in value}


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a record in their order, each with its default."""
    return tuple((item.name, item.default) for item in fields(kind))


def storable(text: str) -> str:
    """Return a text without NUL and lone surrogates, which databases and JSON cannot hold."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def decode_article(data: bytes) -> Article:
    """Undo `encode` for an article, cleaned by the current rules. Raises DamagedRecord."""
    return clean_article(article_from_mapping(_mapping(data)))


def text_of(data: bytes) -> str:
    """Return only the text of an encoded article, in half the time. Raises DamagedRecord.

    The text is cut out between delimiters that cannot occur inside a JSON string, where a quote is escaped.
    If nested records come first (the text may belong to one of them), or the cut-out text is not valid JSON,
    the whole record is decoded.
    """
    start = data.find(_TEXT_START)
    begin = start + len(_TEXT_START)
    end = data.find(b'","', begin)
    if 0 <= start < end and data.find(b"{", 1, start) < 0:
        with suppress(orjson.JSONDecodeError):
            return str(orjson.loads(data[begin - 1 : end + 1]))
    return str(_mapping(data).get("text", ""))


def decode_entry(data: bytes) -> Entry:
    """Undo `encode` for an entry, cleaned by the current rules. Raises DamagedRecord."""
    given = _mapping(data)
    try:
        entry = _make(
            Entry,
            given,
            published=_optional_clock(given.get("published")),
            modified=_optional_clock(given.get("modified")),
            enclosures=_make_all(Enclosure, given.get("enclosures")),
            extra=tuple((str(name), str(text)) for name, text in given.get("extra", ())),
        )
        return clean_entry(entry)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as exc:
        raise DamagedRecord(f"A stored entry cannot be read: {exc}.") from exc


def article_from_mapping(given: Mapping[str, Any]) -> Article:
    """Return the article of a decoded JSON object; unknown fields are ignored. Raises DamagedRecord.

    The clean HTML is `html`, or `body` where there is none: its name in the archive and in earlier versions.
    """
    given = given if "html" in given or "body" not in given else {**given, "html": given["body"]}
    completeness = given.get("completeness") or {"kind": "full"}
    try:
        return _make(
            Article,
            given,
            published=_optional_time(given.get("published")),
            modified=_optional_time(given.get("modified")),
            links=_make_all(Link, given.get("links")),
            media=_make_all(Media, given.get("media")),
            enclosures=_make_all(Enclosure, given.get("enclosures")),
            clocks=tuple(_clock(one) for one in given.get("clocks", ())),
            completeness=_make(Completeness, completeness),
            provenance=_renamed(dict(given.get("provenance", {})), _FIELDS_READ),
        )
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as exc:
        raise DamagedRecord(f"A stored article cannot be read: {exc}.") from exc


def _mapping(data: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        raise DamagedRecord(f"A stored record is not JSON ({exc}): the archive is damaged there.") from exc
    if not isinstance(given, dict):
        raise DamagedRecord("A stored record is not an object: the archive is damaged there.")
    return given


def _make(kind: type[_T], given: Mapping[str, Any], **ready: Any) -> _T:
    names = _field_names(kind)  # type: ignore[arg-type]
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items() if k in names}
    return kind(**{**plain, **ready})


@cache
def _field_names(kind: Any) -> frozenset[str]:
    return frozenset(item.name for item in fields(kind))


def _make_all(kind: type[_T], given: Any) -> tuple[_T, ...]:
    return tuple(_make(kind, one) for one in given or ())


def _clock(given: Mapping[str, Any]) -> Clock:
    return _make(Clock, given, at=datetime.fromisoformat(given["at"]))


def _optional_clock(given: Any) -> Clock | None:
    return None if given is None else _clock(given)


def _optional_time(given: Any) -> datetime | None:
    return None if given is None else datetime.fromisoformat(given)
