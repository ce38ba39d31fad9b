"""Raw pages as rows: saving, reading and deleting them, and the dictionaries that they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, RowMapping, delete, func, insert, select, update

from unabridged.archive.raw_pages.compression import (
    MAX_DEPTH,
    PAGES_IN_DICTIONARY,
    RENEWAL_SAMPLE,
    Usage,
    compress_page,
    decompress_page,
    is_outdated,
    join_headers,
    make_dictionary,
    page_hash,
    split_headers,
)
from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.codec import PAGE_LEVEL, compress, decompress
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.tables import dictionaries, revisions, snapshots
from unabridged.cleaning import clean_page
from unabridged.errors import ArchiveError
from unabridged.model import Page
from unabridged.urls import host

RECOMPRESS_BATCH = 100
"""Snapshots recompressed in one transaction, so that other writers wait at most a second."""

_ONE_IN = 16
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """Reference for compression. key: a dictionary's number or a snapshot's hash."""

    key: Any
    data: bytes
    depth: int = 0


# Saving


def save_snapshot(conn: Connection, page: Page, article_id: int | None = None) -> bytes:
    """Save a page's raw bytes and headers under the SHA-256 of the bytes; the same bytes are stored once.

    article_id: the article whose page it is; its previous version makes the best reference.
    """
    key = page_hash(page.body)
    if conn.execute(select(snapshots.c.hash).where(snapshots.c.hash == key)).first() is None:
        site = host(page.final_url)
        row = {
            "hash": key,
            "size": len(page.body),
            "url": storable(page.final_url),
            "status": page.status,
            "headers": "",
            "fetched": page.fetched,
            "site": storable(site),
        }
        base = None if article_id is None else _previous_page(conn, article_id)
        dictionary = _site_dictionary(conn, site, key, page.fetched)
        stored = _compressed_row(join_headers(clean_page(page).headers, page.body), base, dictionary)
        conn.execute(insert_or_skip(conn, snapshots), row | stored)
    return key


def _compressed_row(joined: bytes, base: _Reference | None, dictionary: _Reference | None) -> dict[str, Any]:
    compressed = compress_page(
        joined,
        base=None if base is None else base.data,
        dictionary=None if dictionary is None else dictionary.data,
    )
    previous = base if compressed.encoding == "base" else None
    shared = dictionary if compressed.encoding == "dictionary" else None
    return {
        "encoding": compressed.encoding,
        "body": compressed.body,
        "base": None if previous is None else previous.key,
        "depth": 0 if previous is None else previous.depth + 1,
        "dictionary_id": None if shared is None else shared.key,
    }


def _previous_page(conn: Connection, article_id: int) -> _Reference | None:
    """Return the article's latest raw page if its chain of references is short and can be read."""
    mine = revisions.c.article_id == article_id
    query = (
        select(snapshots.c.hash, snapshots.c.depth).join_from(revisions, snapshots).where(mine)
    ).order_by(revisions.c.number.desc())
    row = conn.execute(query.limit(1)).first()
    if row is None or row.depth >= MAX_DEPTH:
        return None
    return _readable_reference(conn, row.hash, row.depth)


def _readable_reference(conn: Connection, key: bytes, depth: int) -> _Reference | None:
    """Return a page as a reference; None for a damaged one, so that no other page depends on it."""
    try:
        return _Reference(key=key, data=joined_page(conn, key), depth=depth)
    except ArchiveError:
        return None


# Dictionaries


def _site_dictionary(conn: Connection, site: str, key: bytes, now: datetime) -> _Reference | None:
    """Return the dictionary for a site's next page; made with its third page, and when it is outdated."""
    if not site:
        return None
    row = _newest_dictionary(conn, site)
    if row is None:
        return _new_dictionary(conn, site, now)
    # The hash decides which pages check the age of the dictionary, so that a save need not count anything.
    if key[0] % _ONE_IN == 0 and is_outdated(_usage(conn, row.id, row.number)):
        return _new_dictionary(conn, site, now)
    try:
        return _Reference(key=row.id, data=decompress(row.body))
    except ArchiveError:
        return _new_dictionary(conn, site, now)


def _newest_dictionary(conn: Connection, site: str) -> Row[int, int, bytes] | None:
    live = (dictionaries.c.site == storable(site)) & dictionaries.c.retired.is_(False)
    query = select(dictionaries.c.id, dictionaries.c.number, dictionaries.c.body).where(live)
    return conn.execute(query.order_by(dictionaries.c.number.desc()).limit(1)).first()


def _usage(conn: Connection, dictionary: int, number: int) -> Usage:
    mine = snapshots.c.dictionary_id == dictionary
    sizes = select(snapshots.c.size, func.length(snapshots.c.body)).where(mine).limit(RENEWAL_SAMPLE)
    return Usage(
        number=number,
        pages=conn.execute(select(func.count()).select_from(snapshots).where(mine)).scalar_one(),
        first=[(size, stored) for size, stored in conn.execute(sizes.order_by(snapshots.c.fetched))],
        latest=[(size, stored) for size, stored in conn.execute(sizes.order_by(snapshots.c.fetched.desc()))],
    )


def _new_dictionary(conn: Connection, site: str, now: datetime) -> _Reference | None:
    """Make a dictionary of a site's latest pages; None if there are too few."""
    found = _latest_pages(conn, site)
    if len(found) < PAGES_IN_DICTIONARY:
        return None
    data = make_dictionary([page.data for page in found])
    mine = dictionaries.c.site == storable(site)
    newest = conn.execute(select(func.max(dictionaries.c.number)).where(mine)).scalar()
    row = {
        "site": storable(site),
        "number": (newest or 0) + 1,
        "body": compress(data, PAGE_LEVEL),
        "size": len(data),
        "hash": page_hash(data),
        "pages": b"".join(page.key for page in found),
        "made": now,
        "retired": False,
    }
    number = conn.execute(insert(dictionaries).returning(dictionaries.c.id), row).scalar_one()
    return _Reference(key=number, data=data)


def _latest_pages(conn: Connection, site: str) -> list[_Reference]:
    """Return the latest readable pages of a site, of different addresses; the newest last."""
    query = select(snapshots.c.hash, snapshots.c.url).where(snapshots.c.site == storable(site))
    addresses: set[str] = set()
    found: list[_Reference] = []
    for row in conn.execute(query.order_by(snapshots.c.fetched.desc()).limit(8 * PAGES_IN_DICTIONARY)):
        page = None if row.url in addresses else _readable_reference(conn, row.hash, 0)
        addresses.add(row.url)
        if page is not None:
            found.append(page)
        if len(found) == PAGES_IN_DICTIONARY:
            break
    return found[::-1]


def dictionary_data(conn: Connection, number: int) -> bytes:
    """Return the bytes of a dictionary, checked against its hash. Raises ArchiveError."""
    query = select(dictionaries.c.body, dictionaries.c.hash).where(dictionaries.c.id == number)
    row = conn.execute(query).first()
    if row is None:
        raise ArchiveError(f"dictionary {number}, with which it was compressed, is missing")
    data = decompress(row.body)
    if page_hash(data) != row.hash:
        raise ArchiveError(f"dictionary {number}, with which it was compressed, fails its hash")
    return data


# Reading


def snapshot_row(conn: Connection, key: bytes) -> RowMapping | None:
    return conn.execute(select(snapshots).where(snapshots.c.hash == key)).mappings().first()


def joined_page(conn: Connection, key: bytes) -> bytes:
    """Return headers and body of a snapshot, checked by its hash. Raises ArchiveError, naming the page."""
    chain = _chain(conn, key)
    joined = b""
    for row in reversed(chain):
        joined = _decompressed(conn, row, joined)
        if page_hash(split_headers(joined)[1]) != row["hash"]:
            raise _damaged(row["hash"], "its bytes fail the hash")
    return joined


def _chain(conn: Connection, key: bytes) -> list[RowMapping]:
    """Return a snapshot and the previous versions it depends on, down to one without a reference."""
    chain: list[RowMapping] = []
    wanted: bytes | None = key
    while wanted is not None:
        row = snapshot_row(conn, wanted)
        if row is None:
            raise _damaged(
                key, f"the previous version {wanted.hex()}, against which it was compressed, is missing"
            )
        chain.append(row)
        if len(chain) > MAX_DEPTH + 1:
            raise _damaged(key, "it depends on more previous versions than possible")
        wanted = row["base"] if row["encoding"] == "base" else None
    return chain


def _decompressed(conn: Connection, row: RowMapping, base: bytes) -> bytes:
    encoding = row["encoding"]
    try:
        if encoding == "zstd":
            return orjson.dumps(orjson.loads(row["headers"])) + b"\n" + decompress(row["body"])
        if encoding not in ("page", "dictionary", "base"):
            raise ArchiveError(f"it is stored as {encoding[:40]!r}, which this Unabridged does not know")
        reference = dictionary_data(conn, row["dictionary_id"]) if encoding == "dictionary" else base
        return decompress_page(row["body"], b"" if encoding == "page" else reference, size=row["size"])
    except (ArchiveError, orjson.JSONDecodeError) as exc:
        raise _damaged(row["hash"], str(exc).rstrip(".")) from exc


def _damaged(key: bytes, why: str) -> ArchiveError:
    return ArchiveError(
        f"The raw page {key.hex()} cannot be read: {why}. The article's text is stored separately and "
        "is not affected; `unabridged verify` lists the damage, a backup may have the page."
    )


# Deleting


def release_snapshots(conn: Connection, keys: Iterable[bytes]) -> int:
    """Delete the raw pages among `keys` that no version needs any more. Returns how many.

    Pages compressed against them are recompressed first. A dictionary that holds a deleted page is retired;
    call `recompress_some` afterwards, in separate transactions, while `needs_recompression`: this deletes it.
    """
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return 0
    needed = select(revisions.c.snapshot_hash).where(revisions.c.snapshot_hash.in_(wanted))
    needed_keys = set(conn.execute(needed).scalars())
    unneeded = [key for key in wanted if key not in needed_keys]
    sites = select(snapshots.c.site).where(snapshots.c.hash.in_(unneeded), snapshots.c.site.is_not(None))
    _retire(conn, list(conn.execute(sites.distinct()).scalars()), unneeded)
    dependent = select(snapshots.c.hash).where(
        snapshots.c.base.in_(unneeded), snapshots.c.hash.not_in(unneeded)
    )
    for key in list(conn.execute(dependent).scalars()):
        _recompress(conn, key, None)  # no dictionary: a new one could contain the pages to be deleted
    return conn.execute(delete(snapshots).where(snapshots.c.hash.in_(unneeded))).rowcount


def _retire(conn: Connection, sites: Sequence[str], deleted: Sequence[bytes]) -> None:
    query = select(dictionaries.c.id, dictionaries.c.pages).where(dictionaries.c.site.in_(sites))
    for row in conn.execute(query).all():
        if set(_hashes(row.pages)) & set(deleted):
            conn.execute(update(dictionaries).where(dictionaries.c.id == row.id).values(retired=True))


def _hashes(joined: bytes) -> list[bytes]:
    return [joined[at : at + _HASH_BYTES] for at in range(0, len(joined), _HASH_BYTES)]


def _recompress(conn: Connection, key: bytes, dictionary: _Reference | None) -> None:
    """Compress a page without its present reference: against another dictionary, or without one."""
    try:
        joined = joined_page(conn, key)
    except ArchiveError:
        # It cannot be read any more, and must not keep a reference that has to be deleted.
        conn.execute(update(snapshots).where(snapshots.c.hash == key).values(base=None, dictionary_id=None))
        return
    stored = _compressed_row(joined, None, dictionary)
    conn.execute(update(snapshots).where(snapshots.c.hash == key).values(headers="", **stored))


def needs_recompression(conn: Connection) -> bool:
    """Say whether there is work for `recompress_some`."""
    return conn.execute(select(dictionaries.c.id).where(dictionaries.c.retired).limit(1)).first() is not None


def recompress_some(conn: Connection) -> None:
    """Recompress some of the pages whose dictionary is retired; after the last one, delete it."""
    found = select(dictionaries.c.id, dictionaries.c.site, dictionaries.c.made)
    retired = conn.execute(found.where(dictionaries.c.retired).limit(1)).first()
    if retired is None:
        return
    dependent = (
        select(snapshots.c.hash).where(snapshots.c.dictionary_id == retired.id).limit(RECOMPRESS_BATCH)
    )
    keys = list(conn.execute(dependent).scalars())
    dictionary = _site_dictionary(conn, retired.site, b"\xff", retired.made) if keys else None
    for key in keys:
        _recompress(conn, key, dictionary)
    if len(keys) < RECOMPRESS_BATCH:
        conn.execute(delete(dictionaries).where(dictionaries.c.id == retired.id))
