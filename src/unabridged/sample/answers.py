"""Decides what a sample site answers to a request: pages, feeds, pictures, files."""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from unabridged.sample.feeds import CONTENT_TYPES, write_feed
from unabridged.sample.images import paint
from unabridged.sample.layout import BASE_MARK, PAGE_ENDINGS, Site
from unabridged.sample.render import SHARED_TEMPLATES, Stage, page_path, render_article, render_front

_PICTURE = re.compile(r"/img/(?P<name>[\w.-]{1,80})-(?P<width>\d{1,4})x(?P<height>\d{1,4})\.png")
_FEED_ENDINGS: Final = {
    ".rss": "application/rss+xml",
    ".rdf": "application/rdf+xml",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".json": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, headers and a body. modified: when the thing last changed, None where that is not known."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None


NOT_FOUND: Final = Answer(
    status=404,
    body=b"<!doctype html><title>Not found</title><h1>Not found</h1><p>There is no such page here.</p>",
    headers={"Content-Type": "text/html; charset=utf-8"},
)


def answer(stage: Stage, path: str, *, asked: int = 0) -> Answer:
    """Return the site's response at `path` (decoded, no query). asked: earlier requests for it."""
    for feed in stage.site.feeds:
        if feed.path == path and (not feed.case or feed.case in stage.cases):
            # An old encoding is declared in the document alone, as most such feeds do.
            charset = "; charset=utf-8" if stage.site.feed_charset == "utf-8" else ""
            kind = CONTENT_TYPES[feed.format] + charset
            return Answer(
                body=write_feed(stage, feed, asked), headers={"Content-Type": kind}, modified=_newest(stage)
            )
    return _article(stage, path) or _picture(path) or _file(stage, path) or _front(stage, path) or NOT_FOUND


def _newest(stage: Stage) -> datetime | None:
    dates = [item.first.published for item in stage.articles() if item.first.published]
    return max(dates, default=None)


def _article(stage: Stage, path: str) -> Answer | None:
    for source in stage.articles():
        state = source.at(stage.events)
        for number in range(1, max(1, len(state.bodies)) + 1):
            if path != page_path(state, number):
                continue
            body = render_article(stage, source, number) if state.status == 200 else NOT_FOUND.body
            return Answer(
                status=state.status, body=body, headers=_page_headers(stage.site), modified=state.published
            )
    return None


def _page_headers(site: Site) -> dict[str, str]:
    charset = f"; charset={site.header_charset}" if site.header_charset else ""
    return {"Content-Type": f"text/html{charset}"}


def _picture(path: str) -> Answer | None:
    found = _PICTURE.fullmatch(path)
    if not found:
        return None
    try:
        picture = paint(found["name"], int(found["width"]), int(found["height"]))
    except ValueError:
        return NOT_FOUND
    return Answer(body=picture, headers={"Content-Type": "image/png", "Cache-Control": "max-age=86400"})


def _file(stage: Stage, path: str) -> Answer | None:
    """A file made beforehand; the mark or the site's written base becomes the address it is served at."""
    site = stage.site
    index = path.rstrip("/") + "/index.html"
    found = next((name for name in (path, path + ".html", index, unquote(path)) if name in site.files), None)
    if found is None:
        shared = SHARED_TEMPLATES / "static" / path.rsplit("/", 1)[-1]
        return _plain_file(shared) if path.startswith("/shared/") and shared.is_file() else None
    file = site.files[found]
    ending = file.suffix.lower()
    if ending in PAGE_ENDINGS:
        headers = _page_headers(site)
    elif ending in _FEED_ENDINGS:
        headers = {"Content-Type": _FEED_ENDINGS[ending]}
    else:
        return _plain_file(file)
    return Answer(body=_placed(stage, file.read_bytes()), headers=headers, modified=_changed(file))


def _placed(stage: Stage, body: bytes) -> bytes:
    for mark in (BASE_MARK, stage.site.base):
        if mark:
            body = body.replace(mark.encode(), stage.origin.encode())
    return body


def _plain_file(file: Path) -> Answer:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Answer(body=file.read_bytes(), headers={"Content-Type": kind}, modified=_changed(file))


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(int(file.stat().st_mtime), UTC)


def _front(stage: Stage, path: str) -> Answer | None:
    if path != "/" or not stage.site.articles:
        return None
    return Answer(body=render_front(stage), headers=_page_headers(stage.site))


def with_validators(made: Answer, asked: Mapping[str, str]) -> Answer:
    """Add ETag and Last-Modified; answer 304 when the request's own (lower-case names) still hold."""
    if made.status != 200:
        return made
    etag = f'"{hashlib.sha256(made.body).hexdigest()[:20]}"'
    headers = {**made.headers, "ETag": etag}
    if made.modified:
        headers["Last-Modified"] = format_datetime(made.modified.astimezone(UTC), usegmt=True)
    if _unchanged(etag, made.modified, asked):
        return Answer(status=304, headers=headers)
    return Answer(status=200, body=made.body, headers=headers, modified=made.modified)


def _unchanged(etag: str, modified: datetime | None, asked: Mapping[str, str]) -> bool:
    """RFC 9110 §13.2.2: If-None-Match decides alone where it is sent."""
    if "if-none-match" in asked:
        return etag in {item.strip().removeprefix("W/") for item in asked["if-none-match"].split(",")}
    since = asked.get("if-modified-since")
    if not since or modified is None:
        return False
    try:
        return int(modified.timestamp()) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False
