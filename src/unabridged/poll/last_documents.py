"""Last documents of feeds: other bytes with the same entries need no reading and no saving."""

import hashlib
from dataclasses import replace

from unabridged.archive.records.core import Validators
from unabridged.model import Feed


class LastDocuments:
    """Hashes of the documents that were saved last, 16 bytes a feed, in memory.

    After a start every document is saved once more, which changes nothing. A hash counts only while the
    archive holds the same document: another process may have saved a later one.
    """

    def __init__(self) -> None:
        self._hashes: dict[int, bytes] = {}

    def has(self, feed_id: int, stored: Validators, parsed: Feed) -> bool:
        """Say whether a document says what the saved one said. stored: validators of the saved one."""
        known = self._hashes.get(feed_id)
        return known is not None and known == _hash(stored, parsed)

    def add(self, feed_id: int, stored: Validators, parsed: Feed) -> None:
        """Note a document that was saved, with its validators."""
        self._hashes[feed_id] = _hash(stored, parsed)


def _hash(stored: Validators, parsed: Feed) -> bytes:
    """Return a hash of all that a document says, but for the time when it was built."""
    said = replace(parsed, updated=None, extra=(), notes=())
    text = f"{stored.body_sha256}\n{said!r}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
