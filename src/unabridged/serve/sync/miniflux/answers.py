"""Answers of the Miniflux API: JSON, its statuses, its errors, and times."""

from datetime import UTC, datetime

import orjson
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import BadQuery, FeedError, FetchError, NotFound, UnabridgedError
from unabridged.serve.error_pages import status_of

PRIVATE = {"cache-control": "private, no-store"}
JSON = "application/json"

NOT_FOUND = "resource not found"
FORBIDDEN = "access forbidden"
UNAUTHORIZED = "access unauthorized"

NEVER = "0001-01-01T00:00:00Z"
"""Time that Miniflux sends for none."""


class Refusal(Exception):
    """A request that is answered with an error. status: of HTTP; text: for people who use the app."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def json_response(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, PRIVATE, JSON)


def no_content() -> Response:
    return Response(status_code=204, headers=PRIVATE)


def accepted() -> Response:
    return Response(status_code=202, headers=PRIVATE, media_type=JSON)


def error(status: int, text: str) -> Response:
    return json_response({"error_message": text}, status)


def unauthorized(*, basic: bool) -> Response:
    """Return 401. basic: with the header by which a browser asks for name and password."""
    answer = error(401, UNAUTHORIZED)
    if basic:
        answer.headers["www-authenticate"] = 'Basic realm="Restricted"'
    return answer


def no_such_call() -> Response:
    return PlainTextResponse("404 page not found\n", 404)


def error_of(exc: UnabridgedError) -> Response:
    """Return an error of this program as Miniflux would: 500 where a site failed, 400 for wrong values."""
    if isinstance(exc, NotFound):
        return error(404, NOT_FOUND)
    if isinstance(exc, FetchError | FeedError) and not isinstance(exc, BadQuery):
        return error(500, str(exc))
    status = status_of(exc)
    return error(400 if status == 422 else status, str(exc))


def moment(at: datetime | None) -> str:
    """Return a time as RFC 3339 in UTC."""
    return NEVER if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
