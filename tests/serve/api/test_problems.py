"""Problem details: their form, their names for programs, the fields that are wrong."""

import json
from typing import Any

import pytest

from unabridged.errors import BadQuery, FetchTimeout, InvalidURL, NotFound
from unabridged.serve.api.problems import MOST_FIELDS, kind_of_error, problem_response, wrong_fields


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NotFound("x"), "not-found"),
        (FetchTimeout("https://x.example", "x"), "fetch-timeout"),
        (InvalidURL("x", "y"), "invalid-url"),
        (BadQuery("x"), "bad-query"),
    ],
)
def test_the_class_of_an_error_is_its_name_for_programs(error: Exception, kind: str) -> None:
    assert kind_of_error(error) == kind


def test_a_problem_has_the_members_of_the_standard() -> None:
    answer = problem_response(422, "No.", kind="bad-query", headers={"retry-after": "2"})
    assert answer.media_type == "application/problem+json"
    assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("2", "no-store")
    assert json.loads(bytes(answer.body)) == {
        "type": "urn:unabridged:problem:bad-query",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "No.",
        "errors": [],
    }


def test_fields_are_named_without_the_part_of_the_request() -> None:
    errors: list[dict[str, Any]] = [
        {"loc": ("body", "articles", 3), "msg": "Too large"},
        {"loc": ("query", "limit"), "msg": "m" * 1000},
        {"loc": ("body",), "msg": "Missing"},
    ]
    found = wrong_fields(errors)
    assert [one.field for one in found] == ["articles.3", "limit", "body"]
    assert len(found[1].message) == 300
    many = problem_response(422, "No.", errors=wrong_fields(errors * 20))
    assert len(json.loads(bytes(many.body))["errors"]) == MOST_FIELDS
