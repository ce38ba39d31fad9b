"""Messages between the feed reader and its child process."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.errors import FeedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A document to be read as a feed. max_bytes: cap on its size."""

    data: bytes
    url: str
    content_type: str | None
    now: datetime | None
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way through the pipe: exceptions with their own arguments do not pickle."""

    kind: type[FeedError]
    message: str
    facts: dict[str, object]
