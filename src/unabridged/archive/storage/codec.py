"""Articles and entries as bytes: JSON inside zstd, the same bytes for the same record."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import orjson
import zstandard

from unabridged.cleaning import clean_article, clean_entry
from unabridged.errors import DamagedRecord
from unabridged.model import Article, Clock, Completeness, Enclosure, Entry, Link, Media

TEXT_LEVEL = 2
"""zstd level of texts. On 3,000 articles of shuffled true texts 2 % larger than level 3 in three fifths of
the time, and 5 % larger than level 6 in a fifth: texts are a small part of an archive beside raw pages, and
packing them a large one of saving them."""

PAGE_LEVEL = 6
"""zstd level of raw pages and their dictionaries: on 40 whole news pages 8 % smaller than level 3."""

MAX_BYTES = 256_000_000
"""A stored body larger than this is damage, not data."""

MAX_INTEGER = 2**63 - 1
"""JSON as written here holds no larger number; a feed may claim any size for its enclosures."""

_NUL = rb"\u0000"
_NOTHING: tuple[Any, ...] = ((), {}, Completeness(kind="full"))
_TEXT = b',"text":"'
_T = TypeVar("_T")
_local = threading.local()


def compress(data: bytes, level: int = TEXT_LEVEL) -> bytes:
    """zstd, with a checksum. Contexts are kept per thread: making one costs more than a small text."""
    contexts, name = _local.__dict__, f"level {level}"
    if name not in contexts:
        contexts[name] = zstandard.ZstdCompressor(level=level, write_checksum=True)
    packed: bytes = contexts[name].compress(data)
    return packed


def decompress(data: bytes) -> bytes:
    """Undo `compress`. Raises DamagedRecord for damaged bytes."""
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    try:
        if zstandard.frame_content_size(data) > MAX_BYTES:
            raise DamagedRecord("A stored text claims an impossible size: the archive is damaged there.")
        plain: bytes = _local.decompressor.decompress(data, max_output_size=MAX_BYTES)
    except zstandard.ZstdError as exc:
        raise DamagedRecord(
            f"A stored text cannot be unpacked ({exc}): the archive is damaged there."
        ) from exc
    return plain


def encode(record: Article | Entry) -> bytes:
    """A record as JSON: fields in the order of the record, defaults left out."""
    try:
        encoded = orjson.dumps(_slim(record, str))
    except orjson.JSONEncodeError:  # a lone surrogate
        return orjson.dumps(_slim(record, storable))
    # Nearly no text has anything to be mended: to look for it in what is written is the cheaper way.
    return encoded if _NUL not in encoded else orjson.dumps(_slim(record, storable))


def content_hash(encoded: bytes) -> bytes:
    """The permanent fingerprint of a version: SHA-256 of its encoded record."""
    return hashlib.sha256(encoded).digest()


def _slim(value: Any, mended: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mended(value)
    if is_dataclass(value):
        return _slim_record(value, mended)
    if isinstance(value, int):
        return min(value, MAX_INTEGER)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_slim(part, mended) for part in value]
    if isinstance(value, Mapping):
        return {mended(str(key)): _slim(value[key], mended) for key in sorted(value)}
    return value


def _slim_record(record: Any, mended: Callable[[str], str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    kind: Any = type(record)
    for name, usual in _defaults(kind):
        found = getattr(record, name)
        if found is None or found is usual:  # most fields
            continue
        if type(found) is str:
            if found != usual:
                kept[name] = mended(found)
        elif found != usual and found not in _NOTHING:
            kept[name] = _slim(found, mended)
    return kept


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """A record's fields in their order, each with its default."""
    return tuple((item.name, item.default) for item in fields(kind))


def storable(text: str) -> str:
    """Text without what no database and no JSON holds: NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def decode_article(data: bytes) -> Article:
    """Undo `encode` for an article, cleaned by the rules of today. Raises DamagedRecord."""
    return clean_article(article_from_mapping(_mapping(data)))


def text_of(data: bytes) -> str:
    """The text alone of an encoded article: half the time. Raises DamagedRecord.

    It is cut out between marks of which every quote would have a backslash before it within a string. Where
    other records may come first (so that the text may be one of theirs), or the text itself ends with a
    quote and a comma, all is read.
    """
    start = data.find(_TEXT)
    begin = start + len(_TEXT)
    end = data.find(b'","', begin)
    if 0 <= start < end and data.find(b"{", 1, start) < 0:
        with suppress(orjson.JSONDecodeError):
            return str(orjson.loads(data[begin - 1 : end + 1]))
    return str(_mapping(data).get("text", ""))


def decode_entry(data: bytes) -> Entry:
    """Undo `encode` for an entry, cleaned by the rules of today. Raises DamagedRecord."""
    given = _mapping(data)
    try:
        made = _made(
            Entry,
            given,
            published=_optional_clock(given.get("published")),
            modified=_optional_clock(given.get("modified")),
            enclosures=_many(Enclosure, given.get("enclosures")),
            extra=tuple((str(name), str(text)) for name, text in given.get("extra", ())),
        )
        return clean_entry(made)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as exc:
        raise DamagedRecord(f"A stored entry cannot be read: {exc}.") from exc


def article_from_mapping(given: Mapping[str, Any]) -> Article:
    """An article from decoded JSON; unknown fields are passed over. Raises DamagedRecord."""
    completeness = given.get("completeness") or {"kind": "full"}
    try:
        return _made(
            Article,
            given,
            published=_optional_time(given.get("published")),
            modified=_optional_time(given.get("modified")),
            links=_many(Link, given.get("links")),
            media=_many(Media, given.get("media")),
            enclosures=_many(Enclosure, given.get("enclosures")),
            clocks=tuple(_clock(one) for one in given.get("clocks", ())),
            completeness=_made(Completeness, completeness),
            provenance=dict(given.get("provenance", {})),
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


def _made(kind: type[_T], given: Mapping[str, Any], **ready: Any) -> _T:
    names = _names(kind)  # type: ignore[arg-type]
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items() if k in names}
    return kind(**{**plain, **ready})


@cache
def _names(kind: Any) -> frozenset[str]:
    return frozenset(item.name for item in fields(kind))


def _many(kind: type[_T], given: Any) -> tuple[_T, ...]:
    return tuple(_made(kind, one) for one in given or ())


def _clock(given: Mapping[str, Any]) -> Clock:
    return _made(Clock, given, at=datetime.fromisoformat(given["at"]))


def _optional_clock(given: Any) -> Clock | None:
    return None if given is None else _clock(given)


def _optional_time(given: Any) -> datetime | None:
    return None if given is None else datetime.fromisoformat(given)
