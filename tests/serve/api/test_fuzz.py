"""Requests made from the description of the API: no 5xx of our own, and every answer is as described."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.serve.api.conftest import PROBLEM, Program, filled, program_on
from tests.serve.running_app import NOW
from unabridged.archive.facade.archive import Archive
from unabridged.serve.api.openapi import openapi_document
from unabridged.text.quotes import Quote

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
UNREACHABLE = "http://127.0.0.1:47999"
"""Nothing listens there: what the server is asked to fetch leads to this machine."""


Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]


@dataclass
class Tally:
    """Answers by status."""

    statuses: dict[int, int] = field(default_factory=dict)

    def count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


@pytest.fixture
def fuzzed(archive: Archive, tmp_path: Path) -> Iterator[Program]:
    """A program on an archive that has one of everything under the number 1 or 3."""
    desk = filled(archive, tmp_path)
    mine = archive.library()
    mine.tags.add([3], ["harbour"], now=NOW)
    mine.searches.add("s", "story", now=NOW)
    mine.highlights.add(1, 1, Quote(exact="second one"), now=NOW)
    with program_on(desk) as program:
        yield program


@cache
def operations() -> list[Operation]:
    # Without the part about tokens: else other tokens are sent, too (tests/serve/api/test_access.py).
    document = {name: part for name, part in openapi_document().items() if name != "security"}
    schema = schemathesis.openapi.from_dict(document)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def cases(operation: Operation) -> st.SearchStrategy[Case]:
    """Return cases that fit the description, on things that are there or not, and some that do not fit."""
    known = {one.name: 1 for one in operation.path_parameters}
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    strategies = [operation.as_strategy(mode) for mode in modes]
    if known:
        strategies.append(operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known))
    return st.one_of(strategies)


def stay_here(case: Case) -> Case:
    """Let the addresses that the server would fetch lead to this machine."""
    for part in (case.query, case.body):
        url = part.get("url") if isinstance(part, dict) else None
        if isinstance(part, dict) and isinstance(url, str):
            part["url"] = f"{UNREACHABLE}/{quote(url[:200], safe='', errors='replace')}"
    return case


def fuzz(program: Program, examples: int) -> Tally:
    """Send cases of every operation, and check each answer."""
    tally = Tally()
    address = str(program.client.base_url).rstrip("/")
    headers = {"Authorization": f"Bearer {program.secret}"}
    with requests.Session() as session:
        session.trust_env = False
        for operation in operations():

            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=cases(operation))
            def send(case: Case) -> None:
                answer = stay_here(case).call(base_url=address, session=session, headers=headers)
                tally.count(answer.status_code)
                assert "Traceback" not in answer.text, case.as_curl_command()
                is_fetched = answer.status_code in (502, 504) and PROBLEM in answer.headers["content-type"]
                case.validate_response(answer, checks=CHECKS[1:] if is_fetched else CHECKS)

            send()
    return tally


def test_a_writing_token_meets_no_fault(fuzzed: Program) -> None:
    found = fuzz(fuzzed, 3).statuses
    assert {200, 404, 422} <= set(found)
    assert sum(found.values()) > 2 * len(operations())


def test_a_reading_token_meets_no_fault_and_changes_nothing(fuzzed: Program) -> None:
    reading = fuzzed.of(fuzzed.desk.archive.library().tokens.add("reader", "read", now=NOW).secret)
    before = counts(reading)
    found = fuzz(reading, 1).statuses
    assert {200, 403} <= set(found) and not {201, 204} & set(found)
    assert counts(reading) == before


def counts(program: Program) -> object:
    mine = program.desk.archive.library()
    return (mine.counts(), mine.tags.all(), mine.searches.all(), mine.highlights.by_article())


@pytest.mark.long
def test_thousands_of_requests_meet_no_fault(fuzzed: Program) -> None:
    assert sum(fuzz(fuzzed, 120).statuses.values()) > 4000
