"""Description of the API (OpenAPI 3.1), made from its routes, and the route that answers it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from unabridged.api_records.base import PREFIX, Problem
from unabridged.serve.api.problems import MEDIA_TYPE
from unabridged.serve.api.routes import (
    account,
    articles,
    events,
    feeds,
    folders,
    health,
    highlights,
    marks,
    rules,
    save,
    search,
    searches,
    stories,
    tags,
    versions,
)

router = APIRouter(prefix=PREFIX)

ROUTERS: tuple[APIRouter, ...] = (
    *(
        one.router
        for one in (
            *(account, articles, versions, stories, events, search, save),
            *(marks, tags, searches, rules, highlights),
            *(feeds, folders, health),
        )
    ),
    events.streams,
)

DESCRIPTION = """Everything of a person's library as JSON.

Send a token as `Authorization: Bearer unabridged_…`. The page of your account makes one, as does
`unabridged token add NAME`. A token of the scope `read` may only read. No cookie counts.

Lists come in pages: send the `next` of one page as `cursor` for the next. Errors are problem details
(RFC 9457); their `type` is stable. Answers to GET carry an `ETag`. Times are ISO 8601 with a zone. After
429 and 503, wait for the seconds of `Retry-After`."""

PROBLEMS: Mapping[str, str] = {
    "401": "The token is missing, wrong, or was revoked.",
    "403": "The token, or its person, may not do this.",
    "404": "There is no such thing in this person's library, or the cursor is of another list.",
    "413": "The body is too large.",
    "422": "A value is wrong; `errors` names the fields.",
    "429": "Too many requests of this person that read other sites; wait for the seconds of `Retry-After`.",
    "503": "Too many requests at once; wait for the seconds of `Retry-After`.",
    "default": "Another error: a site that does not answer (502, 504).",
}
"""Status -> description, of the errors that routes may answer."""

ONLY_CHANGES = frozenset({"403", "413"})
"""Those of routes that change something."""


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the method and the description of each operation of a document."""
    for path in document["paths"].values():
        yield from path.items()


@cache
def openapi_document() -> dict[str, Any]:
    """Return the description of the API."""
    document = get_openapi(
        title="Unabridged",
        version="1",
        summary="Whole articles from your feeds, with every version seen.",
        description=DESCRIPTION,
        routes=[route for one in ROUTERS for route in one.routes],
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    for method, operation in operations(document):
        operation["summary"] = operation["description"].partition(".")[0]
        operation["responses"] = _with_problems(operation["responses"], changes=method != "get")
    return document


def _with_problems(responses: Mapping[str, Any], *, changes: bool) -> dict[str, Any]:
    """Return the responses of an operation with the errors that it may answer."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    errors = {
        status: {"description": text, "content": problem}
        for status, text in PROBLEMS.items()
        if changes or status not in ONLY_CHANGES
    }
    return {status: one for status, one in responses.items() if status != "422"} | errors


@router.get("/openapi.json")
def openapi() -> Response:
    """Return the description of the API, the same for everybody."""
    return JSONResponse(openapi_document(), headers={"cache-control": "public, max-age=3600"})


def api_routes() -> list[APIRoute]:
    """Return the routes of the API."""
    return [route for one in (*ROUTERS, router) for route in one.routes if isinstance(route, APIRoute)]
