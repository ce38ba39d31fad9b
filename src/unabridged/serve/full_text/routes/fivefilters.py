"""Routes `/makefulltextfeed.php` and `/extract.php`, as Full-Text RSS and Feed Creator have them."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from lxml import etree
from starlette.responses import RedirectResponse, Response

from unabridged import urls
from unabridged.errors import (
    ExtractError,
    FeedError,
    FetchRefused,
    InvalidURL,
    InvalidValue,
    UnabridgedError,
)
from unabridged.feeds.write import CONTENT_TYPES
from unabridged.serve.context import AppContext, Context
from unabridged.serve.full_text import feed_creator, fivefilters, rss
from unabridged.serve.full_text.admission import Caller, GivenKey, NotAdmitted, admit
from unabridged.serve.full_text.answers import JSON, answer_headers, plain_error
from unabridged.serve.full_text.documents import to_json
from unabridged.serve.full_text.fivefilters import Options
from unabridged.serve.full_text.reading import Reading, services_of
from unabridged.serve.full_text.request_fields import (
    Fields,
    read_fields,
    service_url,
    url_spellings,
)
from unabridged.serve.routes.feed_documents import conditional

router = APIRouter()

JSONP = "application/javascript; charset=utf-8"


@router.get("/makefulltextfeed.php")
async def full_text_feed(request: Request, context: Context) -> Response:
    """Return any feed with whole articles, or any page as a feed of one item."""
    return await _answered(request, context, fivefilters.FEED_FIELDS, _full_text_feed)


@router.get("/extract.php")
async def extract(request: Request, context: Context) -> Response:
    """Return the article of a page as JSON, or the feed that selectors make of a page."""
    return await _answered(request, context, feed_creator.FIELDS, _extract)


@router.post("/extract.php")
async def extract_sent(request: Request, context: Context) -> Response:
    """Return the article of a page as JSON; the form may bring the page's HTML."""
    return await _answered(request, context, feed_creator.FIELDS, _extract)


Answer = Callable[[Request, AppContext, Fields, Caller], Awaitable[Response]]


async def _answered(request: Request, context: AppContext, own: frozenset[str], answer: Answer) -> Response:
    try:
        fields = await read_fields(request, own)
        given = GivenKey(url=fields.get("url"), key=fields.get("key"), hash=fields.get("hash"))
        caller = await admit(request, context, given, url_spellings(given.url), services_of(request).rate)
        if not given.url.strip():
            raise InvalidURL("", fivefilters.NO_URL)
        return await answer(request, context, fields, caller)
    except (NotAdmitted, UnabridgedError) as exc:
        return plain_error(exc, request.headers, _text_of(exc))


def _text_of(error: Exception) -> str | None:
    """Return the text that clients of Full-Text RSS know for an error; None for the error's own."""
    if isinstance(error, InvalidURL):
        return fivefilters.BAD_URL if error.why != fivefilters.NO_URL else fivefilters.NO_URL
    if isinstance(error, FetchRefused):
        return fivefilters.BLOCKED
    return fivefilters.NO_FEED if isinstance(error, FeedError) else None


def _without_secret(path: str, fields: Fields, caller: Caller) -> Response:
    """Redirect to the address that people may pass on: it opens this one page or feed only."""
    answer = RedirectResponse(f"{path}?{_public_query(fields, caller)}", 302)
    answer.headers["cache-control"] = "no-store"
    return answer


def _public_query(fields: Fields, caller: Caller) -> str:
    """Return the query of a request without secrets and without the HTML that it brought."""
    kept = {name: value for name, value in fields.values.items() if name != "inputhtml"}
    if caller.user is not None:  # a key is a person's token
        kept.pop("key", None)
    elif caller.hash:
        kept |= {"key": caller.name, "hash": caller.hash}
    elif not fields.has("hash"):
        kept.pop("key", None)
    return urlencode(kept, errors="replace")


def _reading(request: Request, context: AppContext, options: Options, url: str) -> Reading:
    rules = {f"{urls.host(url).removeprefix('www.')}.txt": options.site_rules} if options.site_rules else {}
    return Reading(context=context, services=services_of(request), site_rules=rules)


def _options(fields: Fields, context: AppContext) -> Options:
    options = fivefilters.read_options(fields, context.settings.full_text)
    if options.callback and not rss.is_callback(options.callback):
        raise InvalidValue("Invalid callback supplied")
    return options


async def _full_text_feed(request: Request, context: AppContext, fields: Fields, caller: Caller) -> Response:
    if caller.hash and fields.has("key") and fields.get("key_redirect", "1") != "0":
        return _without_secret(request.url.path, fields, caller)
    options, url = _options(fields, context), service_url(fields.get("url"))
    reading = _reading(request, context, options, url)
    made = await reading.feed(url, accept=options.accept, limit=options.most)
    channel = rss.Channel(
        title=made.document.title,
        link=made.feed.site_url or url,
        description=made.document.description,
        self_url=context.address(request, f"{request.url.path}?{_public_query(fields, caller)}"),
        url=url,
    )

    def write() -> bytes:
        items = fivefilters.feed_items(made, options)
        if not items:
            raise ExtractError(fivefilters.NO_ITEMS)
        return _written(rss.rss_tree(channel, items), options)

    return _document(request, await asyncio.to_thread(write), options, caller)


def _written(tree: etree._Element, options: Options) -> bytes:
    return (
        _with_callback(rss.to_json_document(tree), options) if options.format == "json" else rss.to_rss(tree)
    )


def _with_callback(body: bytes, options: Options) -> bytes:
    return rss.to_jsonp(options.callback, body) if options.callback else body


def _document(request: Request, body: bytes, options: Options, caller: Caller) -> Response:
    kinds = {"rss": CONTENT_TYPES["rss"], "json": JSONP if options.callback else JSON}
    answer = conditional(request.headers, body, kinds[options.format], None)
    answer.headers.update(answer_headers(caller))
    return answer


async def _extract(request: Request, context: AppContext, fields: Fields, caller: Caller) -> Response:
    if feed_creator.is_asked(fields):
        return await _created_feed(request, context, fields, caller)
    options, url = _options(fields, context), service_url(fields.get("url"))
    reading, html = _reading(request, context, options, url), fields.get("inputhtml")
    read = await (reading.html(url, html.encode("utf-8", "replace")) if html.strip() else reading.page(url))
    if not read.article.text:
        raise ExtractError("Sorry, no full text was found on this page")

    def write() -> bytes:
        return _with_callback(to_json(dict(fivefilters.extracted(read.article, url, options))), options)

    body = await asyncio.to_thread(write)
    return _document(request, body, Options(format="json", callback=options.callback), caller)


async def _created_feed(request: Request, context: AppContext, fields: Fields, caller: Caller) -> Response:
    options, url = _options(fields, context), service_url(fields.get("url"))
    selectors = feed_creator.read_selectors(fields, context.settings.full_text)
    feed = await _reading(request, context, options, url).selected(url, selectors)
    channel = rss.Channel(
        title=feed.title,
        link=url,
        description=feed.description,
        self_url=context.address(request, f"{request.url.path}?{_public_query(fields, caller)}"),
        url=url,
    )
    body = _written(rss.rss_tree(channel, feed_creator.created_items(feed)), options)
    return _document(request, body, options, caller)
