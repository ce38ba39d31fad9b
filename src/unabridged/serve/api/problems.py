"""Errors of the API as problem details (RFC 9457)."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from unabridged.api_records.base import Problem, ProblemField

MEDIA_TYPE = "application/problem+json"
MOST_FIELDS = 20
"""Wrong fields that one answer lists."""
NO_HEADERS: Mapping[str, str] = {}

NO_SUCH_CALL = {
    404: "The API has no such address. /api/v1/openapi.json describes it.",
    405: "The API has no such method at this address. /api/v1/openapi.json describes it.",
}
"""Status -> what the API says where no route answers."""

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def kind_of_error(error: Exception) -> str:
    """Return the name of an error's class for programs: "not-found", "fetch-timeout"."""
    return _WORD.sub("-", type(error).__name__).lower()


def problem_response(
    status: int,
    detail: str,
    *,
    kind: str = "",
    errors: Iterable[ProblemField] = (),
    headers: Mapping[str, str] = NO_HEADERS,
) -> Response:
    """Return an error. kind: for programs; by default that of the status."""
    title = HTTPStatus(status).phrase
    problem = Problem(
        type=f"urn:unabridged:problem:{kind or title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        errors=list(errors)[:MOST_FIELDS],
    )
    told = {"cache-control": "no-store", **headers}
    return Response(problem.model_dump_json(), status, told, media_type=MEDIA_TYPE)


def wrong_fields(errors: Iterable[Mapping[str, Any]]) -> list[ProblemField]:
    """Return the fields that a validation found wrong. errors: as pydantic lists them."""
    return [ProblemField(field=_field(one["loc"]) or "body", message=str(one["msg"])[:300]) for one in errors]


def _field(place: Iterable[object]) -> str:
    """Return the name of a field: its place without the part of the request in which it stands."""
    return ".".join(str(part) for part in place if part not in ("query", "path", "body", "header"))[:200]
