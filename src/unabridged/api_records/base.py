"""Base classes of the records, their common field types, and the path of the API."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

PREFIX = "/api/v1"
"""Beginning of all paths of the API."""

MAX_ID = 10**15 - 1
MOST_ARTICLES = 1000
"""Articles that one request marks."""

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def is_api(path: str) -> bool:
    """Say whether a path is one of the API, or below it."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def check_time(at: datetime) -> datetime:
    """Return a time that every time zone can express. Raises ValueError for others."""
    if not EARLIEST <= at <= LATEST:
        raise ValueError("give a time between the years 1900 and 9000")
    return at


Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Time = Annotated[AwareDatetime, AfterValidator(check_time)]
ContentFormat = Literal["html", "markdown", "text"]


class Record(BaseModel):
    """Record of an answer. Fields that a later version adds are ignored by clients."""

    model_config = ConfigDict(frozen=True)


class Request(BaseModel):
    """Body of a request. Unknown fields are refused, so that a typing error does not pass unnoticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProblemField(Record):
    """One field of a request that is wrong. field: its name, with its place in a list ("articles.3")."""

    field: str
    message: str


class Problem(Record):
    """An error (RFC 9457). type: stable, for programs. errors: the fields that are wrong, if some are."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:unabridged:problem:not-found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no article 77.",
                    "errors": [],
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []
