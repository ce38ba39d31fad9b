"""Error responses: the status of each error, as an HTML page for browsers or plain text for programs."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from unabridged.api_records.base import is_api
from unabridged.errors import (
    ArchiveUnwritable,
    BadQuery,
    BadStatus,
    DocumentError,
    ExtractError,
    FeedError,
    FetchError,
    FetchRefused,
    FetchTimeout,
    InvalidURL,
    InvalidValue,
    LoginRefused,
    NotFound,
    UnabridgedError,
)
from unabridged.serve.api.problems import NO_SUCH_CALL, kind_of_error, problem_response, wrong_fields
from unabridged.serve.context import get_context, language_headers, path_and_query
from unabridged.serve.full_text.documents import write_failure
from unabridged.serve.full_text.negotiation import CONTENT_TYPES, wanted_form
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.security import ForeignRequest, harden, safe_next

log = logging.getLogger("unabridged.serve")

STATUSES: tuple[tuple[type[UnabridgedError], int], ...] = (
    # the first matching class counts
    (NotFound, 404),
    (InvalidURL, 400),
    (BadQuery, 422),
    (FetchRefused, 403),
    (FetchTimeout, 504),
    (FetchError, 502),
    (FeedError, 422),
    (ExtractError, 422),
    (ArchiveUnwritable, 503),
    (LoginRefused, 403),
    (InvalidValue, 422),
    (DocumentError, 422),
)
TITLES = {
    400: later("This address is not valid"),
    403: later("This is not allowed"),
    404: later("There is nothing here"),
    405: later("This request is not supported"),
    422: later("This cannot be read"),
    500: later("Something went wrong"),
    502: later("The site could not be read"),
    503: later("The archive cannot be written to"),
    504: later("The site took too long"),
}


def status_of(error: UnabridgedError) -> int:
    """Return the HTTP status for an error of this program."""
    if isinstance(error, BadStatus) and error.status in (404, 410):
        return 404
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def _accepts_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def error_response(request: Request, status: int, text: str) -> Response:
    """Return an error: an HTML page for browsers, a line of text for other clients, a problem of the API.

    Clients that ask for Markdown or JSON get that, with the reason and the status.
    """
    if is_api(request.scope["path"]):
        return problem_response(status, text)
    text = reported(text)
    form = wanted_form(request.headers.get("accept", ""))
    if form in ("markdown", "json"):
        body = write_failure(form, status=status, error=text, url=path_and_query(request))
        return Response(body, status, language_headers(), media_type=CONTENT_TYPES[form])
    if not _accepts_html(request):
        return PlainTextResponse(text + "\n", status, headers=language_headers())
    title = gettext(TITLES.get(status, TITLES[500]))
    return get_context(request).render(
        request, "error.html", status=status, title=title, text=text, link=None
    )


def foreign_response(request: Request, text: str, *, openable: bool) -> Response:
    """Return the refusal of a request from another site. openable: offer a link to open it from our page."""
    if not openable or not _accepts_html(request) or is_api(request.scope["path"]):
        return error_response(request, 403, text)
    context = get_context(request)
    link = {"href": safe_next(path_and_query(request)), "name": gettext("Open it")}
    text = sentences(text, gettext("Open it if you meant to come here."))
    return context.render(request, "error.html", status=403, title=gettext(TITLES[403]), text=text, link=link)


def add_error_pages(app: FastAPI) -> None:
    """Register the error handlers of the app."""
    app.add_exception_handler(UnabridgedError, _unabridged_error)
    app.add_exception_handler(ForeignRequest, _foreign_request)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _client_disconnected)
    app.add_exception_handler(Exception, _unexpected_error)


def _unabridged_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, UnabridgedError)
    if is_api(request.scope["path"]):
        return problem_response(status_of(exc), str(exc), kind=kind_of_error(exc))
    return error_response(request, status_of(exc), str(exc))


def _foreign_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ForeignRequest)
    return error_response(request, 403, exc.reason)


def _invalid_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    errors: Sequence[Any] = exc.errors()
    is_address = any(error["loc"][:1] == ("path",) for error in errors)
    if is_api(request.scope["path"]):
        fields = wrong_fields(errors)
        told = "; ".join(f"{one.field}: {one.message}" for one in fields[:3])
        return problem_response(404 if is_address else 422, told, errors=fields)
    if is_address:
        return error_response(request, 404, gettext("There is no article, feed or version at this address."))
    names = ", ".join(str(error["loc"][-1]) for error in errors)
    words = gettext("A parameter of this address is missing or has an invalid value: {names}.")
    return error_response(request, 400, words.format(names=names))


def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    if is_api(request.scope["path"]):
        told = NO_SUCH_CALL.get(exc.status_code, str(exc.detail))
        return problem_response(exc.status_code, told, headers=exc.headers or {})
    texts = {
        404: gettext("There is no page at this address. Look in the list of articles or in the sources."),
        405: gettext("This address does not support this request method."),
    }
    answer = error_response(request, exc.status_code, texts.get(exc.status_code, str(exc.detail)))
    answer.headers.update(exc.headers or {})
    return answer


def _client_disconnected(request: Request, exc: Exception) -> Response:
    # The client will not read this response; a disconnect is not an error of the program.
    log.debug("The client disconnected while sending %s", request.url.path)
    return PlainTextResponse("The client disconnected.\n", 400)


def _unexpected_error(request: Request, exc: Exception) -> Response:
    # Starlette sends this response outside of all middleware, so the headers are added here.
    log.error("internal error while answering %s", request.url.path, exc_info=exc)
    text = gettext("This is an error in the program. It was written to the log. The archive is not affected.")
    return harden(error_response(request, 500, text))
