"""Documents in the place of pages of the reader, for programs that ask for them by `Accept` or `format`."""

import asyncio

from fastapi import Request
from starlette.responses import Response

from unabridged.archive.records.core import StoredArticle
from unabridged.errors import InvalidValue, UnabridgedError
from unabridged.poll.reports import FullTextFeed
from unabridged.serve.context import AppContext
from unabridged.serve.full_text import documents, negotiation
from unabridged.serve.full_text.admission import Caller, NotAdmitted
from unabridged.serve.full_text.answers import answer_headers, error_headers, error_status
from unabridged.serve.full_text.negotiation import Form
from unabridged.serve.full_text.reading import Reading, services_of
from unabridged.serve.languages.messages import gettext

MARKDOWN = negotiation.CONTENT_TYPES["markdown"]


async def markdown_of(request: Request, context: AppContext, url: str, limit: int) -> Response:
    """Return a page as one document with front matter, a feed as one for each of its articles."""
    try:
        reading = Reading(context=context, services=services_of(request))
        made = await reading.feed(url, accept="auto", limit=limit)
    except (NotAdmitted, UnabridgedError) as exc:
        status = error_status(exc)
        body = documents.write_failure("markdown", status=status, error=str(exc), url=url)
        return Response(body, status, error_headers(exc, asks_login=False), media_type=MARKDOWN)
    headers = answer_headers(Caller(way="person"))
    body = await asyncio.to_thread(_written, made, documents.page_origin(context.clock()))
    return Response(body, headers=headers, media_type=MARKDOWN)


def _written(made: FullTextFeed, origin: documents.Origin) -> bytes:
    articles = [item.article for item in made.items]
    return b"\n".join(documents.write_document("markdown", article, origin) for article in articles)


def wanted_document(request: Request) -> Form | None:
    """Return the form in which a program wants an article, None for the page. Raises InvalidValue."""
    name = request.query_params.get("format", "")
    form = negotiation.wanted_form(request.headers.get("accept", ""), name)
    if name and form is None:
        words = gettext("A parameter of this address is missing or has an invalid value: {names}.")
        raise InvalidValue(words.format(names="format"))
    return form if name or form != "html" else None


def article_document(
    request: Request, context: AppContext, stored: StoredArticle, form: Form, path: str = ""
) -> Response:
    """Return a version of an article as a document. path: of the version, if it is not the newest."""
    origin = documents.archive_origin(stored, context.address(request, path or f"/a/{stored.id}"))
    body = documents.write_document(form, stored.article, origin)
    headers = {"cache-control": "private, no-cache", "vary": "Accept, Cookie"}
    return Response(body, headers=headers, media_type=negotiation.CONTENT_TYPES[form])


def with_accept(page: Response) -> Response:
    """Return a page of an address that has other forms, too."""
    page.headers["vary"] = f"Accept, {page.headers['vary']}"
    return page
