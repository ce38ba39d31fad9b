"""Callers of the sync APIs: who sent a request, and what it asks.

Apps prove who they are by an API token alone. Cookies, the names that proxies give and the openness of
loopback count nothing here, so pages of other sites may send requests too: they have no token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.library import Token
from unabridged.serve.context import AppContext, path_and_query
from unabridged.serve.sync.parameters import Parameters

READ_ONLY = "This token may only read. Make one with the scope write."
BAD_TOKEN = "Unauthorized: this token is missing, wrong, or was revoked. Log in again."


class BadToken(Exception):
    """A request without a valid token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of an app. token: of the app; parameters: of address and body; stream: rest of its path."""

    request: Request
    context: AppContext
    token: Token
    parameters: Parameters
    body: bytes = b""
    stream: str = ""

    @property
    def library(self) -> Library:
        return self.context.archive.library(self.token.user)

    @property
    def address(self) -> str:
        """The whole address that was asked for."""
        return self.context.address(self.request, path_and_query(self.request))

    @property
    def now(self) -> datetime:
        return self.context.clock()


def auth_token(name: str, secret: str) -> str:
    """Return the token of Google Reader's form: "name/secret", with one slash and without "="."""
    return f"{quote(name, safe='')}/{secret}"


def header_secret(header: str) -> str | None:
    """Return the secret in "GoogleLogin auth=name/secret"; None for another header."""
    scheme, _, rest = header.strip().partition(" ")
    name, _, value = rest.strip().partition("=")
    if scheme.lower() != "googlelogin" or name.strip().lower() != "auth":
        return None
    return _secret(value)


def _secret(value: str) -> str | None:
    """Return the secret of "name/secret". The name says nothing that the secret does not."""
    _, slash, secret = value.strip().strip("\"'").rpartition("/")
    return secret if slash and secret else None


UNSENT = ("", "x")
"""Values of T that say nothing: FeedMe sends none, Reeder sends x."""

Find = Callable[[str], Token | None]
"""Returns the token with a secret."""


def caller_of(header: str | None, action: str | None, find: Find) -> Token:
    """Return the token of a request by its header, or else by the field T of a form. Raises BadToken.

    header: Authorization. action: the field T, which is wrong unless it says nothing or belongs to the same
    person.
    """
    found = _found(header_secret(header or ""), find)
    if action is None or action.strip() in UNSENT:
        named = None
    else:
        named = _found(_secret(action), find)
        if named is None or (found is not None and named.user != found.user):
            raise BadToken
    token = found or (named if not header else None)
    if token is None:
        raise BadToken
    return token


def _found(secret: str | None, find: Find) -> Token | None:
    return None if secret is None else find(secret)


def bad_token_response() -> Response:
    """Return 401 with the headers by which apps know that they have to log in again."""
    headers = {"x-reader-google-bad-token": "true", "google-bad-token": "true", "cache-control": "no-store"}
    return PlainTextResponse(f"{BAD_TOKEN}\n", 401, headers)
