"""Routes of Memento: `/web/<time>/<url>`, TimeGate `/web/<url>`, TimeMaps, and a page of all versions."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from unabridged.archive.records.core import RevisionLine, StoredArticle
from unabridged.errors import InvalidValue, NotFound
from unabridged.feeds.write import http_date
from unabridged.serve.context import AppContext, Context, path_and_query
from unabridged.serve.error_pages import error_response
from unabridged.serve.languages.messages import gettext
from unabridged.serve.memento.links import (
    LINK_FORMAT,
    Addresses,
    memento_links,
    timegate_links,
    timemap_json,
    timemap_links,
)
from unabridged.serve.memento.mementos import (
    Memento,
    mementos_of,
    nearest,
    original_url,
    parse_accept_datetime,
    parse_stamp,
)
from unabridged.serve.memento.views import memento_lines, memento_view
from unabridged.serve.routes import media
from unabridged.serve.routes.article.evidence import raw

router = APIRouter()

PRIVATE = {"cache-control": "private, no-cache"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A page that the viewer's library holds, with its mementos, oldest first."""

    stored: StoredArticle
    lines: tuple[RevisionLine, ...]
    mementos: tuple[Memento, ...]
    addresses: Addresses


def _held(request: Request, context: AppContext, before: str) -> _Held:
    """Find the page whose address follows `before` in that of a request. Raises NotFound.

    The address is read as it was sent: its own query is a part of it, and its escapes stay.
    """
    url = original_url(path_and_query(request).partition(before)[2])
    articles = context.library.articles
    stored = articles.find(url)
    if stored is None:
        raise NotFound(gettext("No version of {url} is stored here.").format(url=url[:200]))
    lines = articles.revisions(stored.id)
    addresses = Addresses(original=url, address=partial(context.address, request))
    return _Held(stored=stored, lines=lines, mementos=mementos_of(lines), addresses=addresses)


@router.get("/web/timemap/{format_name}/{url:path}")
def timemap(request: Request, context: Context, format_name: Literal["link", "json"]) -> Response:
    """Return the TimeMap of a page: all its versions, in link format or JSON."""
    held = _held(request, context, f"/timemap/{format_name}/")
    if format_name == "json":
        return JSONResponse(timemap_json(held.addresses, held.mementos), headers=PRIVATE)
    return Response(timemap_links(held.addresses, held.mementos), media_type=LINK_FORMAT, headers=PRIVATE)


@router.get("/web/*/{url:path}")
def versions(request: Request, context: Context) -> Response:
    """Show all versions of a page, for people."""
    held = _held(request, context, "/web/*/")
    return context.render(
        request,
        "mementos.html",
        stored=held.stored,
        url=held.addresses.original,
        lines=memento_lines(held.lines, held.mementos, held.addresses, context.moment()),
        formats={name: held.addresses.timemap(name) for name in ("link", "json")},
    )


@router.get("/web/{stamp}id_/{url:path}")
def raw_page(request: Request, context: Context, stamp: Annotated[str, Path(max_length=14)]) -> Response:
    """Return the raw page of the version nearest to a time, byte for byte, as a file that nothing runs."""
    at = parse_stamp(stamp)
    held = _held(request, context, f"/{stamp}id_/")
    pages = [one for one in held.mementos if one.has_page]
    if not pages:
        raise NotFound(gettext("No raw page of {url} is stored here.").format(url=held.addresses.original))
    found = nearest(pages, at)
    if found.at != at:
        address = held.addresses.memento(found).replace(f"/{found.stamp}/", f"/{found.stamp}id_/", 1)
        return RedirectResponse(address, 302, headers=PRIVATE)
    answer = raw(context, held.stored.id, found.number)
    line = next(one for one in held.lines if one.number == found.number)
    snapshot = context.library.articles.snapshot(line.snapshot or "")
    answer.headers.update(_memento_headers(held, found))
    kind = snapshot.headers.get("content-type", "")
    if kind.isascii() and kind.isprintable() and kind:
        answer.headers["x-archive-orig-content-type"] = kind[:200]
    return answer


@router.get("/web/{url:path}")
def memento(request: Request, context: Context, url: str) -> Response:
    """Show the version of a page nearest to a time, or lead to it by Accept-Datetime."""
    stamp, slash, _ = url.partition("/")
    if not slash or not stamp.isdecimal() or not stamp.isascii():
        return _timegate(request, context)
    at = parse_stamp(stamp)
    held = _held(request, context, f"/web/{stamp}/")
    found = nearest(held.mementos, at)
    if found.stamp != stamp:
        links = {"link": timegate_links(held.addresses, held.mementos)}
        return RedirectResponse(held.addresses.memento(found), 302, headers=PRIVATE | links)
    return _memento_page(request, context, held, found)


def _timegate(request: Request, context: AppContext) -> Response:
    """Lead to the version nearest to Accept-Datetime, without it to the last one (RFC 7089, section 4.1).

    Answers 400 to an Accept-Datetime that is no time (section 4.5.3).
    """
    asked = request.headers.get("accept-datetime")
    held = _held(request, context, "/web/")
    try:
        found = nearest(held.mementos, parse_accept_datetime(asked)) if asked else held.mementos[-1]
    except InvalidValue as exc:
        return error_response(request, 400, str(exc))
    headers = PRIVATE | {"vary": "accept-datetime", "link": timegate_links(held.addresses, held.mementos)}
    return RedirectResponse(held.addresses.memento(found), 302, headers=headers)


def _memento_headers(held: _Held, found: Memento) -> dict[str, str]:
    return {
        "memento-datetime": http_date(found.at),
        "link": memento_links(held.addresses, held.mementos, found),
    }


def _memento_page(request: Request, context: AppContext, held: _Held, found: Memento) -> Response:
    revision = context.library.articles.revision(held.stored.id, found.number)
    answer = context.render(
        request,
        "memento.html",
        view=memento_view(revision, held.mementos, found, held.addresses, context.moment()),
        body=media.rewrite_body(revision.article.html, context.signer, context.base_path),
    )
    answer.headers.update(_memento_headers(held, found))
    return answer
