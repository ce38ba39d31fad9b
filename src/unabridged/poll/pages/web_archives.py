"""Pages that their publishers removed, read from web archives that speak Memento (RFC 7089)."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from unabridged.errors import ExtractError, FetchError, InvalidURL
from unabridged.feeds.discovery.link_header import links_of_header
from unabridged.fetch.response_headers import http_date
from unabridged.model import OTHER_PAGE_KINDS, Article, Entry, Page
from unabridged.poll.context import PollContext

log = logging.getLogger(__name__)

TRIES = 3
"""Mementos of one archive that are fetched: the newest may show the error page, or a consent page."""
MAX_TIMEMAP = 4_000_000
"""Bytes of a TimeMap; one of 1,000,000 has 5,000 mementos."""
READ_CHARACTERS = 1_000_000
"""Characters of a TimeMap that are read, from its end: there stand the newest mementos."""
ACCEPT_TIMEMAP = "application/link-format, */*;q=0.1"

_STAMPED = re.compile(r"/(\d{14})/(?=https?:)")
_TOOLBARS = tuple(
    (re.compile(begin, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        (rb"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", rb"<!-- END WAYBACK TOOLBAR INSERT -->"),
        (rb"<!-- WB Insert -->", rb"<!-- End WB Insert -->"),
    )
)
"""Begin and end of what the Wayback Machine and pywb put into the pages that they show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A memento in a TimeMap."""

    url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """An article from a web archive. page: under the publisher's address, with the time of its capture.

    origin: address at the archive.
    """

    article: Article
    page: Page
    origin: str


async def read_archived(
    url: str, context: PollContext, *, before: datetime, entry: Entry | None = None
) -> ArchivedPage | None:
    """Read a page from the web archives of the settings, as it was last captured before a time.

    Returns None where no archive has a capture with an article in it. Archives that fail are passed over.
    """
    for timemap in context.settings.web_archives:
        try:
            captures = await _captures(timemap + url, context)
        except (FetchError, InvalidURL) as exc:
            log.info("The web archive %s gave no list of captures of %s: %s", timemap, url, exc)
            continue
        wanted = sorted((one for one in captures if one.at < before), key=lambda one: one.at, reverse=True)
        for capture in wanted[:TRIES]:
            found = await _read(capture, url, context, entry)
            if found is not None:
                return found
    return None


async def _captures(timemap: str, context: PollContext) -> tuple[Captured, ...]:
    answer = await context.fetcher.get(timemap, accept=ACCEPT_TIMEMAP, max_bytes=MAX_TIMEMAP)
    return tuple(captures_of(answer.body.decode("utf-8", "replace"))) if isinstance(answer, Page) else ()


def captures_of(timemap: str) -> Iterator[Captured]:
    """Yield the mementos in a TimeMap in link format, in its order, the last of a long one."""
    for link in links_of_header(timemap[-READ_CHARACTERS:], most=READ_CHARACTERS):
        at = http_date(link.datetime)
        if "memento" in link.relations and at is not None:
            yield Captured(url=link.url, at=at)


async def _read(
    capture: Captured, url: str, context: PollContext, entry: Entry | None
) -> ArchivedPage | None:
    """Fetch and extract a capture; None if it cannot be fetched or shows no article."""
    try:
        page = await _fetch(capture, url, context)
        part = await context.extractor.page(page, entry=entry, now=context.clock())
    except (FetchError, InvalidURL, ExtractError) as exc:
        log.info("%s could not be read: %s", capture.url, exc)
        return None
    article = part.article
    if not article.text or article.completeness.kind in OTHER_PAGE_KINDS:
        return None
    return ArchivedPage(article=article, page=page, origin=capture.url)


async def _fetch(capture: Captured, url: str, context: PollContext) -> Page:
    """Fetch a capture as it was stored, where the archive gives that, else as it shows it.

    Raises FetchError.
    """
    raw = _STAMPED.sub(r"/\1id_/", capture.url, count=1)
    try:
        answer = await context.fetcher.get(raw)
    except FetchError:
        if raw == capture.url:
            raise
        raw, answer = capture.url, await context.fetcher.get(capture.url)
    assert isinstance(answer, Page), "only a conditional request is answered with NotModified"
    body = answer.body if raw != capture.url else without_frame(answer.body, capture.url)
    return original_page(replace(answer, body=body), url, capture.at)


def original_page(answer: Page, url: str, at: datetime) -> Page:
    """Return an archive's answer as the publisher's page. at: the time of the capture if it states none."""
    kind = answer.headers.get("x-archive-orig-content-type") or answer.headers.get("content-type")
    captured = http_date(answer.headers.get("memento-datetime", "")) or at
    headers = {"content-type": kind} if kind else {}
    return Page(url=url, final_url=url, status=200, headers=headers, body=answer.body, fetched=captured)


def without_frame(body: bytes, memento: str) -> bytes:
    """Return a page without an archive's toolbar, and with the publisher's addresses in its links.

    memento: address of the page at the archive, which its links begin with.
    """
    for begin, end in _TOOLBARS:
        body = _without_parts(body, begin, end)
    stamp = re.search(r"/\d{14}(?=/)", urlsplit(memento).path)
    if stamp is None:
        return body
    parts = urlsplit(memento)
    folder = re.escape(parts.path[: stamp.start()].encode())
    site = re.escape(f"{parts.scheme}://{parts.netloc}".encode())
    host = re.escape(f"//{parts.netloc}".encode())
    own = rb"(?:" + site + rb"|(?<=[\"'=\s(,])(?:" + host + rb")?)" + folder
    return re.sub(own + rb"/\d{1,14}(?:[a-z]{2}_)?/(?=https?:)", b"", body)


def _without_parts(body: bytes, begin: re.Pattern[bytes], end: re.Pattern[bytes]) -> bytes:
    """Return a body without what stands between two marks, in one pass: a page may hold a million of them."""
    kept: list[bytes] = []
    place = 0
    while (first := begin.search(body, place)) and (last := end.search(body, first.end())):
        kept.append(body[place : first.start()])
        place = last.end()
    return b"".join([*kept, body[place:]])
