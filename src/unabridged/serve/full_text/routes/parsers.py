"""Routes of other extraction servers: Mercury's `/parser` and `/parse-html`, Readability's `POST /`."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.errors import InvalidURL, UnabridgedError
from unabridged.model import Article
from unabridged.serve.context import AppContext, Context
from unabridged.serve.full_text import parsers
from unabridged.serve.full_text.admission import Caller, GivenKey, NotAdmitted, admit
from unabridged.serve.full_text.answers import JSON, answer_headers, error_headers, error_status
from unabridged.serve.full_text.documents import to_json
from unabridged.serve.full_text.reading import Reading, services_of
from unabridged.serve.full_text.request_fields import Fields, read_fields, url_spellings

router = APIRouter()

Shape = Callable[[Article, str, Fields], Mapping[str, Any]]
"""Makes the object of an answer, of an article, the address asked for, and the request's fields."""


@router.get("/parser")
async def parse(request: Request, context: Context) -> Response:
    """Return the article of a page in the shape of Mercury."""
    return await _mercury(request, context)


@router.post("/parser")
async def parse_sent(request: Request, context: Context) -> Response:
    """Return the article of a page in the shape of Mercury; the body may bring the page's HTML."""
    return await _mercury(request, context)


@router.post("/parse-html")
async def parse_html(request: Request, context: Context) -> Response:
    """Do the same under the address that postlight/parser-api has for it."""
    return await _mercury(request, context)


async def _mercury(request: Request, context: AppContext) -> Response:
    try:
        fields = await read_fields(request, parsers.MERCURY_FIELDS)
        return await _article(request, context, fields, _as_mercury)
    except InvalidURL as exc:
        return _failure(request, exc, parsers.mercury_error(parsers.NO_MERCURY_URL))
    except (NotAdmitted, UnabridgedError) as exc:
        return _failure(request, exc, parsers.mercury_error(str(exc)))


def _as_mercury(article: Article, url: str, fields: Fields) -> Mapping[str, Any]:
    return parsers.mercury(article, fields.get("contentType", "html"))


@router.post("/")
async def readability(request: Request, context: Context) -> Response:
    """Return the article of a page in the shape of readability-js-server."""
    url = ""
    try:
        fields = await read_fields(request, parsers.MERCURY_FIELDS)
        url = fields.get("url").strip()
        return await _article(request, context, fields, _as_readability)
    except (NotAdmitted, UnabridgedError) as exc:
        words = str(exc) if url or isinstance(exc, NotAdmitted) else parsers.SEND_JSON
        return _failure(request, exc, parsers.readability_error(words, url))


def _as_readability(article: Article, url: str, fields: Fields) -> Mapping[str, Any]:
    return parsers.readability(article, url)


async def _article(request: Request, context: AppContext, fields: Fields, shape: Shape) -> Response:
    url, services = fields.get("url").strip(), services_of(request)
    given = GivenKey(url=url, key=fields.get("key"), hash=fields.get("hash"))
    caller = await admit(request, context, given, url_spellings(url), services.rate)
    if not url:
        raise InvalidURL(url, "it is empty")
    reading, html = Reading(context=context, services=services), fields.get("html")
    if html.strip():
        read = await reading.html(url, html.encode("utf-8", "replace"))
    else:
        read = await reading.page(url)
    body = await asyncio.to_thread(lambda: to_json(dict(shape(read.article, url, fields))))
    return _json(body, caller)


def _json(body: bytes, caller: Caller) -> Response:
    return Response(body, headers=answer_headers(caller), media_type=JSON)


def _failure(request: Request, error: UnabridgedError | NotAdmitted, body: Mapping[str, Any]) -> Response:
    asks_login = "sec-fetch-mode" not in request.headers
    headers = error_headers(error, asks_login=asks_login)
    return Response(to_json(dict(body)), error_status(error), headers, media_type=JSON)
