"""The web application: routes, middleware, error pages, and the poller in the background."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from unabridged.archive.facade.archive import Archive
from unabridged.automation.sender import Sender
from unabridged.config import Settings
from unabridged.dates.parse import utc_now
from unabridged.errors import ConfigError, UnabridgedError, extra_advice
from unabridged.fetch.client import Fetcher
from unabridged.poll.background import BackgroundPoller
from unabridged.poll.metrics import Metrics
from unabridged.poll.pages.reextraction_jobs import ReextractionJobs
from unabridged.poll.poller import Poller
from unabridged.serve.access import ROUTE_ACCESS, CrossSiteGuard
from unabridged.serve.api.openapi import api_routes
from unabridged.serve.api.route import MOST_FETCHES, MOST_FETCHES_OF_A_PERSON
from unabridged.serve.api.routes.events import MOST_OF_A_PERSON as MOST_EVENT_STREAMS_OF_A_PERSON
from unabridged.serve.api.routes.events import MOST_STREAMS as MOST_EVENT_STREAMS
from unabridged.serve.authentication import AuthenticationGuard, Authenticator, check_proxies
from unabridged.serve.base_path import BasePath, base_path_of, check_base_path, own_host, own_origin
from unabridged.serve.changes import routes as changes
from unabridged.serve.changes.comparisons import ComparisonCache
from unabridged.serve.context import (
    PACKAGE_DIR,
    AppContext,
    BackgroundTasks,
    get_context,
    language_headers,
    make_templates,
)
from unabridged.serve.diff_pool import DiffPool
from unabridged.serve.error_pages import add_error_pages
from unabridged.serve.event_log import routes as event_log
from unabridged.serve.events import EventHub
from unabridged.serve.full_text.admission import open_rate_of
from unabridged.serve.full_text.paths import ServicePaths
from unabridged.serve.full_text.reading import FullTextServices
from unabridged.serve.full_text.routes import fivefilters, parsers, read
from unabridged.serve.hub import routes as hub
from unabridged.serve.hub.publisher import Publisher
from unabridged.serve.languages.messages import gettext, language
from unabridged.serve.languages.middleware import BrowserLanguage, ViewerLanguage
from unabridged.serve.load_limits import ChunkedSend, LoadGuard, PersonSlots, event_loop_priority
from unabridged.serve.logins.ceremonies import Ceremonies
from unabridged.serve.memento import routes as memento
from unabridged.serve.publishing import feed_pages
from unabridged.serve.publishing.archives import FeedDivider
from unabridged.serve.publishing.feed_cache import FeedCache
from unabridged.serve.routes import (
    accounts,
    actions,
    any_feed,
    events,
    marks,
    media,
    offline,
    pages,
    save,
    search,
    users,
    websub,
)
from unabridged.serve.routes import (
    settings as settings_pages,
)
from unabridged.serve.routes.admin import overview
from unabridged.serve.routes.admin.runs import AdminState
from unabridged.serve.routes.article import evidence, highlights, shares
from unabridged.serve.routes.logins import invited, passkeys, provider
from unabridged.serve.routes.playback import files
from unabridged.serve.routes.rules import rules, searches
from unabridged.serve.routes.sources import (
    add_feed,
    bulk_edit,
    feed_settings,
    health,
    jobs,
    page_list,
    site_profile,
    site_rules,
    source_list,
)
from unabridged.serve.searches.counts import SearchCounts
from unabridged.serve.searches.folded_counts import FoldedCounts
from unabridged.serve.security import HostGuard, SecurityHeaders, Signer
from unabridged.serve.stories import routes as stories
from unabridged.serve.sync import fever, mcp
from unabridged.serve.sync.google_reader import routes as google_reader
from unabridged.serve.sync.miniflux import routes as miniflux
from unabridged.serve.sync.paths import SyncPaths
from unabridged.serve.viewer import viewer_of
from unabridged.serve.views.time_zone import system_zone

if TYPE_CHECKING:  # of an extra
    from unabridged.serve.logins.provider import Provider


def create_app(
    archive: Archive,
    *,
    settings: Settings,
    fetcher: Fetcher | None = None,
    poll: bool = False,
    clock: Callable[[], datetime] = utc_now,
    key: bytes | None = None,
    enqueue_read: Callable[[str], Coroutine[Any, Any, None]] | None = None,
) -> FastAPI:
    """Return the web app as an ASGI application.

    fetcher: an open fetcher to share; by default the app opens its own while it runs. poll: keep the
    subscriptions up to date while the app runs. key: signs forms and image URLs; random by default, so that
    signatures end with the process. enqueue_read: asks the workers to read a URL's site now; None without
    workers.
    """
    check_base_path(settings.serve.base_url, (route.path for route in ROUTE_ACCESS))
    check_proxies(settings.serve)
    shared = fetcher or Fetcher(settings.fetch)
    figures = Metrics()
    figures.add_backlog(lambda: archive.schedule.backlog(clock()))
    figures.add_sites(archive.sites.counts)
    signer = Signer(key or secrets.token_bytes(32))
    events_hub = EventHub(archive, clock)
    context = AppContext(
        archive=archive,
        settings=settings,
        signer=signer,
        fetcher=shared,
        media_fetcher=Fetcher(replace(settings.fetch, per_host_gap=0.0)),
        poller=Poller(
            archive=archive,
            fetcher=shared,
            settings=settings.poll,
            clock=clock,
            images=settings.archive.images,
            keep_events=settings.archive.events,
            base_url=settings.serve.base_url,
            watch=figures.observe,
        ),
        diff_pool=DiffPool(),
        background=BackgroundTasks(),
        templates=make_templates(_static_version(), base_path_of(settings.serve.base_url)),
        clock=clock,
        zone=system_zone(clock()),
        events=events_hub,
        search_counts=SearchCounts(events_hub.publish_change),
        folded_counts=FoldedCounts(),
        figures=figures,
        reextractions=ReextractionJobs(archive, clock=clock),
        ceremonies=Ceremonies(signer, settings.serve.base_url),
        provider=_provider(settings),
        enqueue_read=enqueue_read,
    )

    app = FastAPI(
        title="Unabridged",
        lifespan=_lifespan(context, owns_fetcher=fetcher is None, poll=poll),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=_middleware(
            settings, Authenticator(archive=archive, settings=settings.serve, clock=clock)
        ),
    )
    app.state.admin = AdminState(polls=poll)
    _add_routes(app, context)
    return app


def _provider(settings: Settings) -> "Provider | None":
    """Return the login provider that the settings name. Raises ConfigError if its extra is missing."""
    if settings.serve.oidc_issuer is None:
        return None
    if find_spec("authlib") is None:
        raise ConfigError(f"[serve] oidc_issuer needs an extra of this program. {extra_advice('accounts')}")
    from unabridged.serve.logins.provider import Provider

    return Provider(settings.serve, settings.fetch)


def _lifespan(
    context: AppContext, *, owns_fetcher: bool, poll: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return the lifespan of the app: opens what the context holds, and closes it at the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if owns_fetcher:
                await stack.enter_async_context(context.fetcher)
            await stack.enter_async_context(context.media_fetcher)
            if context.provider is not None:
                await stack.enter_async_context(context.provider)
            await stack.enter_async_context(context.poller)
            await stack.enter_async_context(context.diff_pool)
            stack.callback(context.search_counts.close)
            await stack.enter_async_context(context.background)
            app.state.hub = Publisher(app, context)
            context.background.start(app.state.hub.run())
            if poll:
                context.background.start(BackgroundPoller(context.poller).run())
                settings = context.settings
                sender = Sender(
                    context.archive, settings.fetch, base_url=settings.serve.base_url, clock=context.clock
                )
                context.background.start(sender.run())
            with event_loop_priority():
                yield

    return lifespan


def _middleware(settings: Settings, authenticator: Authenticator) -> list[Middleware]:
    """Return the middleware of the app, outermost first."""
    base_url = settings.serve.base_url
    return [
        Middleware(BrowserLanguage),
        Middleware(ChunkedSend),
        Middleware(SecurityHeaders),
        Middleware(HostGuard, allowed=(*settings.serve.allow_hosts, *own_host(base_url))),
        Middleware(BasePath, base_url=base_url),
        Middleware(SyncPaths),
        Middleware(ServicePaths),
        Middleware(CrossSiteGuard, public_origin=own_origin(base_url)),
        Middleware(AuthenticationGuard, authenticator=authenticator),
        Middleware(ViewerLanguage, archive=authenticator.archive),
        Middleware(LoadGuard),
    ]


def _add_routes(app: FastAPI, context: AppContext) -> None:
    app.state.context = context
    app.state.feed_cache = FeedCache()
    app.state.feed_divider = FeedDivider()
    app.state.stream_slots = PersonSlots(files.MOST_STREAMS, files.MOST_OF_A_PERSON)
    app.state.event_slots = PersonSlots(MOST_EVENT_STREAMS, MOST_EVENT_STREAMS_OF_A_PERSON)
    app.state.fetch_slots = PersonSlots(MOST_FETCHES, MOST_FETCHES_OF_A_PERSON)
    app.state.full_text = FullTextServices(rate=open_rate_of(context.settings.full_text))
    app.state.comparisons = ComparisonCache()
    app.state.agents = mcp.AgentServer()
    for routes in (
        *(pages, search, actions, marks, events, settings_pages),
        *(any_feed, feed_pages, media, offline, save, websub, hub),
        *(accounts, invited, passkeys, provider, users),
        *(add_feed, bulk_edit, feed_settings, health, jobs, page_list, site_profile, site_rules, source_list),
        *(google_reader, fever, mcp, miniflux),
        *(fivefilters, parsers, read),
        *(changes, event_log, memento, stories),
    ):
        # The routes themselves: include_router builds a copy of each, for 60 ms of the first request.
        app.router.routes.extend(routes.router.routes)
    app.router.routes.extend(api_routes())
    for own in (evidence, highlights, files, overview, shares, rules, searches):
        app.router.routes.extend(own.router.routes)
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/metrics", metrics, methods=["GET"], include_in_schema=False)
    app.add_api_route("/manifest.webmanifest", manifest, methods=["GET"])
    app.mount("/static", _Static(directory=PACKAGE_DIR / "static"), name="static")
    add_error_pages(app)


class _Static(StaticFiles):
    """Static files; their URLs carry a version, so browsers may cache them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=86400"
        return response


def _static_version() -> str:
    files = sorted((PACKAGE_DIR / "static").iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def healthz(request: Request) -> Response:
    """Return 200 if the archive can be read, else 503; with counts for those who are logged in."""
    try:
        counts = get_context(request).archive.library().counts()
    except UnabridgedError as exc:
        return JSONResponse({"status": "failing", "why": str(exc)}, 503)
    body: dict[str, object] = {"status": "ok"}
    if viewer_of(request) is not None:
        body |= {
            "articles": counts.articles,
            "feeds": counts.feeds,
            "pages_waiting": counts.pages_waiting,
        }
    return JSONResponse(body, headers={"cache-control": "no-store"})


def metrics(request: Request) -> Response:
    """Return the polling metrics in Prometheus format."""
    return Response(generate_latest(get_context(request).figures.registry), media_type=CONTENT_TYPE_LATEST)


def manifest(request: Request) -> Response:
    """Return the web app manifest, so that phones can install the app."""
    base_path = get_context(request).base_path
    icons = (
        ("icon-192.png", "192x192", "image/png", "any"),
        ("icon-512.png", "512x512", "image/png", "any"),
        ("icon-512.png", "512x512", "image/png", "maskable"),
        ("seal.svg", "any", "image/svg+xml", "any"),
    )
    content = {
        "name": "Unabridged",
        "short_name": "Unabridged",
        "description": gettext("Whole articles from your feeds, with every version seen."),
        "lang": language.get().code,
        "dir": language.get().direction,
        "start_url": f"{base_path}/",
        "scope": f"{base_path}/",
        "display": "standalone",
        "share_target": {
            "action": f"{base_path}/save",
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
        "background_color": "#fcfbf8",
        "theme_color": "#a5301c",
        "icons": [
            {"src": f"{base_path}/static/{name}", "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in icons
        ],
    }
    return JSONResponse(content, headers=language_headers(), media_type="application/manifest+json")
