"""Route `/read/<address>`: any page as Markdown, JSON, HTML or text, for scripts and people."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.core import StoredArticle
from unabridged.errors import FetchError, InvalidURL, InvalidValue, UnabridgedError
from unabridged.model import Article
from unabridged.poll.feeds.typed_address import spellings
from unabridged.poll.reports import ReadPage
from unabridged.serve.access import is_foreign
from unabridged.serve.context import AppContext, Context, path_and_query
from unabridged.serve.error_pages import foreign_response
from unabridged.serve.full_text import documents, negotiation
from unabridged.serve.full_text.admission import Caller, GivenKey, NotAdmitted, admit
from unabridged.serve.full_text.answers import answer_headers, error_headers, error_status
from unabridged.serve.full_text.documents import Origin
from unabridged.serve.full_text.negotiation import Form
from unabridged.serve.full_text.reading import (
    Reading,
    archived_copy,
    is_fresh,
    one_item,
    services_of,
)
from unabridged.serve.full_text.request_fields import Fields, read_query, url_spellings
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import media
from unabridged.serve.security import FOREIGN, safe_next
from unabridged.serve.views.any_feed import any_feed_view

router = APIRouter()

PREFIX = "/read/"
_ESCAPED_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}%3a", re.IGNORECASE)
_ONE_SLASH = re.compile(r"(https?):/+(?=[^/])", re.IGNORECASE)
_FORMAT = re.compile(r"(?:^|&)format=([a-z]{2,8})(?=&|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Target of a reading: the address as written, and the parameters that are ours."""

    url: str
    fields: Fields


def read_target(raw_path: str, query: str) -> Target:
    """Take the address out of a path. Pure.

    An escaped address (`/read/https%3A%2F%2Fx.org%2Fa%3Fb`) leaves the whole query to us. To one that is not
    escaped (`/read/https://x.org/a?b`) the query belongs, but for `format=` with the name of a form.
    """
    text = raw_path.removeprefix(PREFIX)
    escaped = _ESCAPED_SCHEME.match(text) or ("/" not in text and "%2f" in text.lower())
    if escaped:
        return Target(url=unquote(text), fields=read_query(query, frozenset()))
    own = next((one for one in _FORMAT.finditer(query) if one[1] in negotiation.NAMES), None)
    if own is not None:
        query = query[: own.start()] + query[own.end() :]
    url = _ONE_SLASH.sub(r"\1://", text, count=1) + (f"?{query.lstrip('&')}" if query else "")
    return Target(url=url, fields=Fields(values={"format": own[1]} if own else {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request to read an address. as_page: a browser shows the answer to a person."""

    request: Request
    context: AppContext
    target: Target
    form: Form
    as_page: bool


@router.get("/read/{address:path}")
async def read(request: Request, context: Context, address: str) -> Response:
    """Return the article of a page: a person's own copy in the archive where it is fresh, else read now."""
    target = read_target(_raw_path(request), request.url.query)
    name = target.fields.get("format")
    form = negotiation.wanted_form(request.headers.get("accept", ""), name) or "markdown"
    asked = _Asked(
        request=request, context=context, target=target, form=form, as_page=form == "html" and not name
    )
    try:
        if name and name.lower() not in negotiation.NAMES:
            raise InvalidValue(f"format must be one of {', '.join(sorted(negotiation.NAMES))}.")
        return await _answer(asked)
    except NotAdmitted as exc:
        return _refusal(asked, exc)
    except UnabridgedError as exc:
        if asked.as_page:
            raise
        return _failure(asked, exc)


def _raw_path(request: Request) -> str:
    """Return the path as it was sent; a proxy's sub-path stays in one that is not ASCII."""
    raw: bytes = request.scope.get("raw_path") or b""
    text = raw.decode("utf-8", "replace")
    return text if text.startswith(PREFIX) else quote(request.scope["path"], safe="/:@%?=&+,;~!$'()*")


async def _answer(asked: _Asked) -> Response:
    target, services = asked.target, services_of(asked.request)
    given = GivenKey(url=target.url, key=target.fields.get("key"), hash=target.fields.get("hash"))
    caller = await admit(asked.request, asked.context, given, url_spellings(target.url), services.rate)
    if not target.url:
        raise InvalidURL("", "it is empty; write it after /read/")
    url = spellings(target.url)[0]
    copy = await asyncio.to_thread(_own_copy, asked, caller, url)
    if copy is not None and copy.is_fresh and "no-cache" not in _cache_control(asked.request):
        return await _archived(asked, caller, copy.stored)
    try:
        found = await Reading(context=asked.context, services=services).page(target.url)
    except FetchError as exc:
        if copy is None:
            raise
        return await _archived(asked, caller, copy.stored, str(exc))
    if asked.as_page:
        return await asyncio.to_thread(_page, asked, found, url)
    return await _document(asked.form, found.article, documents.page_origin(found.page.fetched), caller)


def _cache_control(request: Request) -> str:
    return request.headers.get("cache-control", "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A person's article in the archive, and whether its page was read lately."""

    stored: StoredArticle
    is_fresh: bool


def _own_copy(asked: _Asked, caller: Caller, url: str) -> _Copy | None:
    if caller.user is None:
        return None
    stored = archived_copy(asked.context, caller.user, url)
    if stored is None:
        return None
    return _Copy(stored=stored, is_fresh=is_fresh(asked.context, caller.user, stored))


async def _archived(
    asked: _Asked, caller: Caller, stored: StoredArticle, problem: str | None = None
) -> Response:
    path = f"/a/{stored.id}"
    if asked.as_page:
        return RedirectResponse(path, 303)
    origin = documents.archive_origin(stored, asked.context.address(asked.request, path), problem)
    return await _document(asked.form, stored.article, origin, caller)


async def _document(form: Form, article: Article, origin: Origin, caller: Caller) -> Response:
    body = await asyncio.to_thread(documents.write_document, form, article, origin)
    headers = answer_headers(caller)
    if origin.kind == "archive":  # a person's own copy is for nobody else
        headers = {"cache-control": "private, no-cache", "vary": headers["vary"]}
    return Response(body, headers=headers, media_type=negotiation.CONTENT_TYPES[form])


def _page(asked: _Asked, found: ReadPage, url: str) -> Response:
    """Show a page that was just read to a person."""
    context = asked.context
    view = any_feed_view(
        one_item(found),
        url,
        context.moment(),
        rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
    )
    return context.render(asked.request, "read_page.html", view=view, title=view.title)


def _refusal(asked: _Asked, error: NotAdmitted) -> Response:
    """Refuse a program in words; lead a person to the login, or back from another site."""
    if asked.as_page and error.status == 401:
        wanted = safe_next(path_and_query(asked.request))
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    if asked.as_page and is_foreign(asked.request.scope):
        return foreign_response(asked.request, gettext(FOREIGN), openable=True)
    return _failure(asked, error)


def _failure(asked: _Asked, error: UnabridgedError | NotAdmitted) -> Response:
    status, form = error_status(error), asked.form
    body = documents.write_failure(form, status=status, error=str(error), url=asked.target.url)
    headers = error_headers(error, asks_login="sec-fetch-mode" not in asked.request.headers)
    kind = negotiation.CONTENT_TYPES["text" if form == "html" else form]
    return Response(body, status, headers, media_type=kind)
