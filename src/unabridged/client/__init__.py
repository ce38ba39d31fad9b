"""Python client of /api/v1: a person's library on a running server, as typed records.

    with Client("https://news.example.org", token) as library:
        for line in library.articles.all(unread=True):
            print(line.title, library.articles.get(line.id, format="text").content[:200])

It needs the extra `client` (httpx). The records are those of `unabridged.api_records`.
"""

from importlib.util import find_spec

from unabridged.errors import extra_advice

if find_spec("httpx") is None:
    raise ModuleNotFoundError(f"unabridged.client needs httpx. {extra_advice('client')}")

from unabridged.client.client import Client
from unabridged.client.errors import (
    ApiError,
    ApiUnreachable,
    Forbidden,
    InvalidRequest,
    NoSuchThing,
    SiteFailed,
    TokenRefused,
    TooBusy,
)

__all__ = [
    "ApiError",
    "ApiUnreachable",
    "Client",
    "Forbidden",
    "InvalidRequest",
    "NoSuchThing",
    "SiteFailed",
    "TokenRefused",
    "TooBusy",
]
