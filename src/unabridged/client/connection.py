"""HTTP connection of the client: requests, waiting where the server is busy, errors, pages of lists."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from unabridged.api_records.base import PREFIX, Problem
from unabridged.client.errors import ERRORS, ApiError, ApiUnreachable

RETRIES = 3
"""Times that a request is sent again to a busy server."""
MAX_WAIT = 30.0
"""Seconds of the longest wait before one of them."""
TIMEOUT = 150.0
"""Seconds without an answer: some requests have the server read other sites."""

STREAM_SILENCE = 45.0
"""Seconds without a sign of life after which a stream of events counts as broken: three of its signs."""

BUSY = frozenset({429, 503})

Answer = TypeVar("Answer", bound=BaseModel)
Params = Mapping[str, object]
NO_PARAMS: Params = {}


def as_query(params: Params) -> dict[str, str | list[str]]:
    """Return the parameters of an address: times with their zone, false ones and None left out.

    A list gives a parameter that is repeated.
    """
    return {
        name: list(map(_as_text, value)) if isinstance(value, list) else _as_text(value)
        for name, value in params.items()
        if value is not None and value is not False
    }


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("Give times with a zone: datetime(2026, 3, 20, tzinfo=UTC).")
        return value.isoformat()
    return "true" if value is True else str(value)


def wait_of(answer: httpx.Response) -> float:
    """Return the seconds that a busy server asks to wait, within MAX_WAIT."""
    try:
        return max(0.0, min(float(answer.headers.get("retry-after", "1")), MAX_WAIT))
    except ValueError:
        return 1.0


class Connection:
    """Connection to one server with one token. sleep: waits for seconds."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=address.rstrip("/") + PREFIX,
            headers={"Authorization": f"Bearer {token}", "User-Agent": "unabridged-client"},
            timeout=timeout,
        )
        self._sleep = sleep
        self._timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, kind: type[Answer], params: Params = NO_PARAMS) -> Answer:
        """Return the record at a path. Raises ApiError."""
        return self._read(self._send("GET", path, params=as_query(params)), kind)

    def send(self, method: str, path: str, kind: type[Answer], body: BaseModel) -> Answer:
        """Send a record, and return the one that answers it. Fields that were not set are left out.

        Raises ApiError.
        """
        sent = body.model_dump(mode="json", exclude_unset=True)
        return self._read(self._send(method, path, json=sent), kind)

    def delete(self, path: str) -> None:
        """Delete what is at a path. Raises ApiError."""
        self._send("DELETE", path)

    def pages(self, path: str, kind: type[Answer], params: Params = NO_PARAMS) -> Iterator[Answer]:
        """Yield the pages of a list, each asked for when it is needed. Raises ApiError."""
        cursor: str | None = None
        while True:
            page = self.get(path, kind, {**params, "cursor": cursor})
            yield page
            cursor = getattr(page, "next", None)
            if cursor is None:
                return

    def stream(self, path: str, params: Params = NO_PARAMS) -> Iterator[tuple[str, str]]:
        """Yield the fields of a stream of server-sent events (name, value) until it ends. Raises ApiError."""
        timeout = httpx.Timeout(self._timeout, read=STREAM_SILENCE)
        try:
            with self._http.stream("GET", path, params=as_query(params), timeout=timeout) as answer:
                if not answer.is_success:
                    answer.read()
                    raise error_of(answer)
                for line in answer.iter_lines():
                    name, _, value = line.partition(":")
                    if name:
                        yield name, value.removeprefix(" ")
        except httpx.HTTPError as exc:
            raise ApiUnreachable(
                _unreachable(0, f"The stream of {self._http.base_url} ended: {exc}.")
            ) from exc

    def _send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Send a request, again while the server is busy. Raises ApiError."""
        for left in range(RETRIES, -1, -1):
            try:
                answer = self._http.request(method, path, **sent)
            except httpx.HTTPError as exc:
                raise ApiUnreachable(
                    _unreachable(0, f"{self._http.base_url} does not answer: {exc}.")
                ) from exc
            if answer.status_code not in BUSY or not left:
                break
            self._sleep(wait_of(answer))
        if not answer.is_success:
            raise error_of(answer)
        return answer

    def _read(self, answer: httpx.Response, kind: type[Answer]) -> Answer:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as exc:
            told = f"The answer of {answer.url} is not one of this API: {str(exc).splitlines()[0]}."
            raise ApiUnreachable(_unreachable(answer.status_code, told)) from exc


def error_of(answer: httpx.Response) -> ApiError:
    """Return the exception for an answer that is an error."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        told = f"{answer.url} answered {answer.status_code}, and not as this API does. Is the address right?"
        return ApiUnreachable(_unreachable(answer.status_code, told))
    return ERRORS.get(answer.status_code, ApiError)(problem)


def _unreachable(status: int, detail: str) -> Problem:
    return Problem(
        type="urn:unabridged:problem:unreachable", title="Unreachable", status=status, detail=detail
    )
