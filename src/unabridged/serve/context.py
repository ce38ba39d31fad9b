"""App context shared by all routes: archive, settings, clock, signer, templates; forms and uploads."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar
from urllib.parse import parse_qs, quote

import jinja2
from fastapi import Depends, Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import HTMLResponse

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import OWNER, MarkCounts, Source, Subscription
from unabridged.archive.records.library import FoldedUnread
from unabridged.archive.records.rules import SavedSearch
from unabridged.config import Settings
from unabridged.errors import DocumentError, InvalidValue
from unabridged.fetch.client import Fetcher
from unabridged.poll.metrics import Metrics
from unabridged.poll.pages.reextraction_jobs import ReextractionJobs
from unabridged.poll.poller import Poller
from unabridged.serve.base_path import base_path_of, with_base_path
from unabridged.serve.diff_pool import DiffPool
from unabridged.serve.events import EventHub
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, language, ngettext, pgettext, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.logins.ceremonies import Ceremonies
from unabridged.serve.searches.counts import SearchCounts
from unabridged.serve.searches.folded_counts import FoldedCounts
from unabridged.serve.security import ForeignRequest, Signer, client_address
from unabridged.serve.viewer import Viewer, check_token, form_token, viewer_of
from unabridged.serve.views.lists import Moment, feed_path, folder_path
from unabridged.serve.views.preferences import DEFAULTS, Preferences
from unabridged.serve.views.sidebar import (
    MAX_ITEMS,
    NO_FOLDER,
    OPEN_FEEDS,
    OpenFolder,
    Sidebar,
    build_sidebar,
    without_folded,
)
from unabridged.serve.views.time_zone import COOKIE, zone_name, zone_named

if TYPE_CHECKING:  # of an extra
    from unabridged.serve.logins.provider import Provider

log = logging.getLogger("unabridged.serve")

Done = TypeVar("Done")
PACKAGE_DIR = Path(__file__).parent
MAX_FORM = 65_536
"""Maximum bytes of a form: a URL, a folder, the words of a highlight (escaped, in any script)."""

MAX_FIELDS = 100
"""Most fields of a form: the boxes of a page of sources, and a few."""

MAX_UPLOAD = 10_000_000
"""Maximum bytes of a form with a file: enough for a list of 40,000 feeds."""

MAX_DISCARDED = 10 * MAX_UPLOAD
"""Bytes read of a larger form and discarded: a browser shows no response before it has sent everything."""


@lru_cache(maxsize=8)
def make_templates(version: str, base_path: str) -> jinja2.Environment:
    """Return the template environment, with auto-escaping; apps of one process share it.

    version: changes when the static files change. base_path: the sub-path of a proxy; templates write it in
    front of their own links, and apply the filter `local` to addresses that views give them.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE_DIR / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    environment.globals["base_path"] = base_path
    environment.globals["static_version"] = version
    environment.globals["static"] = lambda name: f"{base_path}/static/{name}?v={version}"
    environment.globals["sentences"] = sentences
    environment.filters["number"] = number
    environment.filters["reported"] = reported
    environment.filters["local"] = lambda address: with_base_path(address, base_path)
    return environment


class BackgroundTasks:
    """Tasks that continue after their request was answered; cancelled when the app stops."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, Done]) -> "asyncio.Task[Done]":
        """Start a task, and return it. A failure is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a background task failed", exc_info=task.exception())


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """Everything that routes need, created once per app.

    clock: returns the present time, aware. fetcher: for pages and feeds; media_fetcher: for images, without
    pauses between requests to one host. ceremonies: logins of several steps. provider: of logins, if the
    settings name one. zone: of the times shown. refreshing: people whose feeds are being polled because they
    asked. reextractions: of feeds, in the background. enqueue_read: asks the workers to read a URL's site
    now; None without workers. viewer: of the request, None on pages that answer everybody; preferences: the
    viewer's.
    """

    archive: Archive
    settings: Settings
    signer: Signer
    fetcher: Fetcher
    media_fetcher: Fetcher
    poller: Poller
    diff_pool: DiffPool
    background: BackgroundTasks
    templates: jinja2.Environment
    figures: Metrics
    clock: Callable[[], datetime]
    zone: tzinfo
    events: EventHub
    refreshing: set[int] = field(default_factory=set)
    reextractions: ReextractionJobs
    ceremonies: Ceremonies
    search_counts: SearchCounts
    folded_counts: FoldedCounts
    provider: "Provider | None" = None
    enqueue_read: Callable[[str], Coroutine[Any, Any, None]] | None = None
    viewer: Viewer | None = None
    preferences: Preferences = DEFAULTS

    async def read_soon(self, url: str) -> None:
        """Read the due pages now; with workers, ask them to read the URL's site."""
        if self.enqueue_read is None:
            await self.poller.read_due_pages()
        else:
            await self.enqueue_read(url)

    @property
    def base_path(self) -> str:
        """Return the sub-path of a proxy under which browsers see the app ("/news"), or ""."""
        return base_path_of(self.settings.serve.base_url)

    def address(self, request: Request, path: str) -> str:
        """Return the whole address of a path of the app, as a browser opens it."""
        base = self.settings.serve.base_url or str(request.base_url)
        return base.rstrip("/") + path

    def client_address(self, request: Request) -> str:
        """Return the address of the browser that sent a request."""
        return client_address(request.scope, self.settings.serve.proxies)

    @property
    def library(self) -> Library:
        """Return the library of the viewer."""
        return self.archive.library(self.known_viewer.user.id)

    @property
    def known_viewer(self) -> Viewer:
        """Return the viewer. Raises ForeignRequest where nobody is logged in."""
        if self.viewer is None:
            raise ForeignRequest(gettext("Nobody is logged in."))
        return self.viewer

    def sources(self) -> tuple[Source, ...]:
        """Return the sources of imported documents, which are the owner's."""
        return self.archive.documents.sources() if self.known_viewer.user.id == OWNER else ()

    def other_sources(self) -> tuple[Source, ...]:
        """Return the sources that are no feeds, which are the owner's."""
        return self.archive.documents.other_sources() if self.known_viewer.user.id == OWNER else ()

    def searches(self) -> tuple[SavedSearch, ...]:
        """Return the viewer's saved searches, with counts of unread articles that may be some seconds old."""
        return self.search_counts.of(self.library, self.known_viewer.user.id, self.clock())

    def moment(self) -> Moment:
        return Moment(now=self.clock(), zone=self.zone)

    def sidebar(self, open_folder: str | None = None, counts: MarkCounts | None = None) -> Sidebar:
        """Build the sidebar of a page. open_folder: the folder that is open where there are many feeds.

        "" stands for the feeds in no folder. counts: the viewer's, if they are known already.
        """
        library = self.library
        counts = counts or library.mark_counts()
        folded = self._folded_unread(counts.unread)
        shown: Sequence[Subscription] = ()
        folders, opened = None, None
        if counts.feeds <= OPEN_FEEDS:
            shown, _ = library.subscriptions.page(0, OPEN_FEEDS)
            shown = without_folded(shown, folded)
        else:
            folders = library.subscriptions.folder_names()
            chosen = NO_FOLDER if open_folder == "" else None
            chosen = next((one.id for one in folders if one.name == open_folder), chosen)
            opened = None if chosen is None else self.open_folder(chosen, folded)
        seen = opened.feeds if opened else shown
        return build_sidebar(
            replace(counts, unread=max(0, counts.unread - folded.every)),
            shown,
            self.other_sources(),
            folders=folders,
            opened=opened,
            tags=[
                replace(one, unread=max(0, one.unread - folded.tags.get(one.id, 0)))
                for one in library.tags.all()
            ],
            muting=library.rules.has_any(),
            searches=[
                replace(one, unread=max(0, (one.unread or 0) - folded.searches.get(one.id, 0)))
                for one in self.searches()
            ],
            icons=self.archive.images.icons(one.feed.id for one in seen),
        )

    def closed_counts(self, open_folders: Sequence[int]) -> dict[str, int]:
        """Map addresses to counts of unread articles that a sidebar with closed folders does not have.

        open_folders: numbers of folders that were opened, whose feeds are counted one by one.
        """
        mine, every = self.library.subscriptions, self.library.mark_counts()
        if every.feeds <= OPEN_FEEDS:
            return {}
        folded = self._folded_unread(every.unread)
        counts = {
            folder_path(one.name): max(0, one.unread - folded.folders.get(one.id, 0))
            for one in mine.folders()
        }
        for folder in open_folders:
            opened = self.open_folder(folder, folded)
            counts |= {feed_path(one.feed.id): one.unread for one in opened.feeds}
        return counts

    def open_folder(self, number: int, folded: FoldedUnread | None = None) -> OpenFolder:
        """Return the first feeds of a folder, for the sidebar. folded: if it is known already."""
        feeds, every = self.library.subscriptions.page(0, MAX_ITEMS, folder=number)
        if folded is None:
            folded = self._folded_unread(sum(one.unread for one in feeds))
        return OpenFolder(id=number, feeds=without_folded(feeds, folded), every=every)

    def _folded_unread(self, unread: int) -> FoldedUnread:
        """Count the unread articles that lists fold, none if they fold nothing. unread: of all."""
        if self.preferences.front is None or unread < 2:
            return FoldedUnread()
        return self.folded_counts.of(self.library, self.known_viewer.user.id)

    def render(self, request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
        """Render a template as a page. shown: variables of the template."""
        html = self.templates.get_template(template).render(
            shown
            | {
                "csrf": form_token(self.signer, viewer_of(request)),
                "viewer": viewer_of(request),
                "current_url": path_and_query(request),
                "here": list_address(request),
                "preferences": _preferences_of_request(request),
                "language": language.get(),
                "zone": zone_name(self.zone, self.clock()),
                "zone_may_change": request.method == "GET",
            }
        )
        return HTMLResponse(html, status, headers=language_headers() | {"cache-control": "private, no-cache"})


def language_headers() -> dict[str, str]:
    """Return the headers of an answer in the language of the request."""
    return {"content-language": language.get().code, "vary": "Accept-Language, Cookie"}


def path_and_query(request: Request) -> str:
    """Return the path and query of a request, escaped as in an address."""
    raw: bytes = request.scope.get("raw_path") or b""
    path = raw.decode() if raw.isascii() and raw else quote(request.url.path)
    query = request.url.query
    return path + (f"?{query}" if query else "")


def list_address(request: Request) -> str:
    """Return the address of a list with what it shows, without the place in it and its order."""
    path, show = path_and_query(request).partition("?")[0], request.query_params.get("show", "")
    return path + (f"?show={show}" if show in ("unread", "starred") else "")


def _preferences_of_request(request: Request) -> Preferences:
    """Return what `ViewerLanguage` found; the defaults on pages that answer everybody."""
    found: Preferences = request.scope.get("state", {}).get("preferences", DEFAULTS)
    return found


def get_context(request: Request) -> AppContext:
    """Return the context that create_app built."""
    context: AppContext = request.app.state.context
    return context


def _viewer_context(request: Request) -> AppContext:
    """Return the context with the viewer, their preferences, and the time zone of their browser if known."""
    context, viewer = get_context(request), viewer_of(request)
    zone = zone_named(request.cookies.get(COOKIE, ""))
    preferences = _preferences_of_request(request)
    return replace(context, viewer=viewer, zone=zone or context.zone, preferences=preferences)


async def read_form(request: Request) -> Mapping[str, str]:
    """Read a form sent by one of our pages and check its token. Raises ForeignRequest."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise ForeignRequest(gettext("This form is larger than any form of this program."))
    try:
        pairs = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ForeignRequest(gettext("This form has more fields than any form of this program.")) from None
    form = {name: values[-1] for name, values in pairs.items()}
    viewer = viewer_of(request)
    if viewer is None or viewer.way != "token":  # which no page of another site can send
        given = request.headers.get("x-csrf-token") or form.get("csrf", "")
        check_token(get_context(request).signer, given, viewer)
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file. name: file name given by the sender. fields: the other fields of its form."""

    name: str
    data: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


async def read_body(request: Request, most: int) -> bytes:
    """Read the body of a request. Raises DocumentError if it has more than `most` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise DocumentError(gettext("The body is larger than {size} MB.").format(size=most // 1_000_000))
    return bytes(body)


async def read_parts(
    headers: Headers, body: bytes, *, most: int, largest: int = 1_000_000
) -> list[tuple[str, str]]:
    """Read the texts of a form in parts. most: fields; largest: bytes of one. Raises InvalidValue.

    Parsing is slow for a body that contains many strings resembling the part boundary: a thread does it.
    """

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    async def parse() -> list[tuple[str, str]]:
        parser = MultiPartParser(headers, stream(), max_files=0, max_fields=most, max_part_size=largest)
        form = await parser.parse()
        return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]

    try:
        return await asyncio.to_thread(lambda: asyncio.run(parse()))
    except (MultiPartException, KeyError) as exc:
        raise InvalidValue(f"The form of the request cannot be read: {_reason(exc)}") from None


def _reason(error: MultiPartException | KeyError) -> str:
    """Return why a form in parts cannot be read; a KeyError stands for a missing boundary."""
    return error.message if isinstance(error, MultiPartException) else "Missing boundary in multipart."


async def read_upload(request: Request, signer: Signer, *, needed: bool = True) -> Upload:
    """Read the file of a form and check its token. needed: a form without a file is an error.

    Raises ForeignRequest; DocumentError when the file is missing or too large.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ForeignRequest(gettext("This is not the upload form of this program."))
    body = b"".join([part async for part in _read_bounded(request)])
    # Parsing is slow for a file that contains many strings resembling the part boundary.
    return await asyncio.to_thread(
        lambda: asyncio.run(_parse_file(request.headers, body, signer, viewer_of(request), needed))
    )


async def _parse_file(
    headers: Headers, body: bytes, signer: Signer, viewer: Viewer | None, needed: bool
) -> Upload:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_files=1, max_fields=10).parse()
    except (MultiPartException, KeyError) as exc:
        raise DocumentError(
            gettext("The file arrived incomplete: {reason} Send it again.").format(reason=_reason(exc))
        ) from exc
    try:
        check_token(signer, headers.get("x-csrf-token") or str(form.get("csrf", "")), viewer)
        file = form.get("file")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if isinstance(file, UploadFile) and file.filename:
            return Upload(name=file.filename[:200], data=await file.read(), fields=fields)
        if needed:
            raise DocumentError(gettext("No file was sent. Choose one first."))
        return Upload(name="", data=b"", fields=fields)
    finally:
        await form.close()


async def _read_bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_UPLOAD:
            yield part
        elif size > MAX_DISCARDED:
            break
    if size > MAX_UPLOAD:
        raise DocumentError(
            gettext(
                "The file is larger than {size} MB. Use `unabridged import FILE` for larger files."
            ).format(size=MAX_UPLOAD // 1_000_000)
        )


Context = Annotated[AppContext, Depends(_viewer_context)]
Form = Annotated[Mapping[str, str], Depends(read_form)]
