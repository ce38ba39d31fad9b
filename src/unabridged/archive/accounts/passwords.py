"""Passwords: argon2id hashes (RFC 9106), and the rule for new ones."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from unabridged.archive.records.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from unabridged.errors import InvalidValue

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the hash of a new password. Raises ArchiveError for a short or very long one."""
    clean = _normalized(password)
    if not SHORTEST_PASSWORD <= len(clean) <= LONGEST_PASSWORD:
        raise InvalidValue(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. "
            "Several words in a row are easy to remember and hard to guess."
        )
    return _HASHER.hash(clean)


def matches(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one. None, for an unknown person, takes as long and is False."""
    clean = _normalized(password[: LONGEST_PASSWORD + 1])
    try:
        return _HASHER.verify(stored or _dummy_hash(), clean) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made with other parameters than new ones are."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("the password of nobody")


def _normalized(password: str) -> str:
    """Return a password as every keyboard writes it, with U+FFFD for what is no character (RFC 8265)."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
