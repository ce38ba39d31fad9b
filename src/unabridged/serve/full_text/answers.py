"""HTTP answers of the full-text services: their headers, and their errors with a true status."""

from collections.abc import Mapping

from starlette.responses import Response

from unabridged.errors import UnabridgedError
from unabridged.serve.error_pages import status_of
from unabridged.serve.full_text.admission import Caller, NotAdmitted
from unabridged.serve.full_text.reading import CACHE_TIME

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json"
VARY = "Accept, Authorization, X-Api-Key"


def answer_headers(caller: Caller) -> dict[str, str]:
    """Return the headers of an answer: any page and cache may have what no login has opened."""
    seconds = int(CACHE_TIME.total_seconds())
    if not caller.is_public:
        return {"cache-control": f"private, max-age={seconds}", "vary": VARY}
    return {
        "cache-control": f"public, max-age={seconds}",
        "vary": VARY,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }


def error_status(error: UnabridgedError | NotAdmitted) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, NotAdmitted):
        return error.status
    return status_of(error)


def error_headers(error: UnabridgedError | NotAdmitted, *, asks_login: bool) -> dict[str, str]:
    """Return the headers of an error. asks_login: the client may ask its user for a password."""
    found = {"cache-control": "no-store", "vary": VARY}
    if isinstance(error, NotAdmitted) and error.retry_after:
        found["retry-after"] = str(error.retry_after)
    if error_status(error) == 401 and asks_login:
        found["www-authenticate"] = 'Basic realm="Unabridged", charset="UTF-8"'
    return found


def plain_error(
    error: UnabridgedError | NotAdmitted, headers: Mapping[str, str], text: str | None = None
) -> Response:
    """Return an error as a line of text. headers: of the request. text: in the place of the error's own."""
    shown = (text or str(error)).encode("utf-8", "replace") + b"\n"
    asks_login = "sec-fetch-mode" not in headers  # in a browser a window would open
    answer = error_headers(error, asks_login=asks_login)
    return Response(shown, error_status(error), answer, media_type=PLAIN)
