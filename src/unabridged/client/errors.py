"""Exceptions of the client, as one tree.

ApiError            the server answered an error; `problem` says which
├── TokenRefused    401: the token is missing, wrong, or was revoked
├── Forbidden       403: the token, or its person, may not do this
├── NoSuchThing     404: nothing like it in this person's library
├── InvalidRequest  413, 422: a value is wrong; `problem.errors` names the fields
├── SiteFailed      502, 504: another site did not answer the server
├── TooBusy         429, 503: too many requests, even after waiting
└── ApiUnreachable  no answer, or one that is not of this API
"""

from collections.abc import Mapping

from unabridged.api_records.base import Problem
from unabridged.errors import UnabridgedError


class ApiError(UnabridgedError):
    """An error that the server answered. problem: its details."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class TokenRefused(ApiError):
    """The token is missing, wrong, or was revoked."""


class Forbidden(ApiError):
    """The token, or its person, may not do this."""


class NoSuchThing(ApiError):
    """Nothing like it in this person's library."""


class InvalidRequest(ApiError):
    """A value of the request is wrong. problem.errors: the fields."""


class SiteFailed(ApiError):
    """Another site did not answer the server."""


class TooBusy(ApiError):
    """Too many requests at the same time, even after waiting."""


class ApiUnreachable(ApiError):
    """No answer, or one that is not of this API: a wrong address, a proxy in front."""


ERRORS: Mapping[int, type[ApiError]] = {
    401: TokenRefused,
    403: Forbidden,
    404: NoSuchThing,
    413: InvalidRequest,
    422: InvalidRequest,
    429: TooBusy,
    502: SiteFailed,
    503: TooBusy,
    504: SiteFailed,
}
"""Status -> exception."""
