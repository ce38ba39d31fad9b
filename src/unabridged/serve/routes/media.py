"""Image proxy and feed icons: URLs are signed, responses are checked to be raster images."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

import nh3
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import FetchError, InvalidURL
from unabridged.extraction.html.sanitizer import (
    BLOCK_TAGS,
    CODE_CLASS,
    FOOTNOTE_ID,
    INLINE_TAGS,
    MATH_ATTRIBUTES,
    MATH_TAGS,
)
from unabridged.fetch.client import ACCEPT_IMAGE
from unabridged.image_types import raster_type
from unabridged.model import Page
from unabridged.serve.context import AppContext, get_context
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext
from unabridged.serve.security import MEDIA_CSP, Signer

router = APIRouter()

MAX_URL = 8192
SIGNING_PURPOSE = "media"
STREAM = "stream"
"""Purposes of signatures: of a picture, of an audio or video file."""

_ANYWHERE = {"lang", "dir", "id", "title"}
_ATTRIBUTES = {
    **MATH_ATTRIBUTES,
    "a": {"href"},
    "code": {"class"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}


def proxy_url(url: str, signer: Signer) -> str:
    """Return the URL of an image at our proxy."""
    return "/media?" + urlencode({"u": url, "s": signer.sign(SIGNING_PURPOSE, url)})


def thumb_url(url: str | None, signer: Signer) -> str | None:
    """Return the URL of a list's picture at our proxy; None for an article without one that it may show."""
    if not url or not url.startswith(("http://", "https://")) or url.split("?")[0].lower().endswith(".svg"):
        return None
    return proxy_url(url, signer)


def stream_url(url: str, signer: Signer) -> str:
    """Return the URL of an audio or video file at our proxy."""
    return "/stream?" + urlencode({"u": url, "s": signer.sign(STREAM, url)})


def rewrite_body(body: str, signer: Signer, base_path: str = "") -> str:
    """Return an article's stored HTML for display: images through our proxy, links unchanged.

    Sanitized again, because stored HTML may come from an older, less strict policy. base_path: the sub-path
    under which browsers see the app.
    """

    def picture(value: str) -> str | None:
        shown = value.startswith(("http://", "https://"))
        return base_path + proxy_url(value, signer) if shown else None

    return _cleaned(body, picture)


def without_pictures(body: str) -> str:
    """Return HTML for display that loads nothing at all: of a picture, only its description stays."""
    return _cleaned(body, lambda _url: None)


def _cleaned(body: str, picture: Callable[[str], str | None]) -> str:
    """Clean HTML once more. picture: returns what the address of a picture becomes."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return picture(value)
        if name == "id" and not FOOTNOTE_ID.fullmatch(value):
            return None  # an article must not use the id of an element of our page
        if name == "class" and not CODE_CLASS.fullmatch(value):
            return None
        return value

    return nh3.clean(
        body,
        tags=set(INLINE_TAGS | BLOCK_TAGS | MATH_TAGS),
        attributes={"*": _ANYWHERE} | {tag: _ANYWHERE | names for tag, names in _ATTRIBUTES.items()},
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
        set_tag_attribute_values={"img": {"loading": "lazy", "decoding": "async"}},
    )


@router.get("/media")
async def media(
    context: Annotated[AppContext, Depends(get_context)],
    u: Annotated[str, Query(max_length=MAX_URL)],
    s: Annotated[str, Query(max_length=100)],
) -> Response:
    """Serve an image of an article: only for signed URLs, only raster images."""
    if not context.signer.accepts(s, SIGNING_PURPOSE, u):
        return refusal(403, gettext("This image address is not valid any more. Reload the article."))
    kept = await asyncio.to_thread(context.archive.images.find, u)
    if kept is not None:
        return _image_response(kept.body, kept.type)
    fetcher = context.media_fetcher
    try:
        page = await fetcher.get(u, accept=ACCEPT_IMAGE, max_bytes=fetcher.settings.max_image_bytes)
    except (FetchError, InvalidURL) as exc:
        return refusal(status_of(exc), gettext("The image could not be fetched from its site."))
    kind = raster_type(page.body) if isinstance(page, Page) else None
    if kind is None or not isinstance(page, Page):
        return refusal(415, gettext("This is not an image of a supported type (PNG, JPEG, GIF, WebP, AVIF)."))
    return _image_response(page.body, kind)


@router.get("/icons/{feed_id}")
async def icon(
    context: Annotated[AppContext, Depends(get_context)], feed_id: Annotated[int, Path(ge=1, lt=10**15)]
) -> Response:
    """Serve the stored icon of a feed; nothing is fetched."""
    kept = await asyncio.to_thread(context.archive.images.icon, feed_id)
    return (
        refusal(404, gettext("There is no stored icon of this feed."))
        if kept is None
        else _image_response(kept.body, kept.type)
    )


def _image_response(body: bytes, kind: str) -> Response:
    return Response(
        body,
        media_type=kind,
        headers={
            "content-security-policy": MEDIA_CSP,
            "cache-control": "private, max-age=604800, immutable",
            "content-disposition": "inline",
            "cross-origin-resource-policy": "same-origin",
        },
    )


def refusal(status: int, text: str) -> PlainTextResponse:
    """Refuse a file of another site."""
    # Never echo the URL or the site's text: error pages of proxies that did had injection holes.
    return PlainTextResponse(
        text + "\n", status, headers={"content-security-policy": MEDIA_CSP, "cache-control": "no-store"}
    )
