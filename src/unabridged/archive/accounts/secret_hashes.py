"""Secrets of sessions, tokens and links, and the hashes under which they are stored."""

import hashlib
import secrets

SECRET_BYTES = 32
"""256 random bits cannot be guessed, so a fast hash is safe."""


def new_secret() -> str:
    """Return a new secret that can stand in a cookie or an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
