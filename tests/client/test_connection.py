"""Connection of the client: parameters, waiting, errors; against a server that answers what a test says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from aiohttp import web

from tests.serve.running_app import answering, in_thread
from unabridged.api_records.library import Me
from unabridged.client.connection import MAX_WAIT, RETRIES, Connection, as_query, error_of, wait_of
from unabridged.client.errors import (
    ApiError,
    ApiUnreachable,
    Forbidden,
    InvalidRequest,
    NoSuchThing,
    SiteFailed,
    TokenRefused,
    TooBusy,
)

PROBLEM = '{"type": "urn:unabridged:problem:x", "title": "X", "status": 404, "detail": "No such thing."}'
ME = '{"id": 1, "name": "Ada", "role": "admin", "scope": "read", "later": "ignored"}'
Serve = Callable[[list[web.Response]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer the requests to a server one after the other, the last answer again and again."""
    services = []

    def start(answers: list[web.Response]) -> str:
        async def answer(_request: web.Request) -> web.StreamResponse:
            one = answers.pop(0) if len(answers) > 1 else answers[0]
            return web.Response(status=one.status, text=one.text, headers=one.headers)

        service = in_thread(answering(answer))
        services.append(service)
        address: str = service.__enter__()
        return address

    yield start
    for service in services:
        service.__exit__(None, None, None)


def test_parameters_that_say_nothing_are_left_out() -> None:
    at = datetime(2026, 3, 20, tzinfo=UTC)
    given = {"feed": 1, "unread": True, "starred": False, "tag": None, "since": at}
    assert as_query({"kind": ["a", "b"]}) == {"kind": ["a", "b"]}
    assert as_query(given) == {"feed": "1", "unread": "true", "since": "2026-03-20T00:00:00+00:00"}
    with pytest.raises(ValueError, match="zone"):
        as_query({"since": datetime(2026, 3, 20)})  # noqa: DTZ001


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2.0), ("900", MAX_WAIT), ("-3", 0.0), ("Fri, 20 Mar 2026", 1.0), (None, 1.0)],
)
def test_a_busy_server_says_how_long_to_wait(header: str | None, seconds: float) -> None:
    assert wait_of(httpx.Response(503, headers={"retry-after": header} if header else {})) == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, TokenRefused),
        (403, Forbidden),
        (404, NoSuchThing),
        (413, InvalidRequest),
        (422, InvalidRequest),
        (502, SiteFailed),
        (503, TooBusy),
        (418, ApiError),
    ],
)
def test_each_status_has_its_exception(status: int, kind: type[ApiError]) -> None:
    request = httpx.Request("GET", "http://x.example/api/v1/me")
    found = error_of(httpx.Response(status, text=PROBLEM, request=request))
    assert type(found) is kind
    assert (str(found), found.problem.type) == ("No such thing.", "urn:unabridged:problem:x")
    other = error_of(httpx.Response(status, text="<html>", request=request))
    assert type(other) is ApiUnreachable and str(status) in str(other)


def test_a_busy_server_is_asked_again_after_the_time_that_it_names(serve: Serve) -> None:
    busy = web.Response(status=503, text=PROBLEM, headers={"retry-after": "2"})
    waits: list[float] = []
    with Connection(serve([busy, busy, web.Response(text=ME)]), "t", sleep=waits.append) as connection:
        assert connection.get("/me", Me).name == "Ada"
    assert waits == [2.0, 2.0]


def test_a_server_that_stays_busy_is_given_up(serve: Serve) -> None:
    waits: list[float] = []
    busy = web.Response(status=429, text=PROBLEM)
    with (
        Connection(serve([busy]), "t", sleep=waits.append) as connection,
        pytest.raises(TooBusy, match="No such thing"),
    ):
        connection.get("/me", Me)
    assert len(waits) == RETRIES


@pytest.mark.parametrize("text", ["<html>a proxy</html>", "[]", '{"id": "x"}'])
def test_an_answer_of_something_else_is_told(serve: Serve, text: str) -> None:
    with Connection(serve([web.Response(text=text)]), "t") as connection, pytest.raises(ApiUnreachable):
        connection.get("/me", Me)


def test_no_answer_is_told() -> None:
    with (
        Connection("http://127.0.0.1:47999", "t") as connection,
        pytest.raises(ApiUnreachable, match="47999"),
    ):
        connection.get("/me", Me)
