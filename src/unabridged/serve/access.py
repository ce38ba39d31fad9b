"""Access of other sites' pages: every route has a kind, and a kind says which requests it answers.

A browser that shows a page of another site sends requests to this program when that page asks for it:
as a frame, picture, script, form or navigation. It says so in Sec-Fetch-* headers
(https://www.w3.org/TR/fetch-metadata/), on loopback and over https. Reader apps send none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from re import Pattern

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from unabridged.serve.error_pages import foreign_answer
from unabridged.serve.routes.feed_documents import split_format
from unabridged.serve.security import FOREIGN, NotOurs, check_same_origin, same_host


class Kind(Enum):
    """Kinds of routes by what a request sets off."""

    ANYONE = "answers anyone: no content of the archive, or guarded by a secret of its own"
    READS = "reads the archive"
    COSTS = "reads much of the archive, or computes for long"
    FETCHES = "fetches from outside"
    CHANGES = "changes something"


@dataclass(frozen=True, slots=True)
class Access:
    """The kind of a route. path: as the router has it."""

    method: str
    path: str
    kind: Kind
    pattern: Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the path as the router does."""
        object.__setattr__(self, "pattern", compile_path(self.path)[0])


ACCESS = (
    # the first that fits
    Access("GET", "/", Kind.READS),
    Access("GET", "/healthz", Kind.ANYONE),
    Access("GET", "/metrics", Kind.READS),
    Access("GET", "/manifest.webmanifest", Kind.ANYONE),
    Access("GET", "/static/{path:path}", Kind.ANYONE),
    Access("GET", "/feed", Kind.FETCHES),
    Access("GET", "/media", Kind.FETCHES),
    Access("GET", "/icons/{feed_id}", Kind.READS),
    Access("GET", "/sources.opml", Kind.COSTS),
    Access("GET", "/sources", Kind.READS),
    Access("GET", "/sources/{name}", Kind.READS),
    Access("GET", "/feeds/{name}", Kind.READS),
    Access("GET", "/folders/{name:path}", Kind.READS),
    Access("GET", "/tags/{tag_id}", Kind.READS),
    Access("GET", "/muted", Kind.READS),
    Access("GET", "/search", Kind.COSTS),
    Access("GET", "/search.{format_name}", Kind.COSTS),
    Access("GET", "/a/{article_id}", Kind.READS),
    Access("GET", "/a/{article_id}/v/{number}", Kind.READS),
    Access("GET", "/a/{article_id}/versions", Kind.READS),
    Access("GET", "/a/{article_id}/diff/{older}..{newer}", Kind.COSTS),
    Access("POST", "/a/{article_id}/read", Kind.CHANGES),
    Access("POST", "/a/{article_id}/star", Kind.CHANGES),
    Access("POST", "/a/{article_id}/fetch", Kind.CHANGES),
    Access("POST", "/a/{article_id}/tag", Kind.CHANGES),
    Access("POST", "/a/{article_id}/untag", Kind.CHANGES),
    Access("POST", "/a/{article_id}/delete", Kind.CHANGES),
    Access("POST", "/mute", Kind.CHANGES),
    Access("POST", "/mute/{rule_id}/remove", Kind.CHANGES),
    Access("POST", "/read-all", Kind.CHANGES),
    Access("POST", "/add", Kind.CHANGES),
    Access("POST", "/sources.opml", Kind.CHANGES),
    Access("POST", "/feeds/{feed_id}/remove", Kind.CHANGES),
    Access("POST", "/feeds/{feed_id}/status", Kind.CHANGES),
    Access("POST", "/feeds/{feed_id}/move", Kind.CHANGES),
    Access("GET", "/hub/{token}", Kind.ANYONE),
    Access("POST", "/hub/{token}", Kind.ANYONE),
)
"""Every route of the app. Hubs are let in by the secret in the path and by their signature."""


def kind_of(method: str, path: str) -> Kind:
    """Return the kind of a request; of one that no route answers, the strictest of its method.

    A list in a format for programs is an export: it holds whole articles.
    """
    found = next((one for one in ACCESS if one.method == method and one.pattern.match(path)), None)
    if found is None:
        return Kind.FETCHES if method == "GET" else Kind.CHANGES
    return Kind.COSTS if found.kind is Kind.READS and split_format(path)[1] is not None else found.kind


def check_access(kind: Kind, headers: Headers, *, scheme: str) -> None:
    """Raise NotOurs for a request that another site's page may have had sent."""
    RULES[kind](headers, scheme)


def _anyone(headers: Headers, scheme: str) -> None:
    """Let every request in."""


def _ours(headers: Headers, scheme: str) -> None:
    """Let in what a page of ours sent, or a program that is no browser."""
    check_same_origin(headers, scheme=scheme)
    _check_referrer(headers, scheme)


def _navigation(headers: Headers, scheme: str) -> None:
    """Let in what is ours, and navigations of a whole tab."""
    if not _is_navigation(headers) and headers.get("sec-fetch-site") != "none":
        check_same_origin(headers, scheme=scheme)


def _persons_navigation(headers: Headers, scheme: str) -> None:
    """Let in what is ours, and navigations that a person set off by a click or a key."""
    if _is_navigation(headers) and headers.get("sec-fetch-user") == "?1":
        return
    if headers.get("sec-fetch-site") != "none":
        check_same_origin(headers, scheme=scheme)
    if "sec-fetch-site" not in headers:
        _check_referrer(headers, scheme)


RULES: dict[Kind, Callable[[Headers, str], None]] = {
    Kind.ANYONE: _anyone,
    Kind.READS: _navigation,
    Kind.COSTS: _persons_navigation,
    Kind.FETCHES: _persons_navigation,
    Kind.CHANGES: _ours,
}


def _is_navigation(headers: Headers) -> bool:
    ahead = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    mode, target = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return mode == "navigate" and target == "document" and "prefetch" not in ahead.lower()


def _check_referrer(headers: Headers, scheme: str) -> None:
    referrer = headers.get("referer")
    if referrer and not same_host(referrer, headers.get("host", ""), scheme):
        raise NotOurs(FOREIGN)


def _may_be_a_tab(headers: Headers) -> bool:
    return _is_navigation(headers) or "sec-fetch-site" not in headers


class CrossSiteGuard:
    """ASGI layer: refuse what another site's page has a browser send, by the kind of the route (403)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        kind = kind_of(scope["method"], scope["path"])
        try:
            check_access(kind, request.headers, scheme=scope["scheme"])
        except NotOurs as exc:
            openable = kind is not Kind.CHANGES and _may_be_a_tab(request.headers)
            answer = foreign_answer(request, exc.reason, openable=openable)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)
