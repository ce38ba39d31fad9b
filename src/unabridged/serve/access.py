"""Access control for requests sent by other sites' pages: each route has a kind, each kind a check.

A page of another site can make the browser send requests to this program: as a frame, image, script, form or
navigation. On loopback and over https the browser describes such a request in its Sec-Fetch-* headers
(https://www.w3.org/TR/fetch-metadata/). Feed reader apps send none of these headers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from re import Pattern

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from unabridged.api_records.base import is_api
from unabridged.serve.error_pages import foreign_response
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.feed_documents import split_format
from unabridged.serve.security import FOREIGN, OTHER_NAME, ForeignRequest, OwnOrigins, check_same_origin


class RouteKind(Enum):
    """Kind of a route: the effect or cost of a request."""

    ENTRY = "logs somebody in: from one of our pages only"
    PUBLIC = "answers everybody: no archive content, or protected by its own secret"
    STATIC = "answers everybody alike with a file of the program"
    SIGNED = "fetches from another site an address that we signed: answers whoever has it"
    READ = "reads the archive"
    EXPENSIVE = "reads much of the archive, or takes long to compute"
    FETCH = "fetches from other sites"
    KEYED = "fetches from other sites for programs: answers people, keys and a configured rate; saves nothing"
    WRITE = "changes the archive"
    HUB = "takes requests of programs that prove by an address what they may read, and of no page elsewhere"
    SYNC = "answers apps that prove by a token of their own who they are; no cookie counts"
    SYNC_FETCH = "answers apps as SYNC does, once another site has answered"


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """HTTP method, path pattern (in router syntax) and kind of a route. admin: for administrators only."""

    method: str
    path: str
    kind: RouteKind
    admin: bool = False
    pattern: Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the path as the router does."""
        object.__setattr__(self, "pattern", compile_path(self.path)[0])


ROUTE_ACCESS = (
    # the first match counts
    RouteAccess("GET", "/", RouteKind.READ),
    RouteAccess("GET", "/healthz", RouteKind.PUBLIC),
    RouteAccess("GET", "/metrics", RouteKind.READ, admin=True),
    RouteAccess("GET", "/login", RouteKind.PUBLIC),
    RouteAccess("POST", "/login", RouteKind.ENTRY),
    RouteAccess("POST", "/login/passkey/options", RouteKind.ENTRY),
    RouteAccess("POST", "/login/passkey", RouteKind.ENTRY),
    RouteAccess("POST", "/login/provider", RouteKind.ENTRY),
    RouteAccess("GET", "/login/provider/callback", RouteKind.PUBLIC),
    RouteAccess("POST", "/logout", RouteKind.WRITE),
    RouteAccess("GET", "/invitation/{secret}", RouteKind.PUBLIC),
    RouteAccess("POST", "/invitation/{secret}", RouteKind.ENTRY),
    RouteAccess("POST", "/invitation/{secret}/passkey/options", RouteKind.ENTRY),
    RouteAccess("POST", "/invitation/{secret}/passkey", RouteKind.ENTRY),
    RouteAccess("POST", "/invitation/{secret}/provider", RouteKind.ENTRY),
    RouteAccess("GET", "/account", RouteKind.READ),
    RouteAccess("POST", "/account/password", RouteKind.WRITE),
    RouteAccess("POST", "/account/devices/{session}/end", RouteKind.WRITE),
    RouteAccess("POST", "/account/devices/end-others", RouteKind.WRITE),
    RouteAccess("POST", "/account/passkeys/options", RouteKind.WRITE),
    RouteAccess("POST", "/account/passkeys", RouteKind.WRITE),
    RouteAccess("POST", "/account/passkeys/{passkey}/name", RouteKind.WRITE),
    RouteAccess("POST", "/account/passkeys/{passkey}/remove", RouteKind.WRITE),
    RouteAccess("POST", "/account/identities", RouteKind.WRITE),
    RouteAccess("POST", "/account/identities/{identity}/remove", RouteKind.WRITE),
    RouteAccess("POST", "/account/tokens", RouteKind.WRITE),
    RouteAccess("POST", "/account/tokens/{token_id}/remove", RouteKind.WRITE),
    RouteAccess("GET", "/admin", RouteKind.EXPENSIVE, admin=True),
    RouteAccess("GET", "/admin/run", RouteKind.READ, admin=True),
    RouteAccess("POST", "/admin/backup", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/admin/check", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/admin/backups/{name}", RouteKind.EXPENSIVE, admin=True),
    RouteAccess("POST", "/admin/backups/{name}/remove", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/users", RouteKind.READ, admin=True),
    RouteAccess("POST", "/users/invite", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/users/{user}/password", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/users/{user}/role", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/users/{user}/remove", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/manifest.webmanifest", RouteKind.STATIC),
    RouteAccess("GET", "/static/{path:path}", RouteKind.STATIC),
    RouteAccess("GET", "/sw.js", RouteKind.PUBLIC),
    RouteAccess("GET", "/offline", RouteKind.PUBLIC),
    RouteAccess("GET", "/offline.json", RouteKind.READ),
    RouteAccess("GET", "/feed", RouteKind.FETCH),
    RouteAccess("POST", "/feed-address", RouteKind.WRITE),
    RouteAccess("POST", "/", RouteKind.KEYED),
    RouteAccess("GET", "/makefulltextfeed.php", RouteKind.KEYED),
    RouteAccess("GET", "/extract.php", RouteKind.KEYED),
    RouteAccess("POST", "/extract.php", RouteKind.KEYED),
    RouteAccess("GET", "/parser", RouteKind.KEYED),
    RouteAccess("POST", "/parser", RouteKind.KEYED),
    RouteAccess("POST", "/parse-html", RouteKind.KEYED),
    RouteAccess("GET", "/read/{address:path}", RouteKind.KEYED),
    RouteAccess("GET", "/media", RouteKind.SIGNED),
    RouteAccess("GET", "/stream", RouteKind.FETCH),
    RouteAccess("GET", "/icons/{feed_id}", RouteKind.READ),
    RouteAccess("GET", "/save", RouteKind.READ),
    RouteAccess("POST", "/save", RouteKind.WRITE),
    RouteAccess("GET", "/sources.opml", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/sources", RouteKind.READ),
    RouteAccess("GET", "/sources/{name}", RouteKind.READ),
    RouteAccess("GET", "/feeds/{name}", RouteKind.READ),
    RouteAccess("GET", "/folders/{name:path}", RouteKind.READ),
    RouteAccess("GET", "/tags/{name}", RouteKind.READ),
    RouteAccess("GET", "/muted", RouteKind.READ),
    RouteAccess("GET", "/web/timemap/{format_name}/{url:path}", RouteKind.READ),
    RouteAccess("GET", "/web/*/{url:path}", RouteKind.READ),
    RouteAccess("GET", "/web/{stamp}id_/{url:path}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/web/{url:path}", RouteKind.READ),
    RouteAccess("GET", "/changes", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/changes.{format_name}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/changes/{name:path}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/stories", RouteKind.READ),
    RouteAccess("GET", "/story/{name}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/search", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/search.{format_name}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/a/{article_id}", RouteKind.READ),
    RouteAccess("GET", "/a/{article_id}/v/{number}", RouteKind.READ),
    RouteAccess("GET", "/a/{article_id}/v/{number}/proof.zip", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/a/{article_id}/v/{number}/raw", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/a/{article_id}/v/{number}/page", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/a/{article_id}/v/{number}/share", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/v/{number}/highlight", RouteKind.WRITE),
    RouteAccess("GET", "/highlights", RouteKind.READ),
    RouteAccess("GET", "/highlights.md", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/highlights/{highlight_id}/note", RouteKind.WRITE),
    RouteAccess("POST", "/highlights/{highlight_id}/remove", RouteKind.WRITE),
    RouteAccess("GET", "/shares", RouteKind.READ),
    RouteAccess("POST", "/shares/{share_id}/remove", RouteKind.WRITE),
    RouteAccess("GET", "/s/{secret}", RouteKind.PUBLIC),
    RouteAccess("GET", "/a/{article_id}/versions", RouteKind.READ),
    RouteAccess("GET", "/a/{article_id}/diff/{older}..{newer}", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/a/{article_id}/read", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/star", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/fetch", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/position", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/tag", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/untag", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/delete", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/rules", RouteKind.READ),
    RouteAccess("GET", "/rules/preview", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/rules", RouteKind.WRITE),
    RouteAccess("POST", "/rules/{rule_id}", RouteKind.WRITE),
    RouteAccess("POST", "/rules/{rule_id}/remove", RouteKind.WRITE),
    RouteAccess("GET", "/searches", RouteKind.READ),
    RouteAccess("GET", "/searches/{name}", RouteKind.READ),
    RouteAccess("POST", "/searches", RouteKind.WRITE),
    RouteAccess("POST", "/searches/{search_id}", RouteKind.WRITE),
    RouteAccess("POST", "/searches/{search_id}/remove", RouteKind.WRITE),
    RouteAccess("POST", "/a/{article_id}/read-beside", RouteKind.WRITE),
    RouteAccess("POST", "/read-some", RouteKind.WRITE),
    RouteAccess("POST", "/read-all", RouteKind.WRITE),
    RouteAccess("POST", "/read-all/undo", RouteKind.WRITE),
    RouteAccess("GET", "/counts", RouteKind.READ),
    RouteAccess("GET", "/events", RouteKind.READ),
    RouteAccess("GET", "/event-log", RouteKind.READ),
    RouteAccess("GET", "/event-log.{format_name}", RouteKind.READ),
    RouteAccess("POST", "/refresh", RouteKind.WRITE),
    RouteAccess("GET", "/settings", RouteKind.READ),
    RouteAccess("POST", "/settings", RouteKind.WRITE),
    RouteAccess("POST", "/settings/order", RouteKind.WRITE),
    RouteAccess("GET", "/add", RouteKind.FETCH),
    RouteAccess("POST", "/add", RouteKind.WRITE),
    RouteAccess("POST", "/sources.opml", RouteKind.WRITE),
    RouteAccess("POST", "/sources/edit", RouteKind.WRITE),
    RouteAccess("POST", "/sources/restore", RouteKind.WRITE),
    RouteAccess("POST", "/feeds/{feed_id}/remove", RouteKind.WRITE),
    RouteAccess("POST", "/feeds/{feed_id}/rename", RouteKind.WRITE),
    RouteAccess("POST", "/feeds/{feed_id}/reading", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/merge", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/feeds/{feed_id}/rules", RouteKind.EXPENSIVE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/rules", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/rules/preview", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/feeds/{feed_id}/site", RouteKind.EXPENSIVE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/site", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/site/preview", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/reextract", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/reextractions/{run}/undo", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/jobs", RouteKind.READ),
    RouteAccess("POST", "/feeds/{feed_id}/status", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/move", RouteKind.WRITE),
    RouteAccess("GET", "/feeds/{feed_id}/settings", RouteKind.READ),
    RouteAccess("POST", "/feeds/{feed_id}/settings", RouteKind.WRITE),
    RouteAccess("POST", "/feeds/{feed_id}/retention", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/requests", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/list", RouteKind.WRITE, admin=True),
    RouteAccess("POST", "/feeds/{feed_id}/poll", RouteKind.WRITE),
    RouteAccess("GET", "/sidebar/{folder_id}", RouteKind.READ),
    RouteAccess("GET", "/health", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/health/retry", RouteKind.WRITE, admin=True),
    RouteAccess("GET", "/accounts/ClientLogin", RouteKind.SYNC),
    RouteAccess("POST", "/accounts/ClientLogin", RouteKind.SYNC),
    RouteAccess("GET", "/reader", RouteKind.SYNC),
    RouteAccess("GET", "/reader/check/compatibility", RouteKind.SYNC),
    RouteAccess("GET", "/reader/atom/{stream:path}", RouteKind.SYNC),
    RouteAccess("GET", "/reader/api/0/{call:path}", RouteKind.SYNC),
    RouteAccess("POST", "/reader/api/0/{call:path}", RouteKind.SYNC),
    RouteAccess("GET", "/fever/", RouteKind.SYNC),
    RouteAccess("POST", "/fever/", RouteKind.SYNC),
    RouteAccess("GET", "/api/v1/openapi.json", RouteKind.STATIC),
    RouteAccess("GET", "/api/v1/me", RouteKind.READ),
    RouteAccess("GET", "/api/v1/counts", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/api/v1/articles/by-url", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/versions", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/versions/as-of", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/versions/{number}", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/diff", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/api/v1/articles/{article_id}/highlights", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/copies", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/credits", RouteKind.READ),
    RouteAccess("GET", "/api/v1/articles/{article_id}/story", RouteKind.READ),
    RouteAccess("GET", "/api/v1/stories", RouteKind.READ),
    RouteAccess("GET", "/api/v1/stories/{number}", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/api/v1/changes", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/api/v1/events", RouteKind.READ),
    RouteAccess("GET", "/api/v1/events/stream", RouteKind.READ),
    RouteAccess("GET", "/api/v1/search", RouteKind.EXPENSIVE),
    RouteAccess("POST", "/api/v1/save", RouteKind.WRITE),
    RouteAccess("POST", "/api/v1/marks", RouteKind.WRITE),
    RouteAccess("POST", "/api/v1/marks/read-all", RouteKind.WRITE),
    RouteAccess("POST", "/api/v1/marks/read-all/undo", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/tags", RouteKind.READ),
    RouteAccess("PATCH", "/api/v1/tags/{tag_id}", RouteKind.WRITE),
    RouteAccess("DELETE", "/api/v1/tags/{tag_id}", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/searches", RouteKind.READ),
    RouteAccess("POST", "/api/v1/searches", RouteKind.WRITE),
    RouteAccess("PUT", "/api/v1/searches/{search_id}", RouteKind.WRITE),
    RouteAccess("DELETE", "/api/v1/searches/{search_id}", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/rules", RouteKind.READ),
    RouteAccess("GET", "/api/v1/highlights", RouteKind.READ),
    RouteAccess("POST", "/api/v1/highlights", RouteKind.WRITE),
    RouteAccess("PATCH", "/api/v1/highlights/{highlight_id}", RouteKind.WRITE),
    RouteAccess("DELETE", "/api/v1/highlights/{highlight_id}", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/feeds", RouteKind.READ),
    RouteAccess("GET", "/api/v1/feeds/discover", RouteKind.FETCH),
    RouteAccess("GET", "/api/v1/feeds/preview", RouteKind.FETCH),
    RouteAccess("POST", "/api/v1/feeds", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/feeds/{feed_id}", RouteKind.READ),
    RouteAccess("PATCH", "/api/v1/feeds/{feed_id}", RouteKind.WRITE),
    RouteAccess("DELETE", "/api/v1/feeds/{feed_id}", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/folders", RouteKind.READ),
    RouteAccess("POST", "/api/v1/folders", RouteKind.WRITE),
    RouteAccess("PATCH", "/api/v1/folders/{folder_id}", RouteKind.WRITE),
    RouteAccess("DELETE", "/api/v1/folders/{folder_id}", RouteKind.WRITE),
    RouteAccess("GET", "/api/v1/health", RouteKind.EXPENSIVE),
    RouteAccess("GET", "/v1/entries/{entry}/fetch-content", RouteKind.SYNC_FETCH),
    RouteAccess("GET", "/v1/{call:path}", RouteKind.SYNC),
    RouteAccess("POST", "/v1/{call:path}", RouteKind.SYNC),
    RouteAccess("PUT", "/v1/{call:path}", RouteKind.SYNC),
    RouteAccess("DELETE", "/v1/{call:path}", RouteKind.SYNC),
    RouteAccess("GET", "/healthcheck", RouteKind.PUBLIC),
    RouteAccess("GET", "/liveness", RouteKind.PUBLIC),
    RouteAccess("GET", "/readiness", RouteKind.PUBLIC),
    RouteAccess("GET", "/version", RouteKind.PUBLIC),
    RouteAccess("POST", "/hub", RouteKind.HUB),
    RouteAccess("POST", "/mcp", RouteKind.SYNC),
    RouteAccess("GET", "/hub/{token}", RouteKind.PUBLIC),
    RouteAccess("POST", "/hub/{token}", RouteKind.PUBLIC),
)
"""All routes of the app. Hubs authenticate by the secret in the path and by their signature; somebody whom a
login provider leads back, by a signed cookie."""

FEED_KINDS = (RouteKind.READ, RouteKind.EXPENSIVE)
"""Kinds of the routes that answer lists as feeds."""


@lru_cache(maxsize=2048)
def access_of(method: str, path: str) -> RouteAccess | None:
    """Return the route of a request; None if there is none."""
    return next((one for one in ROUTE_ACCESS if one.method == method and one.pattern.match(path)), None)


def feed_format(method: str, path: str) -> str | None:
    """Return the format of the feed of ours at a path ("rss"), None for anything else.

    A path may end in the address of another site's feed: that one is not ours.
    """
    found = access_of(method, path)
    if found is None or found.kind not in FEED_KINDS or found.path.endswith("{url:path}"):
        return None
    return split_format(path)[1]


def is_for_admins(method: str, path: str) -> bool:
    """Say whether only administrators may send a request."""
    found = access_of(method, path)
    return found is not None and found.admin


def is_foreign(scope: Scope) -> bool:
    """Say whether another site's page may have caused a request that was let through all the same."""
    return bool(scope.get("state", {}).get("foreign", False))


def kind_of(method: str, path: str) -> RouteKind:
    """Return the kind of a request; without a matching route, the strictest kind for its method.

    A list in a feed format counts as expensive: it contains whole articles.
    """
    found = access_of(method, path)
    if found is None:
        return RouteKind.FETCH if method == "GET" else RouteKind.WRITE
    return RouteKind.EXPENSIVE if feed_format(method, path) is not None else found.kind


def check_access(kind: RouteKind, headers: Headers, own: OwnOrigins) -> None:
    """Raise ForeignRequest for a request that another site's page may have caused."""
    ACCESS_CHECKS[kind](headers, own)


def _allow_all(headers: Headers, own: OwnOrigins) -> None:
    """Allow every request."""


def _same_origin(headers: Headers, own: OwnOrigins) -> None:
    """Allow requests from our own pages and from programs other than browsers."""
    check_same_origin(headers, own)
    _check_referrer(headers, own)


def _scripts(headers: Headers, own: OwnOrigins) -> None:
    """Allow programs, our own pages, and scripts of other pages (CORS), but none of their forms or frames."""
    is_ours = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    if not is_ours and headers.get("sec-fetch-mode") != "cors":
        raise ForeignRequest(gettext(FOREIGN))


def _navigation(headers: Headers, own: OwnOrigins) -> None:
    """Allow same-origin requests and top-level navigations."""
    if not _is_navigation(headers) and headers.get("sec-fetch-site") != "none":
        check_same_origin(headers, own)


def _user_navigation(headers: Headers, own: OwnOrigins) -> None:
    """Allow same-origin requests and top-level navigations started by a click or a key."""
    if _is_navigation(headers) and headers.get("sec-fetch-user") == "?1":
        return
    if headers.get("sec-fetch-site") != "none":
        check_same_origin(headers, own)
    if "sec-fetch-site" not in headers:
        _check_referrer(headers, own)


ACCESS_CHECKS: dict[RouteKind, Callable[[Headers, OwnOrigins], None]] = {
    RouteKind.PUBLIC: _allow_all,
    RouteKind.SYNC: _scripts,
    RouteKind.SYNC_FETCH: _scripts,
    RouteKind.STATIC: _allow_all,
    RouteKind.SIGNED: _user_navigation,
    RouteKind.READ: _navigation,
    RouteKind.EXPENSIVE: _user_navigation,
    RouteKind.FETCH: _user_navigation,
    RouteKind.KEYED: _user_navigation,
    RouteKind.ENTRY: _same_origin,
    RouteKind.HUB: _same_origin,
    RouteKind.WRITE: _same_origin,
}


def _is_navigation(headers: Headers) -> bool:
    prefetch_hints = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    mode, target = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return mode == "navigate" and target == "document" and "prefetch" not in prefetch_hints.lower()


def _check_referrer(headers: Headers, own: OwnOrigins) -> None:
    referrer = headers.get("referer")
    if referrer and not own.include(referrer):
        raise ForeignRequest(gettext(OTHER_NAME))


def _may_be_navigation(headers: Headers) -> bool:
    return _is_navigation(headers) or "sec-fetch-site" not in headers


class CrossSiteGuard:
    """ASGI middleware: refuse requests caused by other sites' pages (403), by the kind of the route.

    Of the kind KEYED they are not refused: such a request is marked, so that it counts by its key and never
    by a person's cookie, or by the openness of loopback. public_origin: the origin under which browsers see
    the app behind a proxy, if it is set.
    """

    def __init__(self, app: ASGIApp, public_origin: str | None = None) -> None:
        self._app = app
        self._public_origin = public_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        kind = kind_of(scope["method"], scope["path"])
        own = OwnOrigins(
            scheme=scope["scheme"], host=request.headers.get("host", ""), public=self._public_origin
        )
        is_form = kind is RouteKind.KEYED and scope["method"] == "POST"
        try:
            # The API counts by the token that it gets, as what apps ask for.
            asked = RouteKind.SYNC if is_api(scope["path"]) else RouteKind.WRITE if is_form else kind
            check_access(asked, request.headers, own)
        except ForeignRequest as exc:
            if kind is RouteKind.KEYED:
                scope.setdefault("state", {})["foreign"] = True
                await self._app(scope, receive, send)
                return
            openable = kind is not RouteKind.WRITE and _may_be_navigation(request.headers)
            answer = foreign_response(request, exc.reason, openable=openable)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)
