"""Errors as answers: which status each one has, a page in style for a browser, a line for a program."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import (
    ArchiveUnwritable,
    BadQuery,
    BadStatus,
    ExtractError,
    FeedError,
    FetchError,
    FetchRefused,
    FetchTimeout,
    InvalidURL,
    NotFound,
    UnabridgedError,
)
from unabridged.serve.context import get_context, path_and_query
from unabridged.serve.security import ForeignRequest, harden, safe_next

log = logging.getLogger("unabridged.serve")

STATUSES: tuple[tuple[type[UnabridgedError], int], ...] = (
    # the first class that fits
    (NotFound, 404),
    (InvalidURL, 400),
    (BadQuery, 422),
    (FetchRefused, 403),
    (FetchTimeout, 504),
    (FetchError, 502),
    (FeedError, 422),
    (ExtractError, 422),
    (ArchiveUnwritable, 503),
)
TITLES = {
    400: "This address is not complete",
    403: "This is not allowed",
    404: "There is nothing here",
    405: "This address cannot be used that way",
    422: "This cannot be read",
    500: "Something went wrong",
    502: "The site could not be read",
    503: "The archive cannot be written",
    504: "The site took too long",
}


def status_of(error: UnabridgedError) -> int:
    """Return the HTTP status that an error of ours is answered with."""
    if isinstance(error, BadStatus) and error.status in (404, 410):
        return 404
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def _accepts_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def error_response(request: Request, status: int, text: str) -> Response:
    """Return an error as a page for a browser, as a line of text for anything else."""
    if not _accepts_html(request):
        return PlainTextResponse(text + "\n", status)
    title = TITLES.get(status, TITLES[500])
    return get_context(request).render(
        request, "error.html", status=status, title=title, text=text, link=None
    )


def foreign_response(request: Request, text: str, *, openable: bool) -> Response:
    """Return the refusal of what another site had sent. openable: a person may go on by a link of ours."""
    if not openable or not _accepts_html(request):
        return error_response(request, 403, text)
    context = get_context(request)
    link = {"href": safe_next(path_and_query(request)), "name": "Open it"}
    text += " Open it if you meant to come here."
    return context.render(request, "error.html", status=403, title=TITLES[403], text=text, link=link)


def add_error_pages(app: FastAPI) -> None:
    """Answer every error of the app in our own words."""
    app.add_exception_handler(UnabridgedError, _unabridged_error)
    app.add_exception_handler(ForeignRequest, _foreign_request)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _client_disconnected)
    app.add_exception_handler(Exception, _unexpected_error)


def _unabridged_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, UnabridgedError)
    return error_response(request, status_of(exc), str(exc))


def _foreign_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ForeignRequest)
    return error_response(request, 403, exc.reason)


def _invalid_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    errors: Sequence[Any] = exc.errors()
    if any(error["loc"][:1] == ("path",) for error in errors):
        return error_response(request, 404, "No article, feed or version has this address.")
    names = ", ".join(str(error["loc"][-1]) for error in errors)
    return error_response(
        request, 400, f"Something in this address is missing, or has a value that is not known: {names}."
    )


def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    said = {
        404: "No page has this address. The list of articles and the sources are where everything is.",
        405: "This address takes another kind of request.",
    }
    answer = error_response(request, exc.status_code, said.get(exc.status_code, str(exc.detail)))
    answer.headers.update(exc.headers or {})
    return answer


def _client_disconnected(request: Request, exc: Exception) -> Response:
    # Nobody reads this answer; a client that leaves is no fault of the program.
    log.debug("The client left while it sent %s", request.url.path)
    return PlainTextResponse("You left.\n", 400)


def _unexpected_error(request: Request, exc: Exception) -> Response:
    # Starlette sends this one from outside of all layers, so the headers are put on here.
    log.error("fault while answering %s", request.url.path, exc_info=exc)
    text = "This is a fault in the program, and it was written to its log. Nothing of the archive is lost."
    return harden(error_response(request, 500, text))
