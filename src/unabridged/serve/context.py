"""What every page of the reader needs: the archive, the settings, the clock, the signer, the templates."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self
from urllib.parse import parse_qs

import jinja2
from fastapi import Depends, Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import HTMLResponse

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.config import Settings
from unabridged.errors import DocumentError
from unabridged.fetch.client import Fetcher
from unabridged.poll.metrics import Figures
from unabridged.poll.poller import Poller
from unabridged.serve.diff_pool import DiffPool
from unabridged.serve.security import ForeignRequest, Signer, check_token
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sidebar import MAX_ITEMS, Sidebar, build_sidebar

log = logging.getLogger("unabridged.serve")

PACKAGE_DIR = Path(__file__).parent
MAX_FORM = 16_384
"""Bytes of a form: an address, a folder, a token."""

MAX_UPLOAD = 10_000_000
"""Bytes of a form with a file: a list of 40,000 feeds."""

MAX_DISCARDED = 10 * MAX_UPLOAD
"""Of a larger one so much is read and forgotten: a browser shows no answer before all is sent."""


def make_templates(version: str) -> jinja2.Environment:
    """Return the templates, escaping everything. version: changes when the static files do."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE_DIR / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = lambda name: f"/static/{name}?v={version}"
    return environment


class BackgroundTasks:
    """Work that goes on after its request was answered; cancelled when the app ends."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Begin an errand. A failure is written to the log."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("an errand failed", exc_info=task.exception())


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """clock: the present, aware. fetcher: for pages and feeds; media_fetcher: the same without pauses,
    as a browser loads the pictures of a page. order: has workers read an address's site at once; None
    where the archive has none."""

    archive: Archive
    settings: Settings
    signer: Signer
    fetcher: Fetcher
    media_fetcher: Fetcher
    poller: Poller
    diff_pool: DiffPool
    background: BackgroundTasks
    templates: jinja2.Environment
    figures: Figures
    clock: Callable[[], datetime]
    zone: tzinfo
    enqueue_read: Callable[[str], Coroutine[Any, Any, None]] | None = None

    async def read_soon(self, url: str) -> None:
        """Read what is due at an address's site while a person waits; where workers do that, tell them."""
        if self.enqueue_read is None:
            await self.poller.read_due_pages()
        else:
            await self.enqueue_read(url)

    @property
    def library(self) -> Library:
        """The library of the person who reads: the archive's owner."""
        return self.archive.library()

    def moment(self) -> Moment:
        return Moment(now=self.clock(), zone=self.zone)

    def sidebar(self) -> Sidebar:
        """Build the side of a page."""
        library = self.library
        shown, every = library.subscriptions.page(0, MAX_ITEMS)
        return build_sidebar(
            library.counts(),
            shown,
            self.archive.documents.sources(),
            every=every,
            tags=library.tags.all(),
            muting=bool(library.mutes.all()),
            icons=self.archive.images.icons(),
        )

    def render(self, request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
        """Render a page of the reader."""
        html = self.templates.get_template(template).render(
            shown | {"csrf": self.signer.sign("form"), "current_url": path_and_query(request)}
        )
        return HTMLResponse(html, status, headers={"cache-control": "private, no-cache"})


def path_and_query(request: Request) -> str:
    """Return the path and query that were asked for."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def get_context(request: Request) -> AppContext:
    """Return what create_app put together."""
    context: AppContext = request.app.state.context
    return context


async def read_form(request: Request) -> Mapping[str, str]:
    """Read a form that a page of ours sent: its token is checked, its origin was. Raises NotOurs."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise ForeignRequest("The form is larger than any form of this program.")
    try:
        pairs = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise ForeignRequest("The form has more fields than any form of this program.") from None
    form = {name: values[-1] for name, values in pairs.items()}
    check_token(get_context(request).signer, request.headers.get("x-csrf-token") or form.get("csrf", ""))
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent. name: what its sender calls it."""

    name: str
    data: bytes


async def read_upload(request: Request, signer: Signer) -> Upload:
    """Read the form's one file. Raises NotOurs; DocumentError where there is none, or too much of it."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ForeignRequest("This is not the form by which our pages send a file.")
    body = b"".join([part async for part in _bounded(request)])
    # Looking for the parts takes long where a file is full of what looks like their ends.
    return await asyncio.to_thread(lambda: asyncio.run(_file_of(request.headers, body, signer)))


async def _file_of(headers: Headers, body: bytes, signer: Signer) -> Upload:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_files=1, max_fields=10).parse()
    except MultiPartException as exc:
        raise DocumentError(f"The file did not arrive whole: {exc.message} Send it again.") from exc
    try:
        check_token(signer, headers.get("x-csrf-token") or str(form.get("csrf", "")))
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise DocumentError("No file was sent. Choose one first.")
        return Upload(name=file.filename[:200], data=await file.read())
    finally:
        await form.close()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_UPLOAD:
            yield part
        elif size > MAX_DISCARDED:
            break
    if size > MAX_UPLOAD:
        raise DocumentError(
            f"The file has more than {MAX_UPLOAD // 1_000_000} MB. "
            "`unabridged import FILE` takes larger ones."
        )


Context = Annotated[AppContext, Depends(get_context)]
Form = Annotated[Mapping[str, str], Depends(read_form)]
