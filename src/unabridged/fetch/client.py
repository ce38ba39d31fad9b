"""The one HTTP client: a URL in, a Page or a NotModified out, and nothing unbounded in between."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from unabridged.config import FeedSettings, FetchSettings
from unabridged.dates.parse import utc_now
from unabridged.decompress import DecodedBeyondCap, DecodedTooLarge, DecodeError, decode_unstated, is_gzip
from unabridged.errors import BadStatus, ConnectionFailed, FetchRefused, FetchTimeout, HostSilent, TooLarge
from unabridged.fetch.connection_guard import ConnectionGuard
from unabridged.fetch.credentials import Credentials, cookie_for, feed_credentials, keeps_secrets
from unabridged.fetch.error_messages import explain_connection, explain_status
from unabridged.fetch.guarded_sockets import (
    GuardedResolver,
    SocketFactory,
    SystemResolver,
    make_socket,
    own_addresses,
)
from unabridged.fetch.http_cache import same_validator
from unabridged.fetch.proxies import select_proxy
from unabridged.fetch.rate_limit import HostLimiter
from unabridged.fetch.redirects import REDIRECTS, Exchange, follow
from unabridged.fetch.response_headers import ServerTimes, plain_headers, retry_after
from unabridged.fetch.sessions import Sessions
from unabridged.fetch.ssrf_guard import Target, check_url, parse_allowance, without_credentials
from unabridged.fetch.streams import Stream, bounded_pieces
from unabridged.model import NotModified, Page

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.6, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.5"
ACCEPT_JSON = "application/json"
ACCEPT_MEDIA = "audio/*, video/*, application/ogg;q=0.9, */*;q=0.1"
ACCEPT_IMAGE = "image/avif, image/webp, image/png, image/jpeg, image/gif, image/*;q=0.8, */*;q=0.1"

_CAPS = {
    ACCEPT_FEED: "max_feed_bytes",
    ACCEPT_PAGE: "max_page_bytes",
    ACCEPT_IMAGE: "max_image_bytes",
    ACCEPT_MEDIA: "max_media_bytes",
}
"""Kind of request -> the setting that limits its response."""

THREAD_FROM = 65536
"""Compressed bodies from this size on are unpacked in a thread, off the event loop."""

SILENCING = frozenset((429, 503))
"""Answers whose Retry-After holds for the whole host."""

MAX_REPLY = 65536
"""Bytes of the answer to a form: nothing, or a token."""

_FORM: Mapping[str, str] = {"Content-Type": "application/x-www-form-urlencoded"}
_FOUND = frozenset((200, 203, 304))
_DONE = frozenset((200, 201, 202, 204))
_STREAMED = frozenset((200, 206, 416))
_NOTHING = FeedSettings()
_WANTS_LOGIN = frozenset((401, 403))


@dataclass(slots=True)
class _Deadline:
    """Seconds left for one whole answer; time spent waiting for a host's turn does not count."""

    url: str
    total: float
    left: float

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.left):
                yield
        except TimeoutError:
            raise FetchTimeout(
                self.url,
                f"{self.url} did not answer in full within {self.total:g} seconds. "
                "It is tried again later; raise timeout under [fetch] for a slow site.",
            ) from None
        finally:
            self.left = max(0.0, self.left - (time.monotonic() - started))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """Data sent with every hop of one request. headers: without credentials.

    credentials: each for the hops of its own origin. proxy: None to go directly. body: of a POST.
    good: statuses that are no failure.
    """

    headers: Mapping[str, str]
    proxy: str | None
    max_bytes: int
    deadline: _Deadline
    credentials: tuple[Credentials, ...] = ()
    body: bytes | None = None
    good: frozenset[int] = _FOUND

    def cap_advice(self) -> str:
        """Name the setting that raises the cap on the body; "" if no setting does."""
        name = _CAPS.get(self.headers.get("Accept", ""))
        return f" Raise {name} under [fetch] if you trust it." if name else ""

    def secrets_for(self, target: Target) -> dict[str, str]:
        """Return the secret headers for a target; cookies that belong there join."""
        headers: dict[str, str] = {}
        for one in self.credentials:
            for name, value in one.headers_for(target).items():
                if name.lower() == "cookie":
                    name, value = "Cookie", "; ".join(filter(None, (headers.get("Cookie"), value)))
                headers[name] = value
        return headers


_ExchangeOf = Callable[[Target, Mapping[str, str], _Request], Awaitable[Exchange]]
"""Sends one request with its secrets and returns the answer."""


class Fetcher:
    """Fetch feeds, pages and pictures: guarded, bounded, polite and without disguise.

    Use as an async context manager. resolver, make_socket: the network's walls, for tests. now: the wall
    clock, by which dates in answers are read. seconds: a clock that only counts, for gaps and silences.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: AbstractResolver | None = None,
        socket_factory: SocketFactory = make_socket,
        now: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._inner_resolver = resolver
        self._socket_factory = socket_factory
        self._now = now
        self._allow = parse_allowance(settings.allow_private)
        self._limiter = HostLimiter(settings.per_host_gap, seconds, settings.at_once)
        self._connection_guard = ConnectionGuard(self._allow, frozenset())
        self._sessions: Sessions | None = None
        self._cookies: Mapping[str, str] = {}
        self._server_times = ServerTimes()

    async def __aenter__(self) -> Self:
        self._connection_guard = ConnectionGuard(self._allow, own_addresses())
        inner = self._inner_resolver or SystemResolver()
        self._resolver = GuardedResolver(inner, self._connection_guard)
        self._sessions = Sessions(self.settings, inner, self._connection_guard, self._socket_factory)
        self._sessions.through(self.settings.proxy)  # a proxy that cannot be one is told at once
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sessions is not None:
            await self._sessions.close()
            await self._resolver.close()
            self._sessions = None

    def use_cookies(self, cookies: Mapping[str, str]) -> None:
        """Send the reader's own login cookies to their sites from now on. cookies: see `cookie_site`."""
        self._cookies = cookies

    def is_ahead(self, now: datetime) -> bool:
        """Say whether a clock is ahead by days of the latest time that any server named lately."""
        return self._server_times.is_ahead(now)

    def silence(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while, as it asked for in an earlier run."""
        self._limiter.block(host, seconds)

    def pace(self, url: str, seconds: float) -> None:
        """Pause so long between two requests to a URL's host, as it asked for (Crawl-delay)."""
        self._limiter.pace(check_url(url, self._allow).host, seconds)

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT_PAGE,
        max_bytes: int | None = None,
        own: FeedSettings = _NOTHING,
        credentials: Credentials | None = None,
    ) -> Page | NotModified:
        """Ask for a URL, following redirects; every failure is a FetchError that says what to do.

        etag, last_modified: validators kept from the last answer, byte for byte.
        max_bytes: cap on the wire and decoded, default that of pages. own: how a feed is asked; its user
        agent and proxy count here, its secrets for their own origin alone. credentials: further ones.
        Both are sent to addresses of their origin, and no more once a redirect has left that of the URL.
        """
        shown = without_credentials(url)
        given = {"Accept": accept}
        if etag:
            given["If-None-Match"] = etag
        if last_modified:
            given["If-Modified-Since"] = last_modified
        given |= {"User-Agent": own.user_agent} if own.user_agent else {}
        request = _Request(
            headers=given,
            credentials=tuple(one for one in (feed_credentials(own), credentials) if one is not None),
            proxy=select_proxy(self.settings, own.proxy),
            max_bytes=self.settings.max_page_bytes if max_bytes is None else max_bytes,
            deadline=_Deadline(shown, self.settings.timeout, self.settings.timeout),
        )
        hosts = set[str]()

        async def ask(target: Target, trusted: bool) -> Exchange:
            hosts.add(target.host)
            secrets = request.secrets_for(target) if trusted else {}
            cookie = cookie_for(target, self._cookies) if len(hosts) == 1 else None
            try:
                return await self._ask(target, _with_cookie(secrets, cookie), request)
            except BadStatus as exc:
                if exc.status in _WANTS_LOGIN and own.origin is not None and not secrets:
                    raise _without_login(exc, own.origin) from exc
                raise

        answer, hops = await follow(url, ask, allow=self._allow, max_redirects=self.settings.max_redirects)
        if answer.status == 304 and not (etag or last_modified):
            raise BadStatus(shown, 304, explain_status(shown, 304, answer.headers))
        if answer.status == 304 or same_validator(etag, answer.headers):
            return NotModified(
                url=shown,
                final_url=answer.target.url,
                headers=answer.headers,
                fetched=self._now(),
                redirects=hops,
            )
        return Page(
            url=shown,
            final_url=answer.target.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched=self._now(),
            redirects=hops,
            wire_bytes=answer.wire_bytes,
        )

    async def post(self, url: str, form: bytes) -> int:
        """Send a form, urlencoded; returns the status of success. Raises FetchError for all others.

        A form may hold a secret: it goes over https, or to this machine, and to the origin of the URL
        alone, wherever a redirect leads.
        """
        return (await self._post(url, form, "*/*", None)).status

    async def call(self, url: str, form: bytes, credentials: Credentials | None = None) -> bytes:
        """Send a form as `post` does, with credentials of the URL's origin; returns the JSON answer."""
        return (await self._post(url, form, ACCEPT_JSON, credentials)).body

    async def push(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a document that is not for everybody, as `post` sends a form; also to hosts of the allow-list.

        headers: its type among them. Returns the status of success. Raises FetchError for all others.
        """
        return (await self._post(url, body, "*/*", None, headers)).status

    async def _post(
        self,
        url: str,
        form: bytes,
        accept: str,
        credentials: Credentials | None,
        headers: Mapping[str, str] = _FORM,
    ) -> Exchange:
        shown = without_credentials(url)
        request = _Request(
            headers={**headers, "Accept": accept},
            credentials=() if credentials is None else (credentials,),
            proxy=self.settings.proxy,
            max_bytes=MAX_REPLY,
            deadline=_Deadline(shown, self.settings.timeout, self.settings.timeout),
            body=form,
            good=_DONE,
        )

        async def ask(target: Target, trusted: bool) -> Exchange:
            if not trusted or not (keeps_secrets(target.url) or (headers is not _FORM and target.trusted)):
                raise FetchRefused(target.url, _form_message(target, shown, trusted))
            return await self._ask(target, request.secrets_for(target), request)

        answer, _ = await follow(url, ask, allow=self._allow, max_redirects=self.settings.max_redirects)
        return answer

    @asynccontextmanager
    async def stream(self, url: str, wanted: str | None = None) -> AsyncIterator[Stream]:
        """Open a long answer that is read piece by piece, following redirects. Raises FetchError.

        wanted: a Range header. The guard, the time for the head of the answer and the back-off of hosts are
        those of `get`; the body is bounded by max_media_bytes and by the times of `streams`.
        """
        headers = {"Accept": ACCEPT_MEDIA, "Accept-Encoding": "identity"}
        request = _Request(
            headers=headers | ({"Range": wanted} if wanted else {}),
            proxy=self.settings.proxy,
            max_bytes=self.settings.max_media_bytes,
            deadline=_Deadline(without_credentials(url), self.settings.timeout, self.settings.timeout),
            good=_STREAMED,
        )
        opened: list[aiohttp.ClientResponse] = []
        async with AsyncExitStack() as stack:

            async def begin(target: Target, secrets: Mapping[str, str], request: _Request) -> Exchange:
                await stack.aclose()  # of the hop before
                response = await stack.enter_async_context(await self._open(target, secrets, request))
                opened[:] = [response]
                return Exchange(
                    target=target, status=response.status, headers=plain_headers(response.headers.items())
                )

            async def ask(target: Target, trusted: bool) -> Exchange:
                return await self._ask(target, {}, request, begin)

            answer, _ = await follow(url, ask, allow=self._allow, max_redirects=self.settings.max_redirects)
            shown = answer.target.url
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise ConnectionFailed(shown, f"{shown} is sent packed, and cannot be played so.")
            if (opened[0].content_length or 0) > request.max_bytes:
                raise TooLarge(shown, _large_message(shown, request))
            pieces = bounded_pieces(opened[0].content, shown, request.max_bytes)
            yield Stream(url=shown, status=answer.status, headers=answer.headers, pieces=pieces)

    def check(self, url: str) -> str:
        """Return the form in which a URL would be asked; raises FetchRefused where the guard says no.

        For settings and forms: what is refused there never reaches the network.
        """
        return self.check_target(url).url

    def check_target(self, url: str) -> Target:
        """Return what the guard says of a URL; raises FetchRefused where it says no."""
        return check_url(url, self._allow)

    async def _ask(
        self,
        target: Target,
        secrets: Mapping[str, str],
        request: _Request,
        exchange: _ExchangeOf | None = None,
    ) -> Exchange:
        # A port that speaks no TLS must not be left alone when it is asked over http.
        server = f"{target.scheme}://{target.host}:{target.port}"
        self._check_silence(target, server)
        async with self._limiter.acquire(target.host):
            self._check_silence(target, server)  # others of this host were asked while we waited
            try:
                async with request.deadline.running():
                    answer = await (exchange or self._exchange)(target, secrets, request)
            except (FetchTimeout, aiohttp.ClientError, OSError) as exc:
                self._limiter.record_failure(server)
                if isinstance(exc, FetchTimeout):
                    raise
                raise explain_connection(target, exc) from exc
            self._limiter.record_answer(server)
        return self._judge(answer, request.good)

    def _check_silence(self, target: Target, server: str) -> None:
        wanted = self._limiter.blocked_for(target.host)
        rest = self._limiter.blocked_for(server)
        if wanted <= 0 and rest <= 0:
            return
        seconds = math.ceil(max(wanted, rest))
        why = "wants to be left alone" if wanted >= rest else "did not answer several times, and rests"
        words = f"{target.host} {why} for {seconds} more seconds, so it was not asked."
        raise HostSilent(target.url, words, seconds)

    async def _open(
        self, target: Target, secrets: Mapping[str, str], request: _Request
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Return the response to one request, to be entered; every address is checked."""
        assert self._sessions is not None, "a Fetcher is used inside `async with`"
        if target.address is not None and target.trusted:
            self._connection_guard.grant(target.host, target.port)
        if request.proxy and target.address is None:
            # The proxy will resolve the name by itself; we look first, so that it is no way round the guard.
            await self._resolver.resolve(target.host, target.port)
        return self._sessions.through(request.proxy).request(
            "GET" if request.body is None else "POST",
            URL(target.url, encoded=True),
            headers={**request.headers, **secrets},
            data=request.body,
            allow_redirects=False,
            proxy=request.proxy,
        )

    async def _exchange(self, target: Target, secrets: Mapping[str, str], request: _Request) -> Exchange:
        async with await self._open(target, secrets, request) as response:
            kept = plain_headers(response.headers.items())
            self._server_times.note(kept.get("date", ""))
            if response.status >= 300 or response.status in REDIRECTS:
                # Bodies of redirects and errors are bombs too: they are never read.
                return Exchange(target=target, status=response.status, headers=kept)
            raw = await _read_capped(response, target.url, request)
        body = await self._unpack(raw, kept.get("content-encoding", ""), target.url, request)
        return Exchange(target=target, status=response.status, headers=kept, body=body, wire_bytes=len(raw))

    async def _unpack(self, raw: bytes, encodings: str, url: str, request: _Request) -> bytes:
        if not encodings and not is_gzip(raw):
            return raw

        def unpack() -> bytes:
            ratio = self.settings.max_ratio
            return decode_unstated(raw, encodings, max_bytes=request.max_bytes, max_ratio=ratio)

        try:
            return await asyncio.to_thread(unpack) if len(raw) > THREAD_FROM else unpack()
        except DecodedTooLarge as exc:
            advice = request.cap_advice() if isinstance(exc, DecodedBeyondCap) else ""
            words = f"{url} is not read: {exc}. This may be an attack, or no article.{advice}"
            raise TooLarge(url, words) from exc
        except DecodeError as exc:
            raise ConnectionFailed(url, f"{url} cannot be unpacked: {exc}. It is tried again later.") from exc

    def _judge(self, answer: Exchange, good: frozenset[int]) -> Exchange:
        """Pass on answers that mean something to us; raise BadStatus for the rest."""
        if answer.status in good or (answer.status in REDIRECTS and answer.headers.get("location")):
            return answer
        wait = retry_after(answer.headers, self._now())
        if wait and answer.status in SILENCING:
            self._limiter.block(answer.target.host, wait)
        url = answer.target.url
        raise BadStatus(url, answer.status, explain_status(url, answer.status, answer.headers), wait)


def _form_message(target: Target, asked: str, trusted: bool) -> str:
    if trusted:
        return f"{target.url} is not sent a secret: it would be read on the way. Only https is safe for it."
    return f"{asked} redirects to {target.url}, another site; what was meant for the first is not sent there."


def _without_login(exc: BadStatus, origin: str) -> BadStatus:
    """Return the failure of a request that went without the login kept for another origin, saying so."""
    words = f"{exc} The login of this feed belongs to {origin} and was not sent."
    return BadStatus(exc.url, exc.status, words, exc.retry_after)


def _with_cookie(secrets: Mapping[str, str], cookie: str | None) -> Mapping[str, str]:
    if cookie is None:
        return secrets
    others = [value for name, value in secrets.items() if name.lower() == "cookie"]
    kept = {name: value for name, value in secrets.items() if name.lower() != "cookie"}
    return {**kept, "Cookie": "; ".join([*others, cookie])}


async def _read_capped(response: aiohttp.ClientResponse, url: str, request: _Request) -> bytes:
    max_bytes = request.max_bytes
    stated = response.content_length
    if stated is not None and stated > max_bytes:
        raise TooLarge(url, _large_message(url, request))
    parts: list[bytes] = []
    total = 0
    async for part in response.content.iter_any():
        total += len(part)
        if total > max_bytes:
            raise TooLarge(url, _large_message(url, request))
        parts.append(part)
    return b"".join(parts)


def _large_message(url: str, request: _Request) -> str:
    words = f"{url} is larger than {request.max_bytes:,} bytes and was not read to its end."
    return words + request.cap_advice()
