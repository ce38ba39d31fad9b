"""Identity keys of feed entries and addresses: guid, else link, else text.

Pure. A guid or a link that several entries of one document share does not identify any of them. An
address identifies an article across feeds; the front page of a site identifies nothing.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.errors import InvalidURL
from unabridged.model import Article, Entry
from unabridged.urls import identity, registrable_domain

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKeys:
    """The keys of one entry, as hashes.

    own: identifies exactly this entry; guid: the guid alone, None if it is missing or shared by several
    entries; repeated: marks a guid that was once seen on several entries (None without guid);
    address: the article's address, None if it identifies nothing. shared: several items have the address,
    so its page is none of them.
    """

    own: bytes
    guid: bytes | None
    repeated: bytes | None
    address: bytes | None
    shared: bool = False

    def all(self) -> tuple[bytes, ...]:
        return tuple(key for key in (self.own, self.guid, self.repeated) if key is not None)


def digest(*parts: str) -> bytes:
    """Return a 16-byte hash of texts."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).digest()[:16]


BUCKETS = 256
"""Number of buckets into which feeds and pages are divided by site, as units of work for the workers."""


def bucket_of(url: str) -> int:
    """Return the bucket of a feed or page: all addresses of one registrable domain share it."""
    return digest("bucket", registrable_domain(url))[0] % BUCKETS


def address_of(url: str | None) -> str | None:
    """Return the normalized address of an article; None if there is none, or it is a site's front page."""
    if not url:
        return None
    try:
        key = identity(url)
    except InvalidURL:
        return None
    return key if "/" in key or "?" in key else None


def address_key(url: str | None) -> bytes | None:
    """Return the hash of an article's address; None if it identifies nothing."""
    key = address_of(url)
    return None if key is None else digest("address", key)


def entry_keys(entries: Sequence[tuple[Entry, Article]]) -> tuple[EntryKeys, ...]:
    """Return the keys of a document's entries, in its order."""
    addresses = _addresses(entries)
    distinct = {
        (entry.guid, address or _text_key(entry, article))
        for (entry, article), (address, _) in zip(entries, addresses, strict=True)
    }
    shared_guids = {guid for guid, count in Counter(guid for guid, _ in distinct).items() if count > 1}
    return tuple(
        _keys(entry, article, address, shared_guids, shared=shared)
        for (entry, article), (address, shared) in zip(entries, addresses, strict=True)
    )


def _addresses(entries: Sequence[tuple[Entry, Article]]) -> list[tuple[str | None, bool]]:
    """Return the address of each entry that identifies it, None for one that several items share; and True
    for these."""
    found = [address_of(entry.url or article.url) for entry, article in entries]
    linked: defaultdict[str, list[tuple[Entry, Article]]] = defaultdict(list)
    for pair, address in zip(entries, found, strict=True):
        if address is not None:
            linked[address].append(pair)
    shared = {address for address, pairs in linked.items() if len(pairs) > 1 and _are_several_items(pairs)}
    return [(None, True) if address in shared else (address, False) for address in found]


def _are_several_items(pairs: Sequence[tuple[Entry, Article]]) -> bool:
    """Say whether entries with one link are several items: their titles, or guid, date and text, differ."""
    if len({_normalized(entry.title) for entry, _ in pairs}) > 1:
        return True
    first, article = pairs[0]
    return any(
        is_other_item(entry, guid=first.guid, published=article.published)
        and _text_key(entry, other) != _text_key(first, article)
        for entry, other in pairs[1:]
    )


def is_other_item(entry: Entry, *, guid: str | None, published: datetime | None) -> bool:
    """Say whether guid and date of an entry differ from those of an item with the same link.

    If the text differs, too, it is another item: status pages and warnings link all items to one page. A
    changed guid alone says nothing, because some feeds make new ones at each poll.
    """
    at = entry.published.at if entry.published is not None else None
    return bool(entry.guid and guid and entry.guid != guid and at and published and at != published)


def another_item(keys: EntryKeys) -> EntryKeys:
    """Return the keys of an entry whose link belongs to another item."""
    return replace(keys, address=None, shared=True)


def _keys(
    entry: Entry, article: Article, address: str | None, shared_guids: set[str | None], *, shared: bool
) -> EntryKeys:
    essence = address or _text_key(entry, article)
    guid = (entry.guid or "").strip()
    if guid:
        return EntryKeys(
            own=digest("own", guid, essence),
            guid=None if entry.guid in shared_guids else digest("guid", guid),
            repeated=digest("repeated", guid),
            address=_hash(address),
            shared=shared,
        )
    own = digest("own", essence)
    return EntryKeys(own=own, guid=None, repeated=None, address=_hash(address), shared=shared)


def _hash(address: str | None) -> bytes | None:
    return None if address is None else digest("address", address)


def _text_key(entry: Entry, article: Article) -> str:
    return "\n" + _normalized(entry.title) + "\n" + _normalized(article.text or entry.summary_html)


def _normalized(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()
