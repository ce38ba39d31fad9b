"""Description of the API: complete, current, and the same for everybody."""

import json
from pathlib import Path
from typing import Any

from fastapi.openapi.models import OpenAPI

from tests.serve.api.conftest import PROBLEM, Program
from tests.serve.app_routes import walk
from unabridged.api_records.base import is_api
from unabridged.serve.api.openapi import openapi_document, operations
from unabridged.serve.app import create_app

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


def test_the_committed_description_is_that_of_the_routes() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == openapi_document(), "python tools/docs.py"


def test_the_description_is_one_by_the_standard_and_answers_everybody(api: Program) -> None:
    answer = api.client.get("/api/v1/openapi.json")
    assert answer.json() == openapi_document()
    assert OpenAPI.model_validate(answer.json()).openapi.startswith("3.1")


def test_every_route_is_described(api: Program) -> None:
    app = create_app(api.desk.archive, settings=api.desk.settings)
    routes = {
        (method.lower(), route.path)
        for route in walk(app.routes)
        if is_api(route.path)
        for method in route.methods or ()
    }
    described = {
        (method, path) for path, methods in openapi_document()["paths"].items() for method in methods
    }
    assert routes - described == {("get", "/api/v1/openapi.json")}
    assert described <= routes


def test_every_operation_teaches() -> None:
    names = [operation["operationId"] for _, operation in operations(openapi_document())]
    assert len(names) == len(set(names)) > 35
    for method, operation in operations(openapi_document()):
        assert len(operation["summary"].split()) >= 2, operation
        responses = operation["responses"]
        assert {"401", "404", "422", "default"} <= set(responses), operation
        assert ("403" in responses) == (method != "get")
        assert all(PROBLEM in responses[status]["content"] for status in ("401", "404", "422", "default"))


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(one) for one in part.values()))
    return set().union(*(references(one) for one in part)) if isinstance(part, list) else set()


def test_every_schema_is_used_and_explained() -> None:
    schemas = openapi_document()["components"]["schemas"]
    assert references(openapi_document()) == {f"#/components/schemas/{name}" for name in schemas}
    for name, schema in schemas.items():
        assert len(schema["description"].split()) >= 3, name
