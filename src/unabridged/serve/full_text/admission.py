"""Admission to the full-text services: people, keys of the settings, tokens, and a rate for everybody.

A request of another site's page counts by its key or the open rate only (`access.CrossSiteGuard` marks it).
"""

import asyncio
import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fastapi import Request

from unabridged.archive.records.library import TOKEN_PREFIX
from unabridged.config import FullTextSettings
from unabridged.serve.access import is_foreign
from unabridged.serve.context import AppContext
from unabridged.serve.full_text.open_rate import OpenRate

KEY_NEEDED = "A valid key must be supplied"
KEY_WRONG = "The entered key is invalid"
"""Texts of Full-Text RSS, which clients may look for."""


class NotAdmitted(Exception):
    """A request that is not answered. retry_after: seconds until one may be, for the status 429."""

    def __init__(self, status: int, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenKey:
    """The key that a request carries. url: as the client wrote it, of which `hash` is made.

    key: a secret, a token, or the name or number of a key if there is a hash.
    """

    url: str
    key: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The sender of an admitted request. user: a person's number; None without one.

    name, hash: what may stand in an address in place of a key that was sent as a secret: its number, a hash.
    """

    way: Literal["person", "key", "open"]
    user: int | None = None
    name: str = ""
    hash: str = ""

    @property
    def is_public(self) -> bool:
        """Say whether answers may go to any page and cache: no cookie and no login has counted."""
        return self.way != "person"


def key_hash(secret: str, url: str) -> str:
    """Return the hash that lets a key read one address only: sha1(secret + url), in hex."""
    return hashlib.sha1((secret + url).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def find_key(keys: Sequence[tuple[str, str]], given: GivenKey, urls: Sequence[str]) -> Caller | None:
    """Return the caller whose key was given, None for a wrong one. Pure.

    urls: the address in the spellings of which a client may have made the hash.
    """
    for number, (name, secret) in enumerate(keys, 1):
        if given.hash:
            named = given.key in (name, str(number))
            hashes = [key_hash(secret, url) for url in urls]
            if named and any(_equal(one, given.hash.lower()) for one in hashes):
                return Caller(way="key", name=name)
        elif _equal(secret, given.key):
            return Caller(way="key", name=str(number), hash=key_hash(secret, urls[0]))
    return None


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))


def open_rate_of(settings: FullTextSettings) -> OpenRate | None:
    """Return the counter of requests without a key, None where they are not answered."""
    return None if settings.rate is None else OpenRate(*settings.rate)


async def admit(
    request: Request, context: AppContext, given: GivenKey, urls: Sequence[str], rate: OpenRate | None
) -> Caller:
    """Return the sender of a request. Raises NotAdmitted.

    urls: as in `find_key`. A wrong key is refused even where a person or the open rate would do.
    """
    if key := key_of(request, given):
        return await _by_key(context, replace(given, key=key), urls)
    if context.viewer is not None:
        return Caller(way="person", user=context.viewer.user.id)
    if rate is not None:
        wait = rate.take(context.client_address(request), context.clock().timestamp())
        if not wait:
            return Caller(way="open")
        text = f"Too many requests without a key; try again in {math.ceil(wait)} seconds"
        raise NotAdmitted(429, text, math.ceil(wait))
    if is_foreign(request.scope):
        raise NotAdmitted(403, f"{KEY_NEEDED}: the request came from another site")
    raise NotAdmitted(401, KEY_NEEDED)


def key_of(request: Request, given: GivenKey) -> str:
    """Return the key in the address or the header of a request; "" without one."""
    return given.key or request.headers.get("x-api-key", "")


async def has_key(request: Request, context: AppContext, given: GivenKey, urls: Sequence[str]) -> bool:
    """Say whether a request carries a valid key. urls: as in `find_key`."""
    try:
        await _by_key(context, replace(given, key=key_of(request, given)), urls)
    except NotAdmitted:
        return False
    return True


async def _by_key(context: AppContext, given: GivenKey, urls: Sequence[str]) -> Caller:
    if given.key.startswith(TOKEN_PREFIX):
        apps = context.archive.accounts.apps
        token = await asyncio.to_thread(apps.by_token, given.key, now=context.clock())
        if token is not None:
            return Caller(way="key", user=token.user, name=token.name)
    found = find_key(context.settings.full_text.secrets, given, urls)
    if found is None:
        raise NotAdmitted(403, KEY_WRONG)
    return found
