"""Authentication: session cookies, API tokens, and reverse proxies that name the person.

Where no login is asked (on loopback), every request is the owner's, except those with a token.
"""

import asyncio
import base64
import binascii
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from unabridged import urls
from unabridged.api_records.base import is_api
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.accounts import SESSION_LIFE, User
from unabridged.archive.records.library import TOKEN_PREFIX
from unabridged.config import ServeSettings
from unabridged.errors import ConfigError, NotFound
from unabridged.serve.access import RouteKind, feed_format, is_for_admins, is_foreign, kind_of
from unabridged.serve.api.problems import problem_response
from unabridged.serve.context import path_and_query
from unabridged.serve.error_pages import error_response
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.security import is_among, is_loopback, is_secure, safe_next
from unabridged.serve.viewer import Viewer, open_viewer

SECURE_COOKIE, PLAIN_COOKIE = "__Host-unabridged", "unabridged-session"
"""Browsers accept the first name over https only, for one host, and send it to no other."""

NO_TOKEN = later("This token is wrong, or was revoked. `unabridged token list` shows those that are valid.")
READ_ONLY = later("This token may only read. Make one with the scope write.")
ADMINS_ONLY = later("Only administrators may do this.")
LOG_IN = later("Log in, or send a token: `unabridged token add NAME` makes one.")


def needs_login(settings: ServeSettings) -> bool:
    """Say whether people have to log in: always, or where others than this machine can reach the reader."""
    if settings.allow_open:
        return False
    return settings.login == "always" or not is_loopback(settings.address) or _is_published(settings)


def _is_published(settings: ServeSettings) -> bool:
    return settings.base_url is not None and not is_loopback(urls.host(urls.origin(settings.base_url)))


def check_bind(settings: ServeSettings) -> None:
    """Raise ConfigError where passwords would cross a network in plain text, without `allow_http`."""
    if is_loopback(settings.address) or settings.allow_open or settings.allow_http:
        return
    if settings.base_url is not None and settings.base_url.startswith("https://"):
        return
    raise ConfigError(
        f"Listening on {settings.address} would send passwords over the network in plain text. Put a proxy "
        "with https in front and set base_url to its https address, or, in a network that you trust, set "
        "allow_http = true under [serve] (UNABRIDGED_SERVE_ALLOW_HTTP=true). Over http there are no "
        "passkeys, and phones cannot install the reader."
    )


def cookie_name(scope: Scope, settings: ServeSettings) -> str:
    return SECURE_COOKIE if is_secure(scope, settings.base_url) else PLAIN_COOKIE


def set_session_cookie(response: Response, request: Request, settings: ServeSettings, secret: str) -> None:
    """Send a session's secret to the browser; "" takes it back."""
    response.set_cookie(
        cookie_name(request.scope, settings),
        secret,
        max_age=int(SESSION_LIFE.total_seconds()) if secret else 0,
        path="/",
        secure=is_secure(request.scope, settings.base_url),
        httponly=True,
        samesite="lax",
    )


def check_proxies(settings: ServeSettings) -> None:
    """Raise ConfigError for an address of a proxy that is none, or a header without such addresses."""
    for one in settings.proxies:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise ConfigError(f"[serve] proxies: {one!r} is no address or network (10.0.0.0/8).") from None
    if settings.auth_header and not settings.proxies:
        raise ConfigError(
            "[serve] auth_header needs proxies: the addresses of the reverse proxies that may name a person. "
            "Without them anybody could."
        )


class Refused(Exception):
    """A request that is not let in. status: 401 or 403."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """Finds out who sent a request. Synchronous: it reads the archive."""

    archive: Archive
    settings: ServeSettings
    clock: Callable[[], datetime]

    def viewer(self, scope: Scope) -> Viewer | None:
        """Return the viewer; None for somebody who is not logged in. Raises Refused for a wrong token."""
        headers = Headers(scope=scope)
        if is_api(scope["path"]):
            secret = bearer_token(headers)
            return None if secret is None else self._by_token(secret)
        secret = token_of(scope, headers)
        if secret is not None:
            return self._by_token(secret)
        named = self._by_proxy(scope, headers)
        if named is not None:
            return Viewer(user=named, way="proxy")
        if not needs_login(self.settings):
            return open_viewer()
        return self._by_session(Request(scope))

    def _by_token(self, secret: str) -> Viewer:
        token = self.archive.accounts.apps.by_token(secret, now=self.clock())
        if token is None:
            raise Refused(401, NO_TOKEN)
        user = self.archive.accounts.get(token.user)
        return Viewer(user=user, way="token", scope=token.scope)

    def _by_proxy(self, scope: Scope, headers: Headers) -> User | None:
        name = headers.get(self.settings.auth_header or "", "").strip()
        client = scope.get("client")
        if not name or not is_among(str(client[0]) if client else "", self.settings.proxies):
            return None
        try:
            return self.archive.accounts.find(name)
        except NotFound:
            if not self.settings.auth_create:
                raise Refused(
                    403,
                    gettext("There is no account {name}. An administrator adds it.").format(name=name[:60]),
                ) from None
            return self.archive.accounts.add(name, now=self.clock())

    def _by_session(self, request: Request) -> Viewer | None:
        secret = request.cookies.get(cookie_name(request.scope, self.settings))
        session = self.archive.accounts.session(secret, now=self.clock()) if secret else None
        if session is None:
            return None
        return Viewer(user=session.user, way="session", session=session.id, since=session.created)


def token_of(scope: Scope, headers: Headers) -> str | None:
    """Return the API token that a program sent: Bearer, X-Auth-Token, the password of HTTP's own login, or
    ?token= in the address of a feed; None if there is none."""
    if (bearer := bearer_token(headers)) is not None:
        return bearer
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        password = _basic_password(value)
        return password if password.startswith(TOKEN_PREFIX) else None  # else it is a proxy's own login
    if (given := headers.get("x-auth-token")) is not None:
        return given
    is_feed = scope["path"] in _OTHER_DOCUMENTS or feed_format(scope["method"], scope["path"]) is not None
    return Request(scope).query_params.get("token") if is_feed and scope["method"] == "GET" else None


def bearer_token(headers: Headers) -> str | None:
    """Return the token in `Authorization: Bearer`; None if there is none."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
    except binascii.Error:
        return ""


_OTHER_DOCUMENTS = ("/feed", "/sources.opml")
"""Addresses without the name of a feed format that may hold a token: few reader apps know another way."""


OPEN_TO_ALL = (RouteKind.PUBLIC, RouteKind.STATIC, RouteKind.SIGNED, RouteKind.ENTRY, RouteKind.KEYED)
"""Kinds of requests that need no login; those of the kind KEYED, a key."""

WITHOUT_VIEWER = (RouteKind.STATIC, RouteKind.SIGNED, RouteKind.SYNC, RouteKind.SYNC_FETCH, RouteKind.HUB)
"""Kinds of requests for which no session counts: answers that are the same for everybody, and those of apps
and subscribers, which have a token of their own."""


class AuthenticationGuard:
    """ASGI middleware: finds the viewer of each request, and sends those who are nobody to the login."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        without = scope["type"] != "http" or kind_of(scope["method"], scope["path"]) in WITHOUT_VIEWER
        if without or is_foreign(scope):
            await self._app(scope, receive, send)
            return
        try:
            viewer = await asyncio.to_thread(self._authenticator.viewer, scope)
            check_permission(viewer, scope["method"], scope["path"])
        except Refused as refused:
            await _refusal(Request(scope), refused)(scope, receive, send)
            return
        scope.setdefault("state", {})["viewer"] = viewer
        await self._app(scope, receive, send)


def check_permission(viewer: Viewer | None, method: str, path: str) -> None:
    """Raise Refused unless a viewer may send such a request."""
    kind = kind_of(method, path)
    if viewer is None:
        if kind not in OPEN_TO_ALL:
            raise Refused(401, LOG_IN)
        return
    if viewer.way == "token" and viewer.scope == "read" and kind is RouteKind.WRITE:
        raise Refused(403, READ_ONLY)
    if is_for_admins(method, path) and not viewer.is_admin:
        raise Refused(403, ADMINS_ONLY)


def _refusal(request: Request, refused: Refused) -> Response:
    """Send a browser to the login; tell a program how to log in."""
    if is_api(request.scope["path"]):
        return _api_refusal(refused)
    is_page = "text/html" in request.headers.get("accept", "")
    if refused.status == 403:
        return error_response(request, 403, gettext(refused.text))
    if is_page and request.method == "GET" and refused.text == LOG_IN:
        wanted = safe_next(path_and_query(request))
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    text = gettext(refused.text)
    answer = error_response(request, 401, text) if is_page else PlainTextResponse(f"{text}\n", 401)
    answer.headers["cache-control"] = "no-store"
    if "sec-fetch-mode" not in request.headers:  # in a browser a window would open
        answer.headers["www-authenticate"] = 'Basic realm="Unabridged", charset="UTF-8"'
    return answer


SEND_TOKEN = "Send a token as Authorization: Bearer. `unabridged token add NAME` makes one."


def _api_refusal(refused: Refused) -> Response:
    """Return a refusal with its challenge (RFC 6750)."""
    reasons = {LOG_IN: "", NO_TOKEN: ', error="invalid_token"', READ_ONLY: ', error="insufficient_scope"'}
    challenge = f'Bearer realm="Unabridged"{reasons.get(refused.text, "")}'
    text = SEND_TOKEN if refused.text == LOG_IN else refused.text
    return problem_response(refused.status, text, headers={"www-authenticate": challenge})
