"""Identity keys of feed entries and addresses: guid, else link, else text.

Pure. A guid or a link that several entries of one document share does not identify any of them. An
address identifies an article across feeds; the front page of a site identifies nothing.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from unabridged.errors import InvalidURL
from unabridged.model import Article, Entry
from unabridged.urls import identity, registrable_domain

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKeys:
    """The keys of one entry, as hashes.

    own: identifies exactly this entry; guid: the guid alone, None if it is missing or shared by several
    entries; repeated: marks a guid that was once seen on several entries (None without guid);
    address: the article's address, None if it identifies nothing.
    """

    own: bytes
    guid: bytes | None
    repeated: bytes | None
    address: bytes | None

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
    addresses = _identifying_addresses(entries)
    distinct = {
        (entry.guid, address or _text_key(entry, article))
        for (entry, article), address in zip(entries, addresses, strict=True)
    }
    shared = {guid for guid, count in Counter(guid for guid, _ in distinct).items() if count > 1}
    return tuple(
        _keys(entry, article, address, shared)
        for (entry, article), address in zip(entries, addresses, strict=True)
    )


def _identifying_addresses(entries: Sequence[tuple[Entry, Article]]) -> list[str | None]:
    """Return addresses of entries; None for one that several entries with different titles link to."""
    found = [address_of(entry.url or article.url) for entry, article in entries]
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for (entry, _), address in zip(entries, found, strict=True):
        if address is not None:
            titles[address].add(_normalized(entry.title))
    return [None if address is not None and len(titles[address]) > 1 else address for address in found]


def _keys(entry: Entry, article: Article, address: str | None, shared: set[str | None]) -> EntryKeys:
    essence = address or _text_key(entry, article)
    guid = (entry.guid or "").strip()
    if guid:
        return EntryKeys(
            own=digest("own", guid, essence),
            guid=None if entry.guid in shared else digest("guid", guid),
            repeated=digest("repeated", guid),
            address=_hash(address),
        )
    return EntryKeys(own=digest("own", essence), guid=None, repeated=None, address=_hash(address))


def _hash(address: str | None) -> bytes | None:
    return None if address is None else digest("address", address)


def _text_key(entry: Entry, article: Article) -> str:
    return "\n" + _normalized(entry.title) + "\n" + _normalized(article.text or entry.summary_html)


def _normalized(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()
